"""The credit manager's store: what comes in from it and what goes back."""
