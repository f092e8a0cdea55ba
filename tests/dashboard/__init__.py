"""Tests of the dashboard: its sums, its figures, its screens, its charts and workbooks."""
