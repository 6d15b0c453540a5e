"""What goes out: to whom, in which order, and until it arrived."""
