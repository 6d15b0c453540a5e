"""What this is called, and which release it is; a test keeps it and pyproject.toml alike."""

NAME = "Linnet"
VERSION = "0.1.0"
