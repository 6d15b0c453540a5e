"""Whether what is said to be a stamp is one: fetched from the host of whoever is to have given it."""

from federation import uris
from federation.context import Federation
from federation.errors import BadDocument, BadStatus, Refused
from federation.http.budget import Budget
from federation.http.documents import fetch_json_ld
from federation.parse.stamp import ParsedStamp, parse_stamp
from node.errors import BadInput


async def is_true(fed: Federation, wanted: ParsedStamp, budget: Budget) -> bool:
    """Raises what may be otherwise later."""
    if not uris.same_origin(wanted.uri, wanted.author_uri):
        return False

    async def fetch() -> ParsedStamp:
        budget.spend()
        return parse_stamp(await fetch_json_ld(fed.door, wanted.uri, await fed.signer()))

    try:
        return await fed.stamps.run(wanted.uri, fetch) == wanted
    except (BadStatus, BadDocument, Refused) as error:
        if error.temporary:
            raise
        return False
    except BadInput:
        return False
