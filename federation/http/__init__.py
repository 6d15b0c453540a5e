"""The way out: one door for every request to another server, and how much may be asked through it."""
