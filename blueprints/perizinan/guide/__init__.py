"""What everybody may read of a permit before applying: what it needs, costs and takes, and where it really belongs."""
