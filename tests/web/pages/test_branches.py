"""How a thread is drawn."""

from typing import Any

from web.rendering.branches import MAX_DEPTH, branches, people


def answer(own: str, parent: str, author: str = "a") -> dict[str, Any]:
    return {"id": own, "in_reply_to_id": parent, "account": {"id": author}}


def drawn(*answers: dict[str, Any]) -> list[tuple[str, int, tuple[int, ...], bool]]:
    return [(one.status["id"], one.depth, one.rails, one.has_answers) for one in branches("0", list(answers))]


def test_answers_to_the_post_itself_stand_at_the_edge() -> None:
    assert drawn(answer("1", "0"), answer("2", "0")) == [("1", 0, (), False), ("2", 0, (), False)]


def test_a_line_passes_by_as_long_as_another_answer_comes_below() -> None:
    assert drawn(answer("1", "0"), answer("2", "1"), answer("3", "2"), answer("4", "1")) == [
        ("1", 0, (), True),
        ("2", 1, (0,), True),
        ("3", 2, (0,), False),
        ("4", 1, (), False),
    ]


def test_deep_threads_stay_in_the_column() -> None:
    chain = [answer(str(n + 1), str(n)) for n in range(MAX_DEPTH + 5)]

    rows = drawn(*chain)

    assert max(depth for _, depth, _, _ in rows) == MAX_DEPTH
    assert [has_answers for _, depth, _, has_answers in rows if depth == MAX_DEPTH] == [False] * 5


def test_an_answer_whose_parent_is_hidden_hangs_on_the_post() -> None:
    assert drawn(answer("2", "missing")) == [("2", 0, (), False)]


def test_answers_that_answer_each_other_are_drawn_all_the_same() -> None:
    assert [own for own, *_ in drawn(answer("1", "2"), answer("2", "1"), answer("3", "3"))] == ["1", "2", "3"]


def test_people_of_a_thread_are_counted() -> None:
    rows = people([answer("1", "0", "ada"), answer("2", "1", "bob"), answer("3", "1", "bob")])

    assert [(account["id"], count) for account, count in rows] == [("bob", 2), ("ada", 1)]
