"""What people do with statuses of others: favour, boost, react, vote, keep, pin."""
