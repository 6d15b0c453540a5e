"""Letters to people, sent by a job. Without a mail server nothing is written: one-time links do its work."""

from node import site
from node.jobs import JobKind, Priority, enqueue
from node.models import User
from node.services.access import preferences
from node.services.community import settings
from node.speech import said_in

MAX_ADDRESS_CHARS = 254  # RFC 5321, section 4.5.3.1.3


def send(user: User, subject: str, text: str, *, to: str = "") -> None:
    """In the language of the login, to its address or another one. Does nothing on a node without a mail server."""
    if site.sends_mail:
        title, language = settings.current().title, preferences.language_of(user)
        letter = {
            "to": to or user.email or "",
            "subject": f"{title}: {said_in(language, subject)}",
            "text": f"{said_in(language, text)}\n\n-- \n{title}\n{site.base_url}\n",
        }
        enqueue(JobKind.SEND_MAIL, payload=letter, priority=Priority.URGENT)
