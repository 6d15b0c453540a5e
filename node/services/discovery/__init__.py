"""Finding what one does not follow yet: search, hashtags, trends, suggestions."""
