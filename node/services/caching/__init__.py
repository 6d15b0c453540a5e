"""What is remembered between requests, and how it is forgotten when another process changes it."""
