"""Another site on loopback: one page that is talked about, and a service that translates by shouting."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PAGE = b'<!doctype html><title>A storm</title><meta property="og:title" content="A storm">'
_LANGUAGES = [{"code": code, "name": code, "targets": ["en", "de"]} for code in ("en", "de")]


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/languages":
            self._answer("application/json", json.dumps(_LANGUAGES).encode())
        else:
            self._answer("text/html; charset=utf-8", _PAGE)

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        loud = {"translatedText": [text.upper() for text in question["q"]]}
        self._answer("application/json", json.dumps(loud).encode())

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def other_site() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
