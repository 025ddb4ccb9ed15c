"""What the first page of a demo leaves to the jobs worker: playing the final, a contestant at a time; the new start."""

from __future__ import annotations

import time

from flask import current_app

from contest.errors import ContestError
from leaderboard import demo, demo_play
from web import live, signs
from web.jobs import job, later

# The sign of a running play: which run, and how many contestants it still has.
SIGN = "demo"
CONTESTANTS = 10
# A play that has said nothing for so long is over: its worker was stopped.
SILENT_SECONDS = 60


def is_playing() -> bool:
    """Whether the demo plays by itself just now."""
    sign = signs.seen(SIGN)
    return sign is not None and sign["left"] > 0 and signs.age(SIGN) < SILENT_SECONDS


def say(run: str, left: int) -> None:
    """Leave the sign that this run has so many contestants to go; with 0 it ends."""
    signs.leave(SIGN, run=run, left=left)


@job
def play(run: str, left: int) -> None:
    """Play until the next contestant is on, then hand over to the next job, so that other jobs get their turn."""
    since = live.now()
    while _goes_on(run):
        say(run, left)
        try:
            with live.changing(demo.SLUG) as (db, contest):
                done = demo_play.move(db, contest, since=since, now=live.now())
                if done.over or (done.called and left <= 1):
                    demo_play.finish(db, contest, now=live.now())
        except ContestError:
            say(run, 0)  # Somebody sealed the round, or the demo is being made anew.
            return
        if done.over or (done.called and left <= 1):
            say(run, 0)
            return
        time.sleep(done.seconds)
        if done.called:
            later(play, run=run, left=left - 1)
            return


@job
def restart() -> None:
    """Make the demo anew."""
    demo.make(current_app.extensions["lectern_settings"])


def _goes_on(run: str) -> bool:
    sign = signs.seen(SIGN)
    return sign is not None and sign["run"] == run and sign["left"] > 0
