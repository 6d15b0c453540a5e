"""What other servers ask first: WebFinger, host-meta, NodeInfo (PROTOCOL.md 1.13)."""

from importlib.metadata import version
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

import msgspec
from aiohttp import web

from federation import uris
from federation.context import FEDERATION
from federation.negotiation import CONTENT_TYPE, JRD
from federation.uris import LocalActor, LocalInstanceActor, LocalProfile
from node import site, store
from node.config import Config
from node.errors import BadInput, Gone, NotFound
from node.models import Account
from node.services import account_lookup as lookup
from node.services import accounts, settings, statistics

_OPEN = {"Access-Control-Allow-Origin": "*"}
_PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
_SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
_NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/"
# FEP-2677: where the actor is that signs for the node.
_APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
_LONGEST_RESOURCE = 2048


async def webfinger(request: web.Request) -> web.Response:
    resource = request.query.get("resource", "")
    if not resource or len(resource) > _LONGEST_RESOURCE:
        raise BadInput("Say which resource: /.well-known/webfinger?resource=acct:name@domain")
    account = await store.point(_account_of, request.app[FEDERATION].config, resource)
    if account is None or account.suspended_at is not None:
        raise NotFound("Nobody here has this name.")
    if account.deleted_at is not None:
        raise Gone("This account was deleted.")
    return web.Response(body=msgspec.json.encode(_jrd(account)), headers=_OPEN | {"Content-Type": JRD})


def _account_of(config: Config, resource: str) -> Account | None:
    """By `acct:`, by handle, by actor id or by profile address."""
    if "://" in resource:
        return _account_at(config, resource)
    handle = resource.removeprefix("acct:").removeprefix("@")
    name, _, domain = unquote(handle).rpartition("@")
    if not name or not site.is_local_domain(domain) or not domain:
        return None
    if name.lower() in (site.domain, site.instance_actor_name()):
        return accounts.instance_actor()
    return lookup.find(name)


def _account_at(config: Config, address: str) -> Account | None:
    match uris.parse_local(config, address):
        case LocalInstanceActor():
            return accounts.instance_actor()
        case LocalActor(account_id):
            account = lookup.by_id(account_id)
            return account if account is not None and account.is_local else None
        case LocalProfile(username):
            return lookup.find(username)
        case _:
            return None


def _jrd(account: Account) -> dict[str, Any]:
    return {
        "subject": f"acct:{account.username}@{site.domain}",
        "aliases": [account.url, account.uri],
        "links": [
            {"rel": "self", "type": CONTENT_TYPE, "href": account.uri},
            {"rel": _PROFILE_PAGE, "type": "text/html", "href": account.url},
            {"rel": _SUBSCRIBE, "template": f"{site.base_url}/authorize_interaction?uri={{uri}}"},
        ],
    }


async def host_meta(request: web.Request) -> web.Response:
    """The host named here replaces what was typed into a client, so it is the web host."""
    template = f"{site.base_url}/.well-known/webfinger?resource={{uri}}"
    if "json" in request.headers.get("Accept", "") or request.path.endswith(".json"):
        body = msgspec.json.encode({"links": [{"rel": "lrdd", "type": JRD, "template": template}]})
        return web.Response(body=body, headers=_OPEN | {"Content-Type": "application/json"})
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="{JRD}" template="{escape(template)}"/></XRD>\n'
    )
    return web.Response(text=text, headers=_OPEN | {"Content-Type": "application/xrd+xml; charset=utf-8"})


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
    schema = quote(f"{_NODEINFO}{number}#", safe=":/#")
    return _json(body, f'application/json; profile="{schema}"')


def _json(body: dict[str, Any], content_type: str) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), headers=_OPEN | {"Content-Type": content_type})
