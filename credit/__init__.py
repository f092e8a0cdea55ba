"""What is true: pure values and rules of credit management."""
