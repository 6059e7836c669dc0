"""Who gets what from which address."""

ROLES = ("anonymous", "outsider", "viewer", "editor", "owner", "ungrouped", "reviewer", "manager")
ACCESS: dict[str, tuple[str, str]] = {}
