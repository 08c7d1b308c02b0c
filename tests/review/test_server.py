"""The server of a review tells its own page of this machine, and nobody else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cleaner.review.run import Review
from cleaner.review.server import MOST_BYTES, ReviewServer
from helpers.reviews import run
from helpers.web_pages import Page


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """A browser, or somebody who says to be one."""

    def __init__(self, server: ReviewServer) -> None:
        self.server = server
        self.own = {"Origin": f"http://127.0.0.1:{server.server_port}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        reply = Reply(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return reply

    def get(self, name: str, **headers: str) -> Reply:
        return self.send("GET", f"/{self.server.token}/{name}", **headers)

    def post(self, name: str, value: object, **headers: str) -> Reply:
        return self.send("POST", f"/{self.server.token}/{name}", json.dumps(value).encode(), **(self.own | headers))

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self.get("state").body)
        return state


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def client(output: Path) -> Iterator[Client]:
    review = Review(output, output.parent / "mine.toml")
    with ReviewServer(review, "out", lambda: "<p>the report</p>") as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Client(server)
        server.shutdown()
        thread.join()


def test_it_listens_on_this_machine_only(client: Client) -> None:
    assert client.server.server_address[0] == "127.0.0.1"
    assert len(client.server.token) >= 32


def test_a_page_an_answer_and_undo(client: Client) -> None:
    page = client.get("")
    assert Page(page.body.decode()).count("script") == 1
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert client.get("report").body == b"<p>the report</p>"
    question = client.state()["question"]
    verdict = "keep" if question["kind"] == "removal" else "junk"
    answered = json.loads(client.post("answer", {"key": question["key"], "verdict": verdict}).body)
    assert answered["answers"] == 1
    assert answered["effect"]["own"]
    assert answered["question"]["key"] != question["key"]
    assert question["text"] in client.server.review.pack_path.read_text("utf-8")
    assert json.loads(client.post("undo", {}).body)["question"]["key"] == question["key"]


def test_an_answer_that_will_not_do_is_said_and_not_kept(client: Client) -> None:
    question = client.state()["question"]
    reply = json.loads(client.post("answer", {"key": question["key"], "verdict": "keep", "text": "没有这样的字"}).body)
    assert "no part of the line" in reply["effect"]["error"]
    assert reply["answers"] == 0
    assert json.loads(client.post("answer", {"key": "gone", "verdict": "keep"}).body)["answers"] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example.com"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://evil.example.com"},
        {"Origin": "null"},
    ],
)
def test_another_host_or_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    assert client.get("state", **headers).status == 403
    assert client.post("undo", {}, **headers).status == 403


def test_without_the_token_nothing_is_told(client: Client) -> None:
    for path in (
        "/",
        "/state",
        "/x/state",
        "/../../etc/passwd",
        f"/{client.server.token[:-1]}/state",
        "/%C3%A9",
    ):
        assert client.send("GET", path).status == 403
    assert client.send("POST", "/answer", b"{}", **client.own).status == 403


def test_a_post_without_origin_or_json_is_refused(client: Client) -> None:
    path = f"/{client.server.token}/undo"
    assert client.send("POST", path, b"{}", **{"Content-Type": "application/json"}).status == 403
    assert client.send("POST", path, b"{}", Origin=client.own["Origin"], **{"Content-Type": "text/plain"}).status == 415


@pytest.mark.parametrize("name", ["../x", "etc/passwd", "report.html", "static/x", "answer", "%2e%2e/", "state/"])
def test_no_file_is_served(client: Client, name: str) -> None:
    assert client.get(name).status == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"key": 1}', b'{"key": "a", "verdict": "delete"}', b"x" * (MOST_BYTES + 1)]
)
def test_a_wrong_body_is_refused(client: Client, body: bytes) -> None:
    path = f"/{client.server.token}/answer"
    assert client.send("POST", path, body, **client.own).status == 400
    assert client.state()["answers"] == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert client.send(method, f"/{client.server.token}/state").status == 501


@pytest.mark.slow
def test_the_review_ends_when_the_page_says_so(output: Path, tmp_path: Path) -> None:
    with ReviewServer(Review(output, tmp_path / "mine.toml"), "out", str) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        assert Client(server).post("end", {}).status == 200
        thread.join(5)
        assert not thread.is_alive()
