"""What needs a yes: policies of authors, quotes, answers to those who want to be asked (docs/adr/0019-approvals.md)."""
