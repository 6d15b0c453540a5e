"""Accounts for which several people speak: who they are, and who did what (docs/adr/0047-organisations.md)."""
