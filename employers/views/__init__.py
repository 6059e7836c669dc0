"""Pages of an employer's people."""
