"""A load generator that takes little of the machine: requests as fixed bytes on a few plain sockets, one thread."""
from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 16
ETAG = "bare-1"


@dataclass
class _Asker:
    connection: socket.socket
    received: bytes = b""
    waiting: bool = False


def answers_per_second(url: str, path: str, etag: str, *, requests: int) -> float:
    """How many 304 answers a second this many requests get, asked again as soon as they are answered.

    Raises RuntimeError at the first answer that is not a 304.
    """
    parts = urlsplit(url)
    asked = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nIf-None-Match: {etag}\r\n\r\n".encode()
    selector = selectors.DefaultSelector()
    askers = []
    for _ in range(CONNECTIONS):
        connection = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10)
        asker = _Asker(connection)
        askers.append(asker)
        selector.register(connection, selectors.EVENT_READ, asker)
    sent = done = 0
    began = time.perf_counter()
    for asker in askers:
        asker.connection.sendall(asked)
        sent += 1
    while done < sent:
        for key, _ in selector.select(10):
            asker = key.data
            asker.received += asker.connection.recv(65536)
            if b"\r\n\r\n" not in asker.received:
                continue
            if not asker.received.startswith(b"HTTP/1.1 304"):
                raise RuntimeError(asker.received[:200].decode(errors="replace"))
            asker.received = b""
            done += 1
            if sent < requests:
                asker.connection.sendall(asked)
                sent += 1
    seconds = time.perf_counter() - began
    for asker in askers:
        selector.unregister(asker.connection)
        asker.connection.close()
    return done / seconds
