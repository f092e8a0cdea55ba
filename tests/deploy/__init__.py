"""What docs/deploy ships was run: units verified, the proxy started."""
