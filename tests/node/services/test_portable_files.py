"""Reading the lists that people bring: Mastodon's files, ours, and what spreadsheets make of them."""

import msgspec
import pytest

from node.errors import Invalid
from node.models import Portable
from node.services.portability import reading
from node.services.portability.reading import Cells

pytestmark = pytest.mark.usefixtures("db")  # which node this is


def cells(kind: Portable, text: str) -> list[Cells]:
    return [entry.cells for entry in reading.read(kind, text.encode()).entries]


def problems(kind: Portable, text: str) -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in reading.read(kind, text.encode()).unreadable]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'Account address,Show boosts,Notify on new posts,Languages\nb@x.test,true,0,\nc@x.test,FALSE,1,"en, de"\n',
            [("b@x.test", "true", "false", ""), ("c@x.test", "false", "true", "en, de")],
        ),
        ("Account address,Show boosts\nbob@x.test,true\n", [("bob@x.test", "true", "", "")]),
        ("Account address\n@bob@X.test\n", [("bob@x.test", "", "", "")]),
        ("bob@x.test\n  carol@y.test \n", [("bob@x.test", "", "", ""), ("carol@y.test", "", "", "")]),
        ("\ufeffAccount address;Show boosts\r\nbob@x.test;false\r\n", [("bob@x.test", "false", "", "")]),
        ("Languages,account_address\nde,bob@x.test\n", [("bob@x.test", "", "", "de")]),
        ("'@bob@x.test\n", [("bob@x.test", "", "", "")]),
    ],
)
def test_follows_in_every_spelling_of_their_heading(text: str, expected: list[Cells]) -> None:
    assert cells(Portable.FOLLOWS, text) == expected


def test_the_other_kinds(db: None) -> None:
    assert cells(Portable.MUTES, "Account address,Hide notifications\na@x.test,false\nb@x.test,\n") == [
        ("a@x.test", "false"),
        ("b@x.test", ""),
    ]
    assert cells(Portable.BLOCKS, "a@x.test\nA@x.test\n") == [("a@x.test",)]
    assert cells(Portable.LISTS, "List,a@x.test\nBirds,a@x.test\n") == [("List", "a@x.test"), ("Birds", "a@x.test")]
    assert cells(Portable.LISTS, "List name,Account address\n'=Birds,a@x.test\n") == [("=Birds", "a@x.test")]
    assert cells(Portable.DOMAIN_BLOCKS, "#domain\nLoud.test\n") == [("loud.test",)]
    # What a server's own blocks are exported as.
    assert cells(Portable.DOMAIN_BLOCKS, "#domain,#severity\nloud.test,silence\n") == [("loud.test",)]
    assert cells(Portable.BOOKMARKS, "#uri\nhttps://x.test/1\n") == [("https://x.test/1",)]


def test_what_cannot_be_read_is_told_by_line_and_the_rest_is_taken(db: None) -> None:
    text = "Account address,Show boosts\nbob@x.test,true\nnobody,true\ncarol@x.test,maybe\n@,\n"

    assert cells(Portable.FOLLOWS, text) == [("bob@x.test", "true", "", "")]
    assert [line for line, _ in problems(Portable.FOLLOWS, text)] == [3, 4, 5]
    assert problems(Portable.DOMAIN_BLOCKS, "loud.test\na.test\n") == [(2, "This is this server itself.")]
    assert (
        len(problems(Portable.BOOKMARKS, "https://x.test/1\njavascript:alert(1)\n" + "https://x.test/" + "a" * 9_000))
        == 2
    )


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Portable.BLOCKS, b"Account address,Show boosts,Notify on new posts,Languages\nbob@x.test,true,false,\n"),
        (Portable.FOLLOWS, b"#domain\nloud.test\n"),
        (Portable.FOLLOWS, b"Account address,Hide notifications\nbob@x.test,true\n"),
        (Portable.BLOCKS, b""),
        (Portable.BLOCKS, b"Account address\n"),
        (Portable.BLOCKS, b"\x89PNG\r\n\x1a\n\x00"),
        (Portable.BLOCKS, b"hello world\n"),
        (Portable.BLOCKS, b"a@x.test\n" * (reading.MAX_ROWS + 2)),
        (Portable.BLOCKS, b"a" * (reading.MAX_BYTES + 1)),
        (Portable.FILTERS, b"a@x.test\n"),
        (Portable.FILTERS, b'{"custom_filters": {}}'),
        (Portable.FILTERS, b"[" * 100_000),
    ],
)
def test_a_file_of_something_else_is_refused_as_a_whole(kind: Portable, data: bytes) -> None:
    with pytest.raises(Invalid):
        reading.read(kind, data)


def test_filters_as_mastodon_writes_them(db: None) -> None:
    one = {
        "title": "Tea",
        "context": ["home"],
        "keywords_attributes": [{"keyword": "marmite", "whole_word": False}],
        "action": "hide",
        "expires_at": "2126-01-01 00:00:00 UTC",
        "statuses": ["https://x.test/1"],
    }
    wrong = [
        {"title": "Tea"},
        {"title": " ", "context": ["home"]},
        {"title": "x" * 999, "context": ["home"]},
        7,
        None,
    ]
    text = msgspec.json.encode({"custom_filters": [one, *wrong, one | {"context": ["everywhere"]}]}).decode()

    ((found,),) = cells(Portable.FILTERS, text)

    assert msgspec.json.decode(found) == one
    assert (reading.decode_filter(found).expires_in or 0) > 86_400
    assert [line for line, _ in problems(Portable.FILTERS, text)] == [2, 3, 4, 5, 6, 7]
