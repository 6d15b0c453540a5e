"""Other servers as a whole: what is decided about them, and how it goes with them."""
