"""What the staff sees and decides about people; every decision is recorded."""
