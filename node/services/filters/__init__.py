"""What people do not want to read, or not before they ask for it (docs/adr/0027)."""
