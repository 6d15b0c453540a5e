"""What can go wrong by somebody else's doing. `web/middleware.py` alone turns these into HTTP."""


class NodeError(Exception):
    """A refusal with a message that is safe to show. Details belong in the log."""

    @property
    def sentence(self) -> str:
        """The message as pages say it in the reader's language (node/speech.py); `str(self)` is English."""
        return self.args[0] if self.args else ""


class BadInput(NodeError):
    """The request cannot be understood."""


class Unauthorized(NodeError):
    """Nobody is signed in, or the signature proves nothing."""


class Forbidden(NodeError):
    """Somebody is signed in and may not do this."""


class NotFound(NodeError):
    """There is nothing here, or nothing that this reader may know of: both look the same."""


class Gone(NodeError):
    """It was here and has been deleted."""


class Invalid(NodeError):
    """The request breaks a rule of the domain. `fields` maps a field's name to what is wrong with it."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class TooMany(NodeError):
    """Slow down; `retry_after_seconds` says for how long."""

    def __init__(self, message: str, retry_after_seconds: int = 60) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(NodeError):
    """Something that the answer needs does not work just now; the same request may work later."""

    def __init__(self, message: str, retry_after_seconds: int = 30) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
