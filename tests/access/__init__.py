"""Who may do what, tried on everything the product can be woken by."""
