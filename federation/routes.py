"""Every address of the protocol, as one table."""

from aiohttp import web

from federation import accepting
from federation.serving import collections, featured_people, serve, stamps, status_collections, wellknown

_ACCOUNT = r"/ap/users/{account:[1-9]\d{0,17}}"
_STATUS = _ACCOUNT + r"/statuses/{status:[1-9]\d{0,17}}"

ROUTES = (
    web.get("/.well-known/webfinger", wellknown.webfinger),
    web.get("/.well-known/host-meta", wellknown.host_meta),
    web.get("/.well-known/host-meta.json", wellknown.host_meta),
    web.get("/.well-known/nodeinfo", wellknown.nodeinfo_index),
    web.get(r"/nodeinfo/{version:2\.[01]}", wellknown.nodeinfo),
    web.post("/ap/inbox", accepting.shared_inbox),
    web.post(r"/ap/users/{id:[1-9]\d{0,17}}/inbox", accepting.personal_inbox),
    web.get("/ap/actor", serve.instance_actor),
    web.get("/ap/actor/outbox", collections.empty_outbox),
    web.get(_ACCOUNT, serve.actor),
    web.get(_ACCOUNT + "/outbox", collections.outbox),
    web.get(_ACCOUNT + "/followers", collections.followers),
    web.get(_ACCOUNT + "/followers_synchronization", collections.followers_synchronization),
    web.get(_ACCOUNT + "/following", collections.following),
    web.get(_ACCOUNT + "/collections/featured", collections.featured),
    web.get(_ACCOUNT + "/collections/tags", collections.featured_tags),
    web.get(_ACCOUNT + "/collections/people", featured_people.all_of),
    web.get(_ACCOUNT + r"/collections/{collection:[1-9]\d{0,17}}", featured_people.show),
    web.get(_ACCOUNT + r"/collections/{collection:[1-9]\d{0,17}}/items/{item:[1-9]\d{0,17}}", featured_people.item),
    web.get(_ACCOUNT + r"/feature_authorizations/{item:[1-9]\d{0,17}}", featured_people.stamp),
    web.get(_ACCOUNT + r"/approvals/{approval:[1-9]\d{0,17}}", stamps.show),
    web.get(_ACCOUNT + r"/approvals/{approval:[1-9]\d{0,17}}/{kind:favourite|reblog}", stamps.show_permit),
    web.get(_STATUS, serve.status),
    web.get(_STATUS + "/activity", serve.status_activity),
    web.get(_STATUS + "/replies", status_collections.replies),
    web.get(_STATUS + "/likes", status_collections.likes),
    web.get(_STATUS + "/shares", status_collections.shares),
    web.get(_STATUS + "/context", status_collections.thread),
)
