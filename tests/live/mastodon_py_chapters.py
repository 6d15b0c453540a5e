"""Chapters of test_mastodon_py.py about what needs more than two people: newcomers, trends, collections, other sites."""

from datetime import UTC, datetime
from typing import Any

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError

from node.cli.sample_pictures import png
from tests.live.waiting import until

STORM = "storm"


def talk_of(cast: Any, page: str) -> None:
    """Before anybody asks what is talked about: two people speak of the same, and like what was said."""
    cast.alice.account_update_credentials(discoverable=True)
    said = cast.alice.status_post(f"#{STORM} {page}")
    cast.bob.status_post(f"#{STORM} {page}")
    for one in (cast.bob, cast.carol):
        one.status_favourite(said)
    until(lambda: cast.alice.status(said).card, what="the page is looked at")


def trends(one: Any, cast: Any) -> None:
    """What a moderator says no to is no trend, and may become one again."""
    assert len(one.timeline_link(f"{cast.site}/storm")) == 2
    for kind, shown in (("tag", "tags"), ("status", "statuses"), ("link", "links")):
        (found,) = getattr(one, f"admin_trending_{shown}")()
        assert len(getattr(one, f"trending_{shown}")()) == 1
        getattr(one, f"admin_reject_trending_{kind}")(found.id)
        assert getattr(one, f"trending_{shown}")() == []
        getattr(one, f"admin_approve_trending_{kind}")(found.id)
        assert len(getattr(one, f"trending_{shown}")()) == 1


def newcomers(one: Any, cast: Any) -> None:
    """They wait until somebody lets them in; the token that they were given works from then on."""
    cast.node.command("settings", "set", "registrations", "approval")
    for name in ("dora", "emil"):
        newcomer = cast.newcomer()
        token = newcomer.create_account(
            name, f"{name} likes linnets", f"{name}@mail.test", agreement=True, reason="Birds."
        )
        (waiting,) = one.admin_accounts_v2(status="pending")
        assert waiting.username == name
        with pytest.raises(MastodonAPIError):
            cast.client(token).me()
        if name == "dora":
            assert one.admin_account_approve(waiting.id).approved
            assert cast.client(token).me().username == name
        else:
            one.admin_account_reject(waiting.id)
    assert one.admin_accounts_v2(status="pending") == []
    # Without a mail server nobody has an address to confirm.
    with pytest.raises(MastodonAPIError):
        one.email_resend_confirmation()


def collections(one: Any, cast: Any) -> None:
    for person in (cast.bob, cast.carol):
        person.account_update_credentials(discoverable=True)
    made = one.collection_create("Birds", discoverable=True, account_ids=[cast.carol_id]).collection
    assert one.collection_update(made, name="More birds").collection.name == "More birds"
    item = one.collection_item_add(made, cast.bob_id).collection_item
    shown = one.collection(made)
    assert {row.username for row in shown.accounts} == {"alice", "bob", "carol"}
    assert [row.id for row in one.account_collections(one.me()).collections] == [made.id]
    assert [row.id for row in cast.carol.account_in_collections(cast.carol_id).collections] == [made.id]
    one.collection_item_delete(made, item)
    cast.carol.collection_item_revoke(made, shown.collection["items"][0])
    assert one.collection(made).collection.item_count == 0
    assert one.status_post(f"Look: {made.url}").tagged_collections[0].id == made.id
    one.collection_delete(made)
    assert one.account_collections(one.me()).collections == []


def other_sites(one: Any, cast: Any) -> None:
    said = one.status_post("quietly", language="en")
    cast.node.command("settings", "set", "translation_url", cast.site)
    cast.node.command("settings", "set", "translation_service", "libretranslate")
    assert "QUIETLY" in one.status_translate(said, "de").content
    cast.node.command("settings", "set", "translation_service", "off")
    cast.node.command("settings", "set", "terms", "Be kind.")
    assert "kind" in one.instance_terms_of_service().content
    assert "kind" in one.instance_terms_of_service(datetime.now(UTC).date()).content


def at_home(one: Any, cast: Any) -> None:
    """Helpers that ask no server, fed with what this one gave."""
    media = one.media_post(png("kiln"), mime_type="image/png")
    said = one.status_post("bowls", media_ids=[media])
    changed = one.generate_media_edit_attributes(media, description="Four bowls")
    assert (
        one.status_update(said, "bowls", media_attributes=[changed]).media_attachments[0].description == "Four bowls"
    )
    one.set_language("de")
    assert isinstance(one.trending_tags(), list)
    one.set_language("en")
    assert cast.signed_in().persistable_login_credentials().startswith(cast.signed_in().access_token)


def app(base_url: str) -> Mastodon:
    client_id, client_secret = Mastodon.create_app(
        "Mastodon.py", redirect_uris="urn:ietf:wg:oauth:2.0:oob", api_base_url=base_url
    )
    return Mastodon(client_id, client_secret, api_base_url=base_url)
