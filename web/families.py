"""Routes whose addresses begin alike, `/api/v1/accounts/{id}/statuses` and its two dozen siblings, as one resource.

aiohttp tries the patterns of such siblings one after the other: the last of them costs more than its answer. Here a table
says which of them have as many parts, and end in the same word or in a placeholder; mostly one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from aiohttp import web
from aiohttp.web_urldispatcher import UrlMappingMatchInfo

_FEWEST = 4

_Resources = list[web.AbstractResource]
_NONE: _Resources = []


def gathered(resources: Iterable[web.AbstractResource]) -> Iterator[web.AbstractResource]:
    """The same with families in the place of many that begin alike. Of two that match, the first one answers, as ever."""
    by_beginning: dict[str, _Resources] = defaultdict(list)
    for one in resources:
        by_beginning[_beginning(one.canonical)].append(one)
    for beginning, members in by_beginning.items():
        if len(members) < _FEWEST:
            yield from members
        else:
            yield Family(beginning, members)


class Family(web.AbstractResource):
    """No placeholder of a member takes a slash."""

    def __init__(self, beginning: str, members: _Resources) -> None:
        super().__init__()
        self._beginning = beginning
        self.members = members
        self._ends_in_a_word: dict[tuple[int, str], _Resources] = {}
        self._ends_in_anything: dict[int, _Resources] = defaultdict(list)
        for one in members:
            slashes, word = _shape(one.canonical)
            if "{" in word:
                self._ends_in_anything[slashes].append(one)
            elif (slashes, word) not in self._ends_in_a_word:
                self._ends_in_a_word[slashes, word] = [other for other in members if _may_be(other, slashes, word)]

    @property
    def canonical(self) -> str:
        """By this aiohttp finds it: before what is longer, as it finds each of its members."""
        return self._beginning

    async def resolve(self, request: web.Request) -> tuple[UrlMappingMatchInfo | None, set[str]]:
        shape = _shape(request.rel_url.path_safe)
        members = self._ends_in_a_word.get(shape) or self._ends_in_anything.get(shape[0], _NONE)
        methods: set[str] = set()
        for one in members:
            found, allowed = await one.resolve(request)
            if found is not None:
                return found, allowed
            methods |= allowed
        return None, methods

    def table(self) -> Iterator[_Resources]:
        """Which members are tried for one form of address: for each form, in the order that they answer."""
        yield from self._ends_in_a_word.values()
        yield from self._ends_in_anything.values()

    def raw_match(self, path: str) -> bool:
        return any(one.raw_match(path) for one in self.members)

    def __iter__(self) -> Iterator[web.AbstractRoute]:
        for one in self.members:
            yield from one

    def __len__(self) -> int:
        return sum(len(one) for one in self.members)

    def get_info(self) -> Any:
        return {"path": self._beginning}

    def url_for(self, **kwargs: str) -> NoReturn:
        raise RuntimeError("A family has many addresses.")

    def add_prefix(self, prefix: str) -> NoReturn:
        raise RuntimeError("Families are gathered after everything else.")


def _beginning(canonical: str) -> str:
    """Under what aiohttp keeps a resource: all whole parts before the first placeholder."""
    if "{" in canonical:
        canonical = canonical.partition("{")[0].rpartition("/")[0]
    return canonical.rstrip("/") or "/"


def _shape(path: str) -> tuple[int, str]:
    """How many slashes it has, and its last part; with its slash, where it ends in one."""
    return path.count("/"), path[path.rfind("/", 0, -1) + 1 :]


def _may_be(one: web.AbstractResource, slashes: int, word: str) -> bool:
    its_slashes, its_word = _shape(one.canonical)
    return its_slashes == slashes and (its_word == word or "{" in its_word)
