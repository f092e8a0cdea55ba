"""Benchmarks: the product beside what one would write without it, in rounds that take turns."""
