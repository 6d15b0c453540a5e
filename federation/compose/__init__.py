"""What is said to other nodes: for each kind of job the activity and its inboxes, read from the rows of one moment."""
