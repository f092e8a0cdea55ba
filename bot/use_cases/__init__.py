"""One module per subject, one function per user intention."""
