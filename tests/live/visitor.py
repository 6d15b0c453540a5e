"""Somebody with a browser that has no scripts: opens pages, fills in forms, keeps cookies."""

from urllib.parse import urljoin

import requests
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.live.waiting import PATIENCE_SECONDS


class Visitor:
    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self.page = requests.Response()

    def open(self, url: str) -> None:
        self._arrive(self._session.get(url, timeout=PATIENCE_SECONDS))

    def submit(self, **values: str) -> None:
        """Fill in the form that has these fields or buttons, and send it with whatever else it holds."""
        form = next(form for form in self._tree().css("form") if all(_part(form, name) for name in values))
        filled = {
            name: part.attributes.get("value") or ""
            for part in form.css("input[name], textarea[name]")
            if (name := part.attributes.get("name"))
        }
        target = urljoin(self.page.url, form.attributes.get("action") or self.page.url)
        self._arrive(self._session.post(target, data=filled | values, timeout=PATIENCE_SECONDS))

    def text(self, selector: str) -> str:
        found = self._tree().css_first(selector)
        assert found is not None, self.page.text
        return (found.attributes.get("value") or found.text()).strip()

    def _arrive(self, page: requests.Response) -> None:
        assert page.ok, f"{page.status_code} {page.url}\n{page.text[:2000]}"
        self.page = page

    def _tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.page.text)


def _part(form: LexborNode, name: str) -> LexborNode | None:
    return form.css_first(f"[name='{name}']")


def authorization_code(address: str, login: str, password: str) -> str:
    """What somebody does whom an app sends to `address`: sign in, allow it, and copy the code that is shown."""
    visitor = Visitor()
    visitor.open(address)
    visitor.submit(login=login, password=password)
    visitor.submit(decision="allow")
    return visitor.text("code, input[readonly], output")
