"""What people write down about others, for themselves alone."""

from node.errors import Invalid, NotFound
from node.models import AccountNote
from node.services.accounts import lookup
from node.speech import said

MAX_CHARS = 2_000


def write(account_id: int, target_id: int, comment: str) -> None:
    """An empty comment removes the note."""
    if lookup.by_id(target_id) is None:
        raise NotFound(lookup.NOT_FOUND)
    if len(comment) > MAX_CHARS:
        message = said("is too long (maximum is %(most)s characters)", most=MAX_CHARS)
        raise Invalid(f"Validation failed: Comment {message}", {"comment": message})
    mine = (AccountNote.account == account_id) & (AccountNote.target == target_id)
    if not comment.strip():
        AccountNote.delete().where(mine).execute()
        return
    row = {"account": account_id, "target": target_id, "comment": comment}
    if not AccountNote.insert(**row).on_conflict_ignore().as_rowcount().execute():
        AccountNote.update(comment=comment).where(mine).execute()
