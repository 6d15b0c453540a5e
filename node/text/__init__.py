"""Pure functions on text: what people write becomes HTML, what others send becomes harmless."""
