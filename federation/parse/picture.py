"""Pictures that belong to something: avatars, headers, emoji, thumbnails."""

from dataclasses import dataclass

from federation.parse import as2

MAX_DESCRIPTION = 10_000  # code points


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedPicture:
    url: str = ""
    description: str = ""


NO_PICTURE = ParsedPicture()


def parse_picture(value: object) -> ParsedPicture:
    """`icon` or `image`: an Image, a list that begins with one, or an address; its `url` may be a list of Links."""
    picture = as2.one(value)
    if type(picture) is not dict:
        address = as2.uri(picture)
        return ParsedPicture(url=address) if address else NO_PICTURE
    url = file_of(picture.get("url")) or as2.uri(picture.get("href"))
    return ParsedPicture(url=url, description=description_of(picture)) if url else NO_PICTURE


def file_of(value: object) -> str:
    """The first address in the `url` of a file."""
    if type(value) is str:
        return as2.uri(value)
    return next((href for item in as2.many(value, 50) if (href := as2.link_href(item))), "")


def description_of(document: as2.Document) -> str:
    """The alternative text: `summary` of GoToSocial, Honk and new Mastodons, else `name`."""
    summary = as2.natural(document, "summary", MAX_DESCRIPTION)
    return summary or as2.natural(document, "name", MAX_DESCRIPTION)
