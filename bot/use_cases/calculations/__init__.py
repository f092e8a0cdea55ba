"""The credit manager's calculator: every figure of the handbook by name, from typed values."""
