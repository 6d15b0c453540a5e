"""Verbs: what happens, in one transaction each. Callers open it; services never commit and never wait."""
