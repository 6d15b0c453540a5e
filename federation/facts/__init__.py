"""From what strangers say, once parsed, to what is stored of it."""
