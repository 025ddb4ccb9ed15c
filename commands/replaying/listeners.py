"""Phones in the hall: many open live streams, and when each of them got which frame.

One thread reads all of them from plain sockets, so that measuring takes little of the machine that is measured.
HTTP/1.0 keeps the stream as it is, without the chunks of HTTP/1.1.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from commands.replaying.errors import ReplayError

CONNECT_SECONDS = 10.0
LOOK_SECONDS = 0.05
CHUNK = 65536


@dataclass
class Phone:
    """One open stream: what has come in and is not yet a whole event, and the newest frame's bytes."""

    unread: bytes = b""
    frame: bytes = b""
    released_at: dict[str, float] = field(default_factory=dict)


class Listeners:
    """All the phones. `arrived` and `wait_for` speak of releases by the public id of the appearance."""

    def __init__(self, phones: list[tuple[socket.socket, Phone]]) -> None:
        self.phones = [phone for _, phone in phones]
        self.cut = 0
        self._selector = selectors.DefaultSelector()
        for connection, phone in phones:
            self._selector.register(connection, selectors.EVENT_READ, phone)
        self._news = threading.Condition()
        self._ended = threading.Event()
        # A frame is the same bytes for every phone, so each one is read as JSON once.
        self._released: dict[bytes, str | None] = {}
        for phone in self.phones:
            self._read(phone, b"", time.perf_counter())  # What came in together with the answer's head.
        self._thread = threading.Thread(target=self._listen, name="listeners", daemon=True)
        self._thread.start()

    def wait_for(self, appearance: str | None, seconds: float) -> bool:
        """Whether every phone has a frame (of this release, where one is named) within so many seconds."""
        def everybody() -> bool:
            return all(phone.frame and (appearance is None or appearance in phone.released_at) for phone in self.phones)

        with self._news:
            return self._news.wait_for(everybody, seconds)

    def arrivals(self, appearance: str) -> list[float]:
        """When each phone got the release (perf_counter); phones that never did are missing."""
        with self._news:
            return [phone.released_at[appearance] for phone in self.phones if appearance in phone.released_at]

    def wait_for_revision(self, revision: int, seconds: float) -> bool:
        """Whether every phone's newest frame is of this revision within so many seconds."""
        with self._news:
            return self._news.wait_for(
                lambda: all(phone.frame and revision_of(phone.frame) == revision for phone in self.phones), seconds
            )

    def last_frames(self) -> set[bytes]:
        """The newest frame of each phone: one value where all agree."""
        with self._news:
            return {phone.frame for phone in self.phones}

    def close(self) -> None:
        """Close every stream."""
        self._ended.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            self._leave(key.fileobj)
        self._selector.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            for key, _ in self._selector.select(LOOK_SECONDS):
                connection, phone = key.fileobj, key.data
                data = b""
                with contextlib.suppress(ConnectionError):
                    data = connection.recv(CHUNK)  # type: ignore[union-attr]
                if data:
                    self._read(phone, data, time.perf_counter())
                else:
                    self.cut += 1
                    self._leave(connection)

    def _read(self, phone: Phone, data: bytes, at: float) -> None:
        phone.unread += data
        *events, phone.unread = phone.unread.split(b"\n\n")
        with self._news:
            for event in events:
                frame = next((line[6:] for line in event.split(b"\n") if line.startswith(b"data: ")), None)
                if frame is None:
                    continue
                phone.frame = frame
                appearance = self._release_in(frame)
                if appearance is not None:
                    phone.released_at.setdefault(appearance, at)
            self._news.notify_all()

    def _release_in(self, frame: bytes) -> str | None:
        if frame not in self._released:
            release = json.loads(frame)["release"]
            self._released[frame] = release["appearance"] if release else None
        return self._released[frame]

    def _leave(self, connection: Any) -> None:
        self._selector.unregister(connection)
        connection.close()


@contextmanager
def listening(url: str, slug: str, count: int) -> Iterator[Listeners]:
    """So many open streams of a contest's public frames. Raises ReplayError where the server does not open them all."""
    phones: list[tuple[socket.socket, Phone]] = []
    try:
        for _ in range(count):
            phones.append(_open(url, f"/contests/{slug}/stream"))
    except OSError as error:
        for connection, _ in phones:
            connection.close()
        raise ReplayError(f"only {len(phones)} of {count} live streams could be opened: {error}") from error
    listeners = Listeners(phones)
    try:
        if not listeners.wait_for(None, CONNECT_SECONDS):
            raise ReplayError("a live stream did not begin with the current frame")
        yield listeners
    finally:
        listeners.close()


def revision_of(frame: bytes) -> int:
    """The revision a frame carries."""
    return int(json.loads(frame)["revision"])


def _open(url: str, path: str) -> tuple[socket.socket, Phone]:
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=CONNECT_SECONDS)
    request = f"GET {path} HTTP/1.0\r\nHost: {parts.netloc}\r\nAccept: text/event-stream\r\n\r\n"
    connection.sendall(request.encode())
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(CHUNK)
        if not data:
            break
        received += data
    head, _, rest = received.partition(b"\r\n\r\n")
    status = head.split(b"\r\n")[0].decode(errors="replace")
    if " 200 " not in status:
        connection.close()
        raise OSError(status or "no answer")
    phone = Phone()
    connection.setblocking(False)
    phone.unread = rest
    return connection, phone
