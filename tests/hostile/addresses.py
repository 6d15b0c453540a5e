"""Every GET of the application, its places filled with what there is."""

from collections.abc import Mapping, Sequence

from tests.web.conftest import Client

# Streams never end.
_ENDLESS = ("/api/v1/streaming", "/events")

# Things of one kind, so that what refuses one of them refuses each, with the same answer.
Kind = Sequence[object]


def every_get(client: Client, places: Mapping[str, Sequence[Kind]]) -> list[list[str]]:
    """Paths, together when they differ only in which things of a kind they name.

    `places` are the kinds for each `{name}`; a name that is not among them gets `1`.
    """
    found: list[list[str]] = []
    for template in sorted(_templates(client)):
        found += _filled(template, places)
    return found


def _templates(client: Client) -> set[str]:
    templates = set()
    for route in client.app.router.routes():
        assert route.resource is not None
        template = route.resource.canonical
        # The same with a slash at its end is the same handler.
        is_another = not template.endswith("/") or template == "/"
        if route.method == "GET" and is_another and not template.startswith(_ENDLESS):
            templates.add(template)
    return templates


def _filled(template: str, places: Mapping[str, Sequence[Kind]]) -> list[list[str]]:
    groups = [[template]]
    while "{" in groups[0][0]:
        name = groups[0][0].partition("{")[2].partition("}")[0]
        groups = [
            [path.replace(f"{{{name}}}", str(value)) for path in group for value in kind]
            for group in groups
            for kind in places.get(name, [["1"]])
        ]
    return groups
