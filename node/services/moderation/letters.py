"""Letters about decisions: to whom they are about, and to those who are to decide."""

from node.models import MemberRole, Membership, Role, User
from node.services.access import mail, preferences
from node.speech import said, said_in


def to_account(account_id: int, subject: str, what: str, text: str = "", address: str = "") -> None:
    """To whose account it is, of an organisation to its owners, if their address is proven; `text` is somebody's own."""
    where = said("Read it and answer: %(address)s", address=address) if address else ""
    query = User.select().join(Membership, on=(Membership.user == User.id))
    query = query.where(Membership.role.in_([MemberRole.SELF, MemberRole.OWNER]))
    for user in query.where(Membership.account == account_id, User.email_key.is_null(False)):
        language = preferences.language_of(user)
        parts = (said_in(language, what), text.strip(), said_in(language, where))
        mail.send(user, subject, "\n\n".join(filter(None, parts)))


def to_staff(subject: str, text: str) -> None:
    staff = User.select().where(
        User.role.in_([str(Role.MODERATOR), str(Role.ADMIN)]),
        User.disabled_at.is_null(),
        User.email_key.is_null(False),
    )
    for user in staff:
        mail.send(user, subject, text)
