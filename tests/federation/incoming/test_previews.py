"""Previews of pages that posts link to: when, how often and by whom a page is looked at, and what is shown (ADR 21)."""

from typing import Any

import pytest
from aiohttp import web

from federation import receiving as received_jobs
from node import clock, jobs, store
from node.jobs import JobKind
from node.models import Account, Job, PreviewCard, Role, Status
from node.services.community import settings
from node.services.statuses import cards, edits, posting, receiving
from node.services.statuses import view as status_view
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit, make_person
from tests.factories_posts import make_note, make_status
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here, Somebody
from tests.federation.loopback import Peer
from web.entities.status import status_entity

PAGE = """<!doctype html><html lang="en-GB"><head><title>Plain title</title>
<meta property="og:title" content="A walk &amp; a map">
<meta property="og:description" content="Over the moor.">
<meta property="og:site_name" content="Moorland">
<meta property="og:image" content="/walk.jpg"><meta property="og:image:alt" content="A moor">
<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<meta name="author" content="Ines"><meta property="article:published_time" content="2024-05-01T10:00:00Z">
</head><body>…</body></html>"""


def serves(site: Peer, path: str = "/page", html: str = PAGE, **answer: Any) -> str:
    site.on(path, **{"body": html.encode(), "headers": {"Content-Type": "text/html; charset=utf-8"}} | answer)
    return site.url(path)


def linking(url: str) -> str:
    return f'Look: <a href="{url}">here</a>'


async def look(here: Here) -> None:
    """The time has come for all pages that wait to be looked at."""
    with in_unit():
        Job.update(due_at=0).where(Job.kind == JobKind.FETCH_CARD).execute()
    await here.work()


def card_of(status: Status, reader: Person | None = None) -> Document | None:
    with in_unit():
        view = status_view.one(None if reader is None else reader.account.id, status.id)
    card: Document | None = status_entity(view)["card"]
    return card


def post(author: Person, text: str, **draft: Any) -> Status:
    with in_unit():
        return posting.post(author.account.id, Draft(text=text, **draft))


async def receive(here: Here, author: Somebody, url: str, **changes: Any) -> Status:
    note = author.note(linking(url), **changes)
    await here.receive(author, author.creates(note))
    found: Status = Status.get(Status.uri == note["id"])
    return found


# ── when, how often, by whom ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_page_is_looked_at_later_at_random_and_once_for_all_who_link_to_it(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Peer() as site:
        url = serves(site)
        before = clock.now_ms()
        posts = [await receive(here, carol, f"{url}#part{number}") for number in range(3)]
        waiting = Job.get(Job.kind == JobKind.FETCH_CARD)

        assert site.received == []
        assert before + clock.SECOND <= waiting.due_at <= clock.now_ms() + clock.MINUTE
        assert [card_of(one) for one in posts] == [None, None, None]

        await look(here)

        assert len(site.received) == 1
        assert {(card_of(one) or {})["title"] for one in posts} == {"A walk & a map"}
        assert Job.select().where(Job.kind == JobKind.FETCH_CARD).count() == 0


async def test_no_two_pages_are_looked_at_after_the_same_time(here: Here, carol: Somebody) -> None:
    """All nodes that a post reached would else look at its page in one moment."""
    now = clock.now_ms()
    with clock.frozen(now), in_unit():
        author = Account.get(Account.uri == carol.uri)
        for number in range(20):
            content = linking(f"https://pages.example/{number}")
            receiving.receive(author, make_note(author, uri=f"{carol.uri}/notes/link{number}", content=content))

    waits = [job.due_at - now for job in Job.select().where(Job.kind == JobKind.FETCH_CARD)]
    assert len(set(waits)) > 10
    assert max(waits) - min(waits) > 10 * clock.SECOND
    assert all(clock.SECOND <= wait <= clock.MINUTE for wait in waits)


async def test_what_is_asked_for_says_nothing_of_who_asks(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        await receive(here, carol, serves(site))

        await look(here)

        [request] = site.received
        assert request.headers["Accept"].startswith("text/html")
        assert not {"Signature", "Cookie", "Referer"} & set(request.headers)


async def test_a_card_has_everything_that_clients_know(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        url = serves(site)
        status = await receive(here, carol, url)
        await look(here)
        card = card_of(status)

        assert card is not None
        assert card.pop("image").startswith(f"{here.base}/proxy/")
        assert card == {
            "url": url,
            "title": "A walk & a map",
            "description": "Over the moor.",
            "language": "en",
            "type": "link",
            "author_name": "Ines",
            "author_url": "",
            "provider_name": "Moorland",
            "provider_url": site.url("/"),
            "html": "",
            "width": 1200,
            "height": 630,
            "image_description": "A moor",
            "embed_url": "",
            "blurhash": None,
            "published_at": "2024-05-01T10:00:00.000Z",
            "authors": [{"name": "Ines", "url": "", "account": None}],
            "missing_attribution": False,
        }


async def test_when_a_card_comes_a_post_is_shown_anew_and_counts_as_edited_by_nobody(
    here: Here, carol: Somebody
) -> None:
    async with Peer() as site:
        status = await receive(here, carol, serves(site))
        assert card_of(status) is None

        await look(here)

        after = Status.get_by_id(status.id)
        assert (after.version, after.edited_at) == (status.version + 1, None)
        assert card_of(status) is not None


async def test_nobody_looks_at_what_was_linked_to_in_private(here: Here, carol: Somebody, alice: Person) -> None:
    async with Peer() as site:
        url = serves(site)
        private = await receive(here, carol, url, to=[f"{carol.uri}/followers"], cc=[])
        mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}
        direct = await receive(here, carol, url, to=[alice.account.uri], cc=[], tag=[mention])
        own = [post(alice, url, visibility=seen) for seen in ("private", "direct")]
        local = post(alice, url, local_only=True)

        await look(here)
        assert site.received == []
        assert [Status.get_by_id(one.id).card_id for one in (private, direct, local, *own)] == [None] * 5

        unlisted = await receive(here, carol, url, to=[f"{carol.uri}/followers"], cc=[PUBLIC])
        await look(here)
        assert len(site.received) == 1
        assert card_of(unlisted) is not None


async def test_posts_with_pictures_need_no_preview(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        picture = {"type": "Image", "url": site.url("/picture.png"), "mediaType": "image/png"}

        await receive(here, carol, serves(site), attachment=[picture])
        await look(here)

        assert site.received == []


async def test_our_own_people_have_previews_too_and_edits_change_them(here: Here, alice: Person) -> None:
    async with Peer() as site:
        first, second = serves(site), serves(site, "/other", PAGE.replace("A walk", "A swim"))
        status = post(alice, f"See {first}")
        await look(here)
        assert (card_of(status) or {})["title"] == "A walk & a map"

        with in_unit():
            edits.edit(alice.account.id, status.id, Draft(text=f"See {second}"))
        await look(here)
        assert (card_of(status) or {})["title"] == "A swim & a map"

        with in_unit():
            edits.edit(alice.account.id, status.id, Draft(text="See nothing"))
        assert card_of(status) is None


async def test_what_a_community_does_not_want_to_see_is_not_looked_at(here: Here, carol: Somebody) -> None:
    boss = make_person("boss", role=Role.ADMIN)
    async with Peer() as site:
        url = serves(site)
        with in_unit():
            settings.change({"no_preview_domains": ["0.1"]}, boss.account)
        try:
            refused = await receive(here, carol, url)
            await look(here)
            assert (site.received, refused.card_id) == ([], None)
        finally:
            with in_unit():
                settings.change({"no_preview_domains": []}, boss.account)

        assert (await receive(here, carol, url)).card_id is not None


async def test_we_do_not_look_at_ourselves(here: Here, alice: Person, bob: Person) -> None:
    status = make_status(bob)

    assert post(alice, status.url).card_id is None


async def test_many_links_to_one_server_are_looked_at_slowly(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        notes = [carol.note(linking(serves(site, f"/{number}"))) for number in range(15)]
        with in_unit():
            author = Account.get(Account.uri == carol.uri)
            for note in notes:
                receiving.receive(author, make_note(author, uri=note["id"], content=note["content"]))
            Job.update(due_at=0).where(Job.kind == JobKind.FETCH_CARD).execute()

        taken = await store.write(jobs.take, 1, 100)
        for job in taken:
            try:
                await received_jobs.HANDLERS[JobKind(job.kind)](here.fed, job)
            except Exception as error:  # noqa: BLE001 - what the worker would do
                await store.write(jobs.postpone, job, error)

        assert len(site.received) == 10
        assert Job.select().where(Job.kind == JobKind.FETCH_CARD).count() == 5


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("html", "answer"),
    [
        ("<p>No title.</p>", {}),
        (PAGE, {"status": 404}),
        (PAGE, {"headers": {"Content-Type": "application/json"}}),
        (PAGE, {"headers": {"Content-Type": "text/plain"}}),
        ("<title>\u202e\u200b</title>", {}),
        ("", {}),
    ],
)
async def test_a_page_that_says_nothing_is_shown_as_a_link_alone(
    here: Here, carol: Somebody, html: str, answer: dict[str, Any]
) -> None:
    async with Peer() as site:
        status = await receive(here, carol, serves(site, html=html, **answer))

        await look(here)
        await look(here)

        assert len(site.received) == 1
        assert card_of(status) is None
        assert PreviewCard.get().fetched_at is not None


async def test_a_page_that_is_not_there_just_now_is_tried_three_times(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        await receive(here, carol, serves(site, status=503))

        for _ in range(6):
            with in_unit():
                Job.update(due_at=0).where(Job.kind == JobKind.FETCH_CARD).execute()
            for job in await store.write(jobs.take, 1, 100):
                try:
                    await received_jobs.HANDLERS[JobKind(job.kind)](here.fed, job)
                except Exception as error:  # noqa: BLE001 - what the worker would do
                    await store.write(jobs.postpone, job, error)

        assert len(site.received) == 3
        assert Job.select().where(Job.kind == JobKind.FETCH_CARD).count() == 0


async def test_of_a_huge_page_the_beginning_is_read(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        status = await receive(here, carol, serves(site, html=PAGE + "x" * (3 << 20)))

        await look(here)

        assert (card_of(status) or {})["title"] == "A walk & a map"


async def test_redirects_are_followed_and_their_end_is_shown(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        serves(site, "/page")
        site.on("/short", status=302, headers={"Location": "/page?from=short"})
        status = await receive(here, carol, site.url("/short"))

        await look(here)

        assert (card_of(status) or {})["url"] == site.url("/page?from=short")


async def test_what_a_page_says_is_plain_text_whatever_it_is(here: Here, carol: Somebody) -> None:
    bad = "&lt;script&gt;alert(1)&lt;/script&gt;\u202e" + "long " * 200
    html = f"""<head><meta property="og:title" content="{bad}"><meta property="og:image" content="javascript:alert(1)">
    <meta property="og:image:width" content="-5"><meta property="article:published_time" content="soon">
    <meta property="article:author" content="javascript:alert(1)"></head>"""
    async with Peer() as site:
        status = await receive(here, carol, serves(site, html=html))

        await look(here)
        card = card_of(status)

        assert card is not None
        assert card["title"].startswith("<script>alert(1)</script>long")
        assert len(card["title"]) <= 300
        assert "\u202e" not in card["title"]
        assert (card["image"], card["width"], card["published_at"], card["author_url"]) == (None, 0, None, "")


async def test_a_page_is_read_in_its_own_encoding(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        body = '<meta charset="shift_jis"><title>散歩</title>'.encode("shift_jis")
        site.on("/page", body=body, headers={"Content-Type": "text/html"})
        site.on("/odd", body=b"<title>Caf\xc3\xa9</title>", headers={"Content-Type": "text/html; charset=punycode"})
        first, second = [await receive(here, carol, site.url(path)) for path in ("/page", "/odd")]

        await look(here)

        assert [(card_of(one) or {})["title"] for one in (first, second)] == ["散歩", "Café"]


async def test_what_a_page_does_not_say_itself_may_come_by_oembed_without_its_html(
    here: Here, carol: Somebody
) -> None:
    link = '<link rel="alternate" type="application/json+oembed" href="/oembed?x=1"><title>Video</title>'
    async with Peer() as site:
        url = serves(site, html=f"<head>{link}</head>")

        async def oembed(request: web.Request) -> web.Response:
            return web.json_response(
                {
                    "type": "video",
                    "title": "A bird",
                    "author_name": "Bram",
                    "author_url": "https://video.example/bram",
                    "provider_name": "Videos",
                    "thumbnail_url": site.url("/bird.jpg"),
                    "thumbnail_width": 480,
                    "html": "<iframe src='https://video.example'></iframe>",
                }
            )

        site.on("/oembed", oembed)
        status = await receive(here, carol, url)

        await look(here)
        card = card_of(status)

        assert card is not None
        assert (card["type"], card["html"], card["embed_url"]) == ("link", "", "")
        assert (card["title"], card["author_name"], card["provider_name"]) == ("Video", "Bram", "Videos")
        assert (card["author_url"], card["width"]) == ("https://video.example/bram", 480)
        assert card["image"] is not None


# ── authors ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_author_is_named_only_if_the_account_names_the_site(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Peer() as site:
        host = site.authority
        willing = there.somebody("willing", attributionDomains=[host])
        there.somebody("unwilling", attributionDomains=["elsewhere.example"])
        posts = []
        for name in ("willing", "unwilling", "nobody"):
            tag = f'<meta name="fediverse:creator" content="@{name}@{there.authority}">'
            url = serves(site, f"/{name}", PAGE.replace("<head>", f"<head>{tag}"))
            posts.append(await receive(here, carol, url))

        await look(here)
        named = [(card_of(one) or {})["authors"][0]["account"] for one in posts]

        assert named[0]["acct"] == f"willing@{there.authority}"
        assert named[0]["url"] is not None
        assert Account.get(Account.uri == willing.uri).attribution_domains == f'["{host}"]'
        assert named[1:] == [None, None]


async def test_somebody_here_whom_a_page_names_is_known_whether_or_not_they_agree(
    here: Here, carol: Somebody
) -> None:
    wren = make_person("wren")
    async with Peer() as site:
        tag = f'<meta name="fediverse:creator" content="@wren@{here.fed.config.domain}">'
        status = await receive(here, carol, serves(site, html=PAGE.replace("<head>", f"<head>{tag}")))

        await look(here)

        assert PreviewCard.get().author_id == wren.account.id
        assert [(card_of(status, reader) or {})["missing_attribution"] for reader in (wren, None)] == [True, False]
        assert (card_of(status, wren) or {})["authors"][0]["account"] is None


# ── what senders say ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_preview_that_comes_with_a_post_is_used_and_nobody_is_asked(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        url = serves(site)
        link = {
            "type": "Link",
            "href": url,
            "preview": {
                "type": "Article",
                "name": "As Carol <b>sees</b> it",
                "summary": "Her words.",
                "image": {"type": "Image", "url": site.url("/carol.jpg"), "name": "Moor"},
            },
        }
        status = await receive(here, carol, url, attachment=[link])

        await look(here)
        card = card_of(status)

        assert site.received == []
        assert card is not None
        assert (card["title"], card["description"], card["url"]) == ("As Carol sees it", "Her words.", url)
        assert card["image"].startswith(f"{here.base}/proxy/")
        assert card["image"].endswith("/still")  # what moves there rests here


async def test_nobody_describes_a_page_for_the_posts_of_others(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    async with Peer() as site:
        url = serves(site)
        link = {"type": "Link", "href": url, "name": "All lies"}
        hers = await receive(here, carol, url, attachment=[link])
        ours = post(alice, url)

        await look(here)

        assert (card_of(hers) or {})["title"] == "All lies"
        assert (card_of(ours) or {})["title"] == "A walk & a map"


async def test_a_link_without_words_is_the_page_that_is_looked_at(here: Here, carol: Somebody) -> None:
    async with Peer() as site:
        url = serves(site)
        link = {"type": "Link", "href": url}

        status = await receive(here, carol, site.url("/another"), attachment=[link])
        await look(here)

        assert [request.path for request in site.received] == ["/page"]
        assert (card_of(status) or {})["url"] == url


def test_a_page_that_is_linked_to_again_much_later_is_looked_at_again(alice: Person) -> None:
    url = "https://pages.example/1"
    first = post(alice, url)
    with in_unit():
        Job.delete().execute()
        cards.receive(Status.get_by_id(first.id).card_id, cards.CardFacts(url=url, title="Old"))

    second = post(alice, url)
    assert Job.select().where(Job.kind == JobKind.FETCH_CARD).count() == 0
    with in_unit():
        PreviewCard.update(fetched_at=clock.now_ms() - 15 * clock.DAY).execute()
    third = post(alice, url)

    assert Job.select().where(Job.kind == JobKind.FETCH_CARD).count() == 1
    assert {Status.get_by_id(one.id).card_id for one in (first, second, third)} == {PreviewCard.get().id}
