"""What the Inspektorat sees: late cases, held messages, late defects, redrawn desks."""
