"""Serve a review to the browser of this machine, and to nobody else.

The server listens on 127.0.0.1 only. Its address holds a random token, without which nothing is told; requests that
name another host (DNS rebinding) or come from another site's page are refused. No file is served.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from msgspec import Struct

from cleaner.errors import CleanerError, UsageError
from cleaner.explain.language import Language
from cleaner.review.page import describe_effect, describe_state, write_review_page
from cleaner.review.run import Review
from cleaner.review.session import Verdict

HOST = "127.0.0.1"
MOST_BYTES = 1 << 16
"""Bytes of a request's body."""
TIMEOUT = 30
"""Seconds that a connection may be silent."""
_TOKEN_BYTES = 24


class AnswerBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of an answer."""

    key: str
    verdict: Verdict
    text: str = ""
    category: str = ""


class ReviewServer(ThreadingHTTPServer):
    """One review at one address; requests are answered one after the other.

    Browsers open connections that they may never use: each has a thread, so that none keeps the others waiting.

    Attributes:
        token: what the address holds.
        turn: held by the request that is answered.
    """

    daemon_threads = True

    def __init__(
        self, review: Review, name: str, write_report: Callable[[], str], language: Language = "en", port: int = 0
    ) -> None:
        self.review, self.name, self.language = review, name, language
        self._write_report = write_report
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self.turn = threading.Lock()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise UsageError(f"--port {port}: {error.strerror}; leave it out for any free one") from None

    @property
    def address(self) -> str:
        """The address to open."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    @cached_property
    def report(self) -> str:
        """The report of the run."""
        return self._write_report()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a browser breaks a connection off."""

    def end(self) -> None:
        """End `serve_forever` after the request that asks for it."""
        threading.Thread(target=self.shutdown).start()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: ReviewServer
    timeout = TIMEOUT
    server_version, sys_version = "cleaner", ""

    def do_GET(self) -> None:
        """Give the page, the report, or the next question."""
        with self.server.turn:
            self._get(self._path())

    def _get(self, path: str | None) -> None:
        if path == "":
            page = write_review_page(self.server.review, self.server.name, self.server.language)
            self._send(page.text.encode(), "text/html", policy=page.policy)
        elif path == "report":
            self._send(self.server.report.encode(), "text/html")
        elif path == "state":
            self._send_state()
        elif path is not None:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Take an answer, take one back, or end."""
        path, body = self._path(is_post=True), b""
        if path is not None:
            body = self._body()
        with self.server.turn:
            self._post(path, body)

    def _post(self, path: str | None, body: bytes) -> None:
        if path == "answer":
            self._answer(body)
        elif path == "undo":
            self.server.review.undo()
            self._send_state()
        elif path == "end":
            self._send(b"{}", "application/json")
            self.server.end()
        elif path is not None:
            self._refuse(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
        """Keep quiet: addresses hold the token."""

    def _path(self, *, is_post: bool = False) -> str | None:
        """Return the path behind the token; None for a request that was refused."""
        names = {f"{HOST}:{self.server.server_port}", f"localhost:{self.server.server_port}"}
        origin = self.headers.get("Origin")
        is_own = origin in {f"http://{name}" for name in names} if origin is not None else not is_post
        _, token, *rest = [*self.path.split("?")[0].split("/", 2), ""]
        knows = hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode())
        if self.headers.get("Host") not in names or not is_own or not knows:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        if is_post and self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            return None
        return rest[0]

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdecimal() else 0
        return self.rfile.read(size) if size <= MOST_BYTES else b""

    def _answer(self, body: bytes) -> None:
        review = self.server.review
        try:
            reply = msgspec.json.decode(body, type=AnswerBody)
        except msgspec.DecodeError:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        question = next((one for one in review.pending if one.key == reply.key), None)
        if question is None:
            self._send_state()
            return
        try:
            effect = review.answer(question, reply.verdict, reply.text, reply.category)
            self._send_state(describe_effect(effect))
        except CleanerError as error:
            self._send_state({"error": str(error)})

    def _send_state(self, effect: dict[str, Any] | None = None) -> None:
        self._send(json.dumps(describe_state(self.server.review, effect)).encode(), "application/json")

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(status.phrase.encode(), "text/plain", status=status)

    def _send(self, data: bytes, kind: str, *, status: HTTPStatus = HTTPStatus.OK, policy: str = "") -> None:
        self.send_response(status)
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(data)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if policy:
            headers["Content-Security-Policy"] = policy
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
