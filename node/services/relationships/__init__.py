"""How one account stands to another, besides following (node/services/follows)."""
