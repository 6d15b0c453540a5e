"""What other servers ask first: WebFinger, host-meta, NodeInfo (RFC 7033, RFC 6415, FEP-f1d5)."""

from importlib.metadata import version
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

import msgspec
from aiohttp import web

from federation import uris
from federation.context import FEDERATION
from federation.serving.negotiation import CONTENT_TYPE, JRD
from federation.uris import LocalActor, LocalInstanceActor, LocalProfile
from node import site, store
from node.config import Config
from node.errors import BadInput, Gone, NotFound
from node.models import Account
from node.services import accounts
from node.services.accounts import lookup
from node.services.community import settings, statistics
from node.text.domains import normal_domain

_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=600", "Vary": "Accept"}
_HOW_TO_ASK = "Say which resource: /.well-known/webfinger?resource=acct:name@domain"
_PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
# FEP-3b86: where another site sends somebody from here to look at a thing, or to write. Who wants to follow or to like
# is led to the person or the post, where the button for it is: nothing happens by following a link.
_INTENT = "https://w3id.org/fep/3b86/"
_INTENTS_ON_OBJECTS = ("Object", "Follow", "Like")
_NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/"
# FEP-2677: where the actor is that signs for the node.
_APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
_LONGEST_RESOURCE = 2048


async def webfinger(request: web.Request) -> web.Response:
    resource = request.query.get("resource", "")
    if not resource or len(resource) > _LONGEST_RESOURCE:
        raise BadInput(_HOW_TO_ASK)
    account = await store.point(_account_of, request.app[FEDERATION].config, resource)
    if account is None or account.is_waiting:
        raise NotFound("Nobody here has this name.")
    if account.deleted_at is not None:
        raise Gone("This account was deleted.")
    answer = _jrd(account)
    if rels := request.query.getall("rel", []):  # RFC 7033, section 4.3
        answer["links"] = [link for link in answer["links"] if link["rel"] in rels]
    return _json(answer, JRD)


def _account_of(config: Config, resource: str) -> Account | None:
    """By `acct:`, by handle, by actor id or by profile address. BadInput for what names nobody anywhere."""
    if "://" in resource:
        return _account_at(config, resource)
    # Some encode the `@` and the `:` once more than they need to.
    handle = unquote(resource).removeprefix("acct:").removeprefix("@")
    name, at, domain = handle.rpartition("@")
    normal = normal_domain(domain)
    if not at or not name or normal is None:
        raise BadInput(_HOW_TO_ASK)
    if not site.is_local_domain(normal):
        return None
    if name.lower() in (site.domain, site.instance_actor_name()):  # FEP-d556 asks for the first
        return accounts.instance_actor()
    return lookup.find_here(name)


def _account_at(config: Config, address: str) -> Account | None:
    match uris.parse_local(config, address):
        case LocalInstanceActor():
            return accounts.instance_actor()
        case LocalActor(account_id):
            account = lookup.by_id(account_id)
            return account if account is not None and account.is_local else None
        case LocalProfile(username):
            return lookup.find_here(username)
        case _:
            return accounts.instance_actor() if address.removesuffix("/") == site.base_url else None


def _jrd(account: Account) -> dict[str, Any]:
    links = [
        {"rel": "self", "type": CONTENT_TYPE, "href": account.uri},
        {"rel": _PROFILE_PAGE, "type": "text/html", "href": account.url},
    ]
    if account.uri != site.instance_actor_uri():
        links.append({"rel": _SUBSCRIBE, "template": f"{site.base_url}/authorize_interaction?uri={{uri}}"})
        interact = f"{site.base_url}/authorize_interaction?uri={{object}}"
        links += [{"rel": f"{_INTENT}{name}", "template": interact} for name in _INTENTS_ON_OBJECTS]
        links.append({"rel": f"{_INTENT}Create", "template": f"{site.base_url}/compose?text={{content}}"})
    return {
        "subject": f"acct:{account.username}@{site.domain}",
        "aliases": [account.url, account.uri],
        "links": links,
    }


async def host_meta(request: web.Request) -> web.Response:
    """The host named here replaces what was typed into a client, so it is the web host."""
    template = f"{site.base_url}/.well-known/webfinger?resource={{uri}}"
    if "json" in request.headers.get("Accept", "") or request.path.endswith(".json"):
        return _json({"links": [{"rel": "lrdd", "type": JRD, "template": template}]}, "application/json")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="{JRD}" template="{escape(template)}"/></XRD>\n'
    )
    return web.Response(text=text, headers=_HEADERS | {"Content-Type": "application/xrd+xml; charset=utf-8"})


async def nodeinfo_index(request: web.Request) -> web.Response:
    links = [
        {"rel": f"{_NODEINFO}{number}", "href": f"{site.base_url}/nodeinfo/{number}"} for number in ("2.0", "2.1")
    ]
    links.append({"rel": _APPLICATION, "href": site.instance_actor_uri()})
    return _json({"links": links}, "application/json")


async def nodeinfo(request: web.Request) -> web.Response:
    number = request.match_info["version"]
    counts = await store.read(statistics.current)
    now = settings.current()
    software = {"name": "linnet", "version": version("linnet")}
    if number == "2.1":
        software["homepage"] = f"{site.base_url}/about"
    body = {
        "version": number,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["rss2.0"]},
        "usage": {
            "users": {
                "total": counts.users,
                "activeMonth": counts.active_month,
                "activeHalfyear": counts.active_half_year,
            },
            "localPosts": counts.statuses,
        },
        "openRegistrations": now.registrations == "open",
        "metadata": {"nodeName": now.title, "nodeDescription": now.short_description},
    }
    return _json(body, f'application/json; profile="{_NODEINFO}{number}#"')


def _json(body: dict[str, Any], content_type: str) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), headers=_HEADERS | {"Content-Type": content_type})
