"""Pages of candidates, and of the partners who search for them."""
