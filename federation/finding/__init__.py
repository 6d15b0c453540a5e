"""Who and what is meant: from a handle, an address or a key to an account or a status."""
