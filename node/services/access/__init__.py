"""Who comes in, and as whom: registration, sign-in, sessions, apps and what they may do."""
