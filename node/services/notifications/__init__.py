"""Telling people what concerns them: here, to their apps, and as much of it as they want."""
