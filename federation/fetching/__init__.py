"""Jobs that ask other servers for more than what they sent."""
