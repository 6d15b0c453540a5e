"""Direct messages, by conversation and one by one."""
