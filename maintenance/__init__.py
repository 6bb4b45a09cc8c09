"""Changes that clients may notice: what they would do, when they are allowed, who was told."""
