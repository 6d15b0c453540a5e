"""Archives of an account: writing them, and reading those of strangers."""
