"""How many requests something that arrives may cause, counted where they arrive (docs/reliability.md)."""

from node.models import Mention, Status
from tests.factories import Person
from tests.federation.incoming.fediverse import Document, Elsewhere, Here, Somebody


def naming(*people: Somebody | Person) -> dict[str, list[Document] | list[str]]:
    """Members of a note that addresses and names all of these."""
    uris = [one.uri if isinstance(one, Somebody) else one.account.uri for one in people]
    return {"cc": uris, "tag": [{"type": "Mention", "href": uri, "name": "@somebody"} for uri in uris]}


def paths(server: Elsewhere) -> list[str]:
    return sorted(request.path for request in server.received)


async def test_the_first_activity_of_somebody_costs_one_request_before_the_answer_and_one_after_it(
    here: Here, there: Elsewhere, alice: Person
) -> None:
    dave = there.somebody("dave", icon={"type": "Image", "url": there.url("/avatar.png")})

    assert await here.deliver(dave, dave.creates(dave.note(**naming(alice)))) == 202
    assert paths(there) == ["/users/dave"]

    await here.work()
    assert paths(there) == ["/.well-known/webfinger", "/users/dave"]

    await here.receive(dave, dave.creates(dave.note(**naming(alice))), dave.does("Follow", alice.account.uri))
    assert paths(there) == ["/.well-known/webfinger", "/users/dave"]


async def test_a_post_full_of_addresses_has_nobody_asked_at_once(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    note = carol.note(
        f'<a href="{there.url("/page")}">page</a>',
        attachment=[
            {"type": "Image", "url": there.url(f"/{number}.png"), "icon": {"url": there.url("/icon.png")}}
            for number in range(20)
        ],
        tag=[{"type": "Emoji", "name": ":x:", "icon": {"type": "Image", "url": there.url("/emoji.png")}}],
        replies=f"{carol.uri}/replies",
        likes=f"{carol.uri}/likes",
        shares=f"{carol.uri}/shares",
        context=there.url("/contexts/1"),
        conversation=there.url("/conversations/1"),
        generator=there.url("/app"),
        location=there.url("/place"),
    )

    await here.receive(carol, carol.creates(note))

    assert Status.select().count() == 1
    assert there.received == []


async def test_of_many_strangers_who_are_named_a_few_are_looked_up_if_somebody_here_reads_it(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    strangers = [there.somebody() for _ in range(30)]

    await here.receive(carol, carol.creates(carol.note(**naming(*strangers))))
    assert there.received == []

    await here.receive(carol, carol.creates(carol.note(**naming(alice, *strangers))))
    assert len(there.received) == 2 * 5  # each the actor and its handle
    assert Mention.select().count() == 1 + 5


async def test_an_answer_to_the_unknown_costs_its_parent_and_who_wrote_that(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Elsewhere() as other:
        dave = other.somebody("dave")
        parent = dave.note("Before.", replies=f"{dave.uri}/replies", context=other.url("/contexts/1"))
        other.serve(parent)

        await here.receive(carol, carol.creates(carol.note("After.", inReplyTo=parent["id"])))

        assert there.received == []
        assert len(other.received) == 3
        assert {"/users/dave", "/.well-known/webfinger"} < set(paths(other))
