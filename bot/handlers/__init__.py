"""What a tap or a message wakes: one module per subject."""
