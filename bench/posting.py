"""POSTs as fixed bytes on plain kept-alive sockets from one thread, so that many tablets take little of the machine."""
from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Post:
    """A whole request, and what its answer must contain."""

    request: bytes
    expected: bytes


@dataclass
class Line:
    """One kept-alive connection: what it will post and when (perf_counter), and the post that is under way."""

    connection: socket.socket
    posts: deque[tuple[float, Post]] = field(default_factory=deque)
    under_way: tuple[float, Post] | None = None
    received: bytes = b""


def post(url: str, path: str, body: bytes, headers: Mapping[str, str], expected: bytes) -> Post:
    """A request's bytes."""
    lines = {"Host": urlsplit(url).netloc, "Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**lines, **headers}.items())
    return Post(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body, expected)


def milliseconds(url: str, lines: Sequence[Iterable[tuple[float, Post]]]) -> list[float]:
    """How long each post took, from the moment at which it was due (seconds from now) until its whole answer was there.

    One that has to wait because the one before it on its line is still under way counts from its own moment, too.
    Raises RuntimeError at the first answer that is not the expected one, or after a minute without any.
    """
    parts = urlsplit(url)
    selector = selectors.DefaultSelector()
    open_lines = []
    for _ in lines:
        line = Line(socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10))
        line.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line.connection, selectors.EVENT_READ, line)
        open_lines.append(line)
    began = time.perf_counter()
    for line, posts in zip(open_lines, lines, strict=True):
        line.posts.extend((began + due, each) for due, each in posts)
    taken: list[float] = []
    left, heard = sum(len(line.posts) for line in open_lines), time.perf_counter()
    while left:
        now = time.perf_counter()
        for line in open_lines:
            if line.under_way is None and line.posts and line.posts[0][0] <= now:
                line.under_way = line.posts.popleft()
                line.connection.sendall(line.under_way[1].request)
        for key, _ in selector.select(0.002):
            line, heard = key.data, time.perf_counter()
            line.received += line.connection.recv(262144)
            if line.under_way is not None and _is_whole(line.received):
                _must_be(line.received, line.under_way[1].expected)
                taken.append((heard - line.under_way[0]) * 1000)
                line.under_way, line.received, left = None, b"", left - 1
                if line.posts and line.posts[0][0] <= heard:
                    line.under_way = line.posts.popleft()
                    line.connection.sendall(line.under_way[1].request)
        if time.perf_counter() - heard > ANSWER_SECONDS:
            raise RuntimeError(f"{left} posts were not answered")
    for line in open_lines:
        selector.unregister(line.connection)
        line.connection.close()
    return taken


def per_second(url: str, posts: Sequence[Post], *, connections: int) -> float:
    """How many posts a second are answered where each connection posts its next one as soon as it can."""
    began = time.perf_counter()
    milliseconds(url, [[(0.0, each) for each in posts[at::connections]] for at in range(connections)])
    return len(posts) / (time.perf_counter() - began)


def _is_whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    raise RuntimeError(f"an answer without a length: {head[:200].decode(errors='replace')}")


def _must_be(received: bytes, expected: bytes) -> None:
    if not received.startswith(b"HTTP/1.1 200") or expected not in received:
        raise RuntimeError(received[:600].decode(errors="replace"))
