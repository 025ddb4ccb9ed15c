"""The follower brings the screens up to date for those who do not wait, and outlives whatever goes wrong."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from flask import Flask, current_app

from web.refreshing import Follower

SECONDS = 10.0


def waited_for(holds: Callable[[], bool]) -> bool:
    """Whether something comes true within a while."""
    deadline = time.monotonic() + SECONDS
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def test_what_comes_in_during_a_refresh_is_shown_by_one_more():
    shown: list[tuple[int, str]] = []
    begun, go_on = threading.Event(), threading.Event()

    def refresh(contest_id: int) -> None:
        shown.append((contest_id, current_app.name))
        begun.set()
        go_on.wait(SECONDS)

    follower = Follower(Flask("screens"), refresh)
    follower.ask(7)
    assert begun.wait(SECONDS)
    for _ in range(50):
        follower.ask(7)
    go_on.set()
    assert waited_for(lambda: len(shown) == 2)
    time.sleep(0.3)
    assert shown == [(7, "screens")] * 2


def test_a_refresh_that_fails_is_logged_and_the_next_one_is_made(caplog):
    shown: list[int] = []

    def refresh(contest_id: int) -> None:
        shown.append(contest_id)
        if contest_id == 1:
            raise RuntimeError("no such contest")

    follower = Follower(Flask("screens"), refresh)
    with caplog.at_level(logging.ERROR, logger="web.refreshing"):
        follower.ask(1)
        assert waited_for(lambda: shown == [1] and bool(caplog.records))
        follower.ask(2)
        assert waited_for(lambda: shown == [1, 2])
    assert [record.message for record in caplog.records] == ["The screens of a contest were not brought up to date"]
