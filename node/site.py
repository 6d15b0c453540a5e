"""Which node this is: its domain, and the addresses of what lives here.

The database is one for a process, and so is the node it belongs to. `use(config)` is called beside `store.connect`.
Read the names through the module (`site.domain`), because `use` sets them.
"""

import re

from node.config import Config, host_without_port

domain = ""  # the part after @ in handles
web_domain = ""  # where pages and actors live
base_url = ""  # without a slash at the end
sends_mail = False  # without, addresses are not confirmed and one-time links are handed over by people


def use(config: Config) -> None:
    """Be the node that `config` describes."""
    global domain, web_domain, base_url, sends_mail
    domain, web_domain, base_url = config.domain, config.web_domain, config.base_url
    sends_mail = bool(config.smtp_url)


def actor_uri(account_id: int) -> str:
    return f"{base_url}/ap/users/{account_id}"


def featured_tags_uri(account_id: int) -> str:
    return f"{actor_uri(account_id)}/collections/tags"


def featured_collections_uri(account_id: int) -> str:
    return f"{actor_uri(account_id)}/collections/people"


def collection_uri(account_id: int, collection_id: int) -> str:
    """A collection of accounts."""
    return f"{actor_uri(account_id)}/collections/{collection_id}"


def collection_item_uri(account_id: int, collection_id: int, item_id: int) -> str:
    return f"{collection_uri(account_id, collection_id)}/items/{item_id}"


def feature_stamp_uri(account_id: int, item_id: int) -> str:
    """Where an account of ours says that it agreed to be in a collection."""
    return f"{actor_uri(account_id)}/feature_authorizations/{item_id}"


def collection_url(collection_id: int) -> str:
    return f"{base_url}/collections/{collection_id}"


def instance_actor_name() -> str:
    """The domain as a name, without a port: no other node takes a name with a colon in it."""
    return re.sub(r"[^a-z0-9.-]+", "-", host_without_port(domain)).strip("-.")


def instance_actor_uri() -> str:
    return f"{base_url}/ap/actor"


def shared_inbox_uri() -> str:
    return f"{base_url}/ap/inbox"


def status_uri(account_id: int, status_id: int) -> str:
    return f"{actor_uri(account_id)}/statuses/{status_id}"


def status_collection_uri(account_id: int, status_id: int, name: str) -> str:
    """`replies`, `likes`, `shares` or `context` of a status."""
    return f"{status_uri(account_id, status_id)}/{name}"


def stamp_uri(account_id: int, approval_id: int) -> str:
    """Where an account of ours says that it agreed to be quoted or answered."""
    return f"{actor_uri(account_id)}/approvals/{approval_id}"


def permit_uri(account_id: int, kind: str, number: int) -> str:
    """The same of a favourite or a boost, by the number of its row."""
    return f"{stamp_uri(account_id, number)}/{kind}"


def activity_uri(account_id: int, kind: str, number: int) -> str:
    """The id of what is not served by itself, such as a follow: `…/ap/users/1#follows/5`."""
    return f"{actor_uri(account_id)}#{kind}/{number}"


def emoji_uri(shortcode: str) -> str:
    return f"{base_url}/ap/emoji/{shortcode}"


def profile_url(username: str) -> str:
    return f"{base_url}/@{username}"


def status_url(username: str, status_id: int) -> str:
    return f"{base_url}/@{username}/{status_id}"


def tag_url(key: str) -> str:
    return f"{base_url}/tags/{key}"


def tagged_url(username: str, key: str) -> str:
    """What somebody here wrote with a hashtag."""
    return f"{profile_url(username)}/tagged/{key}"


def media_url(key: str) -> str:
    return f"{base_url}/media/{key}"


def one_time_url(purpose: str, token: str) -> str:
    """Where the holder of a one-time link goes."""
    return f"{base_url}/auth/{purpose}/{token}"


def invite_url(code: str) -> str:
    return f"{base_url}/invite/{code}"


def is_local_domain(name: str) -> bool:
    """Whether a handle that ends in `@name` is one of ours; no domain at all means ours too."""
    return name == "" or name.lower() in (domain, web_domain)
