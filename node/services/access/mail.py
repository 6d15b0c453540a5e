"""Letters to people, sent by a job. Without a mail server nothing is written: one-time links do its work."""

from node import site
from node.jobs import JobKind, Priority, enqueue
from node.services.community import settings

MAX_ADDRESS_CHARS = 254  # RFC 5321, section 4.5.3.1.3


def send(to: str, subject: str, text: str) -> None:
    """Does nothing on a node without a mail server."""
    if site.sends_mail:
        title = settings.current().title
        letter = {"to": to, "subject": f"{title}: {subject}", "text": f"{text}\n\n-- \n{title}\n{site.base_url}\n"}
        enqueue(JobKind.SEND_MAIL, payload=letter, priority=Priority.URGENT)
