"""A handle is shown only when WebFinger leads from it to its actor, and from the actor back to it (RFC 7033)."""

from federation import uris
from federation.context import Budget, Federation
from federation.errors import BadDocument, FetchError
from federation.finding import webfinger
from federation.finding.webfinger import Found
from federation.parse.actor import ParsedActor
from federation.parse.handle import Handle

find = webfinger.find


async def confirm(fed: Federation, actor: ParsedActor, budget: Budget, found: Found | None = None) -> Handle:
    """The handle that the actor claims and that its domain agrees to. Raises a `FetchError`.

    `found` is what WebFinger said about the handle that led here: what agrees with it need not be asked again.
    """
    claims = _claims(actor)
    # What was confirmed stays so for some days, as long as the actor claims the same.
    memory = f"{actor.uri} {' '.join(map(str, claims))}"
    remembered = fed.confirmed.get(memory)
    if remembered is not None:
        return Handle(*remembered)
    failure: FetchError | None = None
    for claim in claims:
        try:
            agreed = found if found and found.handle.key == claim.key else await find(fed, claim, budget)
        except FetchError as error:
            failure = failure or error
            continue
        if agreed.actor_uri == actor.uri:
            fed.confirmed.put(memory, agreed.handle)
            return agreed.handle
    raise failure or BadDocument("The actor's handle belongs to somebody else.")


def _claims(actor: ParsedActor) -> list[Handle]:
    """What `webfinger` says (FEP-2c59), else the name at the actor's own host."""
    claims = [actor.handle_hint] if actor.handle_hint else []
    host = uris.host_of(actor.uri)
    if host is not None:
        claims.append(Handle(actor.username, host))
    return list({claim.key: claim for claim in claims}.values())
