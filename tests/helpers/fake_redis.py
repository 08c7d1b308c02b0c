"""A server that speaks Redis's protocol and answers whatever it is told to, for tests of what its client believes."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[list[bytes]], bytes]
"""From a command with its arguments to the bytes of the answer."""


def bulk(data: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(data), data)


def array(*items: bytes) -> bytes:
    return b"*%d\r\n%s" % (len(items), b"".join(items))


@contextmanager
def fake_redis(answer: Answer) -> Iterator[str]:
    """Serve on loopback while the block runs; the address of an index."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                words = []
                for _ in range(int(line[1:])):
                    size = int(self.rfile.readline()[1:])
                    words.append(self.rfile.read(size + 2)[:-2])
                greets = words[0].upper() in (b"HELLO", b"CLIENT", b"SELECT", b"PING")
                self.wfile.write(_greeting(words) if greets else answer(words))

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        finally:
            server.shutdown()
            thread.join()


def _greeting(words: list[bytes]) -> bytes:
    if words[0].upper() == b"HELLO":
        return b"%2\r\n" + bulk(b"server") + bulk(b"redis") + bulk(b"proto") + b":3\r\n"
    return b"+OK\r\n"
