"""The end of speaking for an account: at once, for browsers, apps and streams alike."""

from node.models import (
    AuthorizationCode,
    MailNotice,
    MemberRole,
    Membership,
    PushSubscription,
    Session,
    Token,
)
from node.services.access import password, sessions, signed_in


def end(user_id: int, account_id: int) -> None:
    """A login does not act for an organisation any more. Its browsers go on as the person."""
    tokens = (Token.user == user_id) & (Token.account == account_id)
    for token in Token.select(Token.id).where(tokens):
        signed_in.token_ended(token.id)
    Token.delete().where(tokens).execute()
    AuthorizationCode.delete().where(
        AuthorizationCode.user == user_id, AuthorizationCode.account == account_id
    ).execute()
    MailNotice.delete().where(MailNotice.user == user_id, MailNotice.account == account_id).execute()
    own = Session.select(Session.id).where(Session.user == user_id)
    PushSubscription.delete().where(
        PushSubscription.account == account_id, PushSubscription.session.in_(own)
    ).execute()
    home = Membership.select(Membership.account).where(Membership.user == user_id, Membership.role == MemberRole.SELF)
    for session in Session.select(Session.id).where(Session.user == user_id, Session.account == account_id):
        Session.update(account=home).where(Session.id == session.id).execute()
        signed_in.session_ended(session.id)
    signed_in.user_changed(user_id)


def end_all(account_id: int) -> None:
    """Nobody acts for it any more. Whose own account it is acts for no organisation either."""
    for row in list(Membership.select().where(Membership.account == account_id)):
        if row.role == MemberRole.SELF:
            sessions.end_all_but(row.user)
            password.end_tokens(row.user)
            MailNotice.delete().where(MailNotice.user == row.user, MailNotice.account != account_id).execute()
        else:
            end(row.user, account_id)
