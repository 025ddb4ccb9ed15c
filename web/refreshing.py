"""When the frames of a contest are rebuilt: once for all who wait, and soon for those who do not."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

GATHER_SECONDS = 0.1
log = logging.getLogger(__name__)


class Refreshes:
    """One refresh of a contest at a time; those who wait share the next one instead of each making their own."""

    def __init__(self) -> None:
        self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
        self._asked: defaultdict[int, int] = defaultdict(int)
        self._done: defaultdict[int, int] = defaultdict(int)

    @contextmanager
    def turn(self, contest_id: int) -> Iterator[bool]:
        """Whether the caller must refresh; False where a refresh that began after the call has finished meanwhile."""
        self._asked[contest_id] += 1
        mine = self._asked[contest_id]
        with self._locks[contest_id]:
            if self._done[contest_id] >= mine:
                yield False
                return
            covered = self._asked[contest_id]
            yield True
            self._done[contest_id] = covered


class Follower:
    """A thread of the web process that brings the screens up to date for those who do not wait for it.

    The first change is shown at once; while more of them come in, one refresh serves all of a moment.
    """

    def __init__(self, app: Flask, refresh: Callable[[int], None]) -> None:
        self._app, self._refresh, self._due, self._asked = app, refresh, set[int](), threading.Event()
        threading.Thread(target=self._follow, daemon=True, name="lectern-follower").start()

    def ask(self, *contest_ids: int) -> None:
        """Refresh these contests soon."""
        self._due.update(contest_ids)
        self._asked.set()

    def _follow(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            while self._due:
                contest_id = self._due.pop()
                with self._app.app_context():
                    try:
                        self._refresh(contest_id)
                    except Exception:
                        # Whatever it was, the next change must find this thread alive.
                        log.exception("The screens of a contest were not brought up to date")
            time.sleep(GATHER_SECONDS)
