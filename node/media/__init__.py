"""Pictures: told by their content, re-encoded in a process of their own, kept where nobody can guess."""
