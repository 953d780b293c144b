"""Photos and documents that people hand in: checked, stripped, stored, and served without danger."""
