"""Sends letters by SMTP: the handler of the job that node/services/access/mail.py enqueues."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib

from node.config import Config, host_without_port
from node.errors import Unavailable
from node.jobs import TakenJob

_TIMEOUT_SECONDS = 20


async def send(config: Config, job: TakenJob) -> None:
    """Unavailable while the mail server does not take it; then the job comes again."""
    letter = job.payload
    message = EmailMessage()
    message["From"] = config.mail_from
    message["To"] = letter["to"]
    message["Subject"] = letter["subject"]
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=host_without_port(config.domain))
    message.set_content(letter["text"])
    server = urlsplit(config.smtp_url)
    tls = server.scheme == "smtps"
    try:
        await aiosmtplib.send(
            message,
            hostname=server.hostname,
            port=server.port or (465 if tls else 587),
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=tls,
            timeout=_TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Unavailable("The mail server did not take a letter.") from error
