"""One plain function per model: it saves a thing that is right in every other respect."""
