"""The fictional wholesaler of the demo: its people, its customers, its two years of ledger."""
