"""What can go wrong when we ask other servers. All are `Unavailable` to a person who waits for the answer."""

from node.errors import Unavailable


class FetchError(Unavailable):
    """Why there is no answer to use. The message is safe to show, to people and to the administrator."""

    @property
    def temporary(self) -> bool:
        """Whether the same request may succeed later."""
        return False


class Refused(FetchError):
    """We do not ask: a private address, our own host, another scheme, a redirect that leads astray."""


class NetworkFailure(FetchError):
    """No answer: the name, the connection, its encryption or the transfer failed."""

    @property
    def temporary(self) -> bool:
        return True


class TimedOut(NetworkFailure):
    """No complete answer within the deadline."""


class TooLarge(FetchError):
    """The answer is larger than we are willing to read, after decompression."""


class BadDocument(FetchError):
    """There is an answer, but not the document that was asked for: wrong type, broken, or about something else."""


# For an administrator who does not know the numbers.
_MEANINGS = {
    401: "it does not accept our signature",
    403: "it does not want to hear from us",
    404: "there is nothing at that address",
    410: "what was there is gone",
    429: "we send too much for it",
    500: "it has a fault of its own",
    502: "the server behind its front is not running",
    503: "it is overloaded or being worked on",
    504: "the server behind its front does not answer",
}


class BadStatus(FetchError):
    """An answer that is not 2xx. `retry_after` is in seconds, as the peer asked for, or None.

    `ahead_minutes` is how far our clock is ahead of the peer's, negative if behind, as far as it told.
    """

    def __init__(self, host: str, status: int, retry_after: int | None = None, *, ahead_minutes: int = 0) -> None:
        meaning = _MEANINGS.get(status)
        if status == 401 and ahead_minutes:
            where = "ahead of" if ahead_minutes > 0 else "behind"
            meaning = f"{meaning}, and our clock is {abs(ahead_minutes)} minutes {where} its"
        super().__init__(f"{host} answers {status}{f': {meaning}' if meaning else ''}.")
        self.status = status
        self.retry_after = retry_after

    @property
    def temporary(self) -> bool:
        """As Mastodon sees it (FEDERATION.md, Delivery)."""
        return self.status in (401, 408, 429) or (self.status >= 500 and self.status != 501)
