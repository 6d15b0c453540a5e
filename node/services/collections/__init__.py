"""Collections: whom people recommend, with the consent of those recommended (docs/adr/0029-collections.md)."""
