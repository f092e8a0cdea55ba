"""Knowledge in the pocket: short cards of credit law and practice, searchable by word."""
