"""What the database holds, as the client API shows it: a module for each page of docs.joinmastodon.org/entities."""
