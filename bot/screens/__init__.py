"""What the user sees: values in, screens out."""
