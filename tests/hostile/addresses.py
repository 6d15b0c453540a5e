"""Every GET of the application, its places filled with what there is."""

from collections.abc import Mapping, Sequence

from tests.web.conftest import Client

# Streams never end.
_ENDLESS = ("/api/v1/streaming", "/events")


def every_get(client: Client, places: Mapping[str, Sequence[object]]) -> list[str]:
    """`places` are the values for each `{name}`; a name that is not among them gets `1`."""
    found: set[str] = set()
    for route in client.app.router.routes():
        assert route.resource is not None
        template = route.resource.canonical
        # The same with a slash at its end is the same handler.
        is_another = not template.endswith("/") or template == "/"
        if route.method == "GET" and is_another and not template.startswith(_ENDLESS):
            found.update(_filled(template, places))
    return sorted(found)


def _filled(template: str, places: Mapping[str, Sequence[object]]) -> list[str]:
    paths = [template]
    while "{" in paths[0]:
        name = paths[0].partition("{")[2].partition("}")[0]
        paths = [path.replace(f"{{{name}}}", str(value)) for path in paths for value in places.get(name, ["1"])]
    return paths
