"""What time makes useless is removed: links, codes and sessions that ran out, addresses of networks, unused apps."""

from node import clock
from node.models import Session, User
from node.services import mutes, oauth, one_time_links, sessions, settings


def tidy() -> dict[str, int]:
    """Run about once an hour; how much went, by what it was. Doing it twice changes nothing."""
    return {
        "one_time_links": one_time_links.delete_expired(),
        "authorization_codes": oauth.delete_expired(),
        "apps": oauth.delete_unused_apps(),
        "sessions": sessions.delete_expired(),
        "mutes": mutes.delete_expired(),
        "addresses": _forget_addresses(),
    }


def _forget_addresses() -> int:
    oldest = clock.now_ms() - settings.current().address_days * clock.DAY
    of_sign_ups = User.update(sign_up_ip="").where(User.created_at < oldest, User.sign_up_ip != "").execute()
    of_sessions = Session.update(ip="").where(Session.seen_at < oldest, Session.ip != "").execute()
    return int(of_sign_ups) + int(of_sessions)
