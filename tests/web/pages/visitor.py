"""A browser without scripts: it keeps cookies, reads pages and sends the forms that are in them.

visitor = Visitor(client)                  somebody who is not signed in
page = await visitor.get("/auth/sign-in")
page = await visitor.send(page, "/auth/sign-in", login="alice", password="…")    the form with that action
page = await visitor.press(page, "/settings/sessions/5/end")                      a button outside of its form
visitor.sign_in(person)                    a session, without its pages
"""

from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any

from aiohttp import FormData
from selectolax.lexbor import LexborHTMLParser, LexborNode

from node import store
from node.services.access import sessions
from tests.factories import Person
from tests.web.conftest import Client
from web import cookies

Fields = list[tuple[str, Any]]


class Page:
    """What came back."""

    def __init__(self, path: str, status: int, headers: Any, text: str) -> None:
        self.path, self.status, self.headers, self.text = path, status, headers, text

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text or "<html></html>")

    @cached_property
    def elements(self) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
        """The name and the attributes of each element."""
        root = self.tree.root
        return [(node.tag or "", tuple(node.attributes.items())) for node in root.traverse()] if root else []

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    @property
    def title(self) -> str:
        return self.words("h1")

    def words(self, selector: str) -> str:
        """The text of everything that `selector` finds, blanks made single."""
        return " ".join(" ".join(node.text() for node in self.tree.css(selector)).split())

    def value(self, name: str) -> str | None:
        node = self.tree.css_first(f'[name="{name}"]')
        if node is None:
            return None
        return node.text().removeprefix("\n") if node.tag == "textarea" else node.attributes.get("value")

    def error(self, name: str = "") -> str:
        """What the page says is wrong with a field, or with the form."""
        if name:
            return self.words(f"#{name}-error")
        return self.words("[role=alert] .whole") or self.words("[role=alert]")

    def form(self, action: str) -> LexborNode:
        for node in self.tree.css("form"):
            if node.attributes.get("action") == action:
                return node
        raise AssertionError(f"{self.path} has no form {action}: {[f.attributes for f in self.tree.css('form')]}")


class Visitor:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}

    def sign_in(self, person: Person) -> "Visitor":
        with store.transaction():
            self.cookies[cookies.SESSION] = sessions.open(person.user, person.account, "127.0.0.1", "a browser")
        return self

    @property
    def is_signed_in(self) -> bool:
        return cookies.SESSION in self.cookies

    async def get(self, path: str, **headers: str) -> Page:
        return await self._ask("GET", path, headers=headers)

    async def post(self, path: str, fields: dict[str, Any] | Fields | None = None, **headers: str) -> Page:
        return await self._ask("POST", path, data=_form(fields or []), headers=headers)

    async def send(self, page: Page, action: str, /, **typed: Any) -> Page:
        """Fill in the form of `page` with `action` and send it; None leaves a field out, a list repeats it."""
        fields = [pair for pair in fields_of(page.form(action)) if pair[0] not in typed]
        for name, value in typed.items():
            fields += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
        return await self.post(action, [pair for pair in fields if pair[1] is not None])

    async def press(self, page: Page, action: str, **typed: Any) -> Page:
        """A button with `formaction`, which sends the form at the end of the page."""
        button = page.tree.css_first(f'button[formaction="{action}"]')
        assert button is not None, f"{page.path} has no button {action}"
        form = page.tree.css_first(f"form#{button.attributes['form']}")
        assert form is not None
        return await self.post(action, [*fields_of(form), *typed.items()])

    async def follow(self, page: Page) -> Page:
        """Go where the answer to a form leads."""
        assert page.status == 303, f"{page.status} {page.text[:2000]}"
        return await self.get(page.location)

    async def _ask(self, method: str, path: str, **options: Any) -> Page:
        headers = {"Accept": "text/html", **options.pop("headers")}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        response = await self.client.request(method, path, headers=headers, **options)
        self._keep(response.headers.getall("Set-Cookie", []))
        return Page(path, response.status, response.headers, await response.text())

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def _form(fields: dict[str, Any] | Fields) -> Any:
    pairs = list(fields.items()) if isinstance(fields, dict) else fields
    if not any(isinstance(value, bytes) for _, value in pairs):
        return [(name, str(value)) for name, value in pairs]
    form = FormData(default_to_multipart=True)
    for name, value in pairs:
        if isinstance(value, bytes):
            form.add_field(name, value, filename="picture.png", content_type="image/png")
        else:
            form.add_field(name, str(value))
    return form


def fields_of(form: LexborNode) -> Fields:
    """What a browser would send if nobody touched the form; buttons and files are left out."""
    fields: Fields = []
    for node in form.css("input[name], textarea[name], select[name]"):
        attributes = node.attributes
        name, kind = str(attributes["name"]), attributes.get("type") or ""
        if kind in ("checkbox", "radio"):
            if "checked" in attributes:
                fields.append((name, attributes.get("value") or "on"))
        elif node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            if chosen is not None:
                fields.append((name, chosen.attributes.get("value") or ""))
        elif node.tag == "textarea":
            fields.append((name, node.text().removeprefix("\n")))
        elif kind != "file":
            fields.append((name, attributes.get("value") or ""))
    return fields
