"""Early-warning rules, evaluation, routing: pure."""
