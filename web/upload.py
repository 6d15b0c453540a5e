"""A file that came with a form."""


class Upload:
    """Its type is what its content says (node/media/probe.py); what the client called it is a hint at most."""

    __slots__ = ("data", "filename")

    def __init__(self, data: bytes, filename: str = "") -> None:
        self.data = data
        self.filename = filename

    def __bool__(self) -> bool:
        """Browsers send an empty file for a field that nothing was chosen for."""
        return bool(self.data)
