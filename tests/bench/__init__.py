"""`make bench`: what operations cost a node, measured from outside with a small fediverse on loopback."""
