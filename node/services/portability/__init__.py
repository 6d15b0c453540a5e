"""Taking one's things along: lists as files that other servers read too, and the other way round (ADR 31)."""
