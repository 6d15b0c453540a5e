"""What a community decides and shows of itself, and what keeps its node in order."""
