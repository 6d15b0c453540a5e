"""Files: what people upload, what is handed out, and what other servers have, fetched on behalf of our readers."""
