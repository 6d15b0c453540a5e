"""A post: from its draft or its arrival to its deletion, and as its readers see it. Each verb is a module of its own."""
