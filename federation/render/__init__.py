"""Our accounts and statuses as ActivityStreams documents."""
