"""Kill the rehearsal's own server with SIGKILL while the tablets send, and start it again on the same data."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from commands.rehearsing.mortal import AFTER, BEFORE, HOLD_SECONDS, Moments
from commands.replaying.errors import ReplayError
from commands.replaying.site import Server

ANY = "any-moment"
MOMENTS = (AFTER, BEFORE, ANY)
LOOK_SECONDS = 0.005
# A kill needs messages that come by.
MESSAGES_PER_KILL = 3


class Killer:
    """So many kills, spread over the messages of the contest; `done` counts them by moment."""

    def __init__(self, server: Server, *, kills: int, messages: int, chance: random.Random) -> None:
        self.server, self.chance = server, chance
        self.moments = Moments(server.settings.instance)
        if kills * MESSAGES_PER_KILL > messages:
            raise ReplayError(f"{kills} kills need at least {kills * MESSAGES_PER_KILL} messages; these are {messages}")
        self.due = [int(messages * (at + chance.uniform(0, 0.9)) / (kills + 1)) for at in range(kills)]
        self._armed = False
        # As many of each kind as of every other; which comes when is a matter of chance.
        self.kinds = [MOMENTS[at % len(MOMENTS)] for at in range(kills)]
        chance.shuffle(self.kinds)
        self.done: Counter[str] = Counter()

    def share(self) -> float:
        """How much of the judging has had its turn: a part before each kill and one after the last.

        While a moment is waited for, judges just go on, or there might be no message to be held.
        """
        finished = self._armed or self.done.total() >= len(self.due)
        return 1.0 if finished else (self.done.total() + 1) / (len(self.due) + 1)

    def run(self, acknowledged: Callable[[], int], is_over: Callable[[], bool]) -> None:
        """Kill and start again each time that so many messages are acknowledged. Raises ReplayError, also where the
        server does not come back.

        `is_over`: no tablet sends any more (all is sent, or a tablet gave up); what is still due is then left out.
        """
        for due, kind in zip(self.due, self.kinds, strict=True):
            while acknowledged() < due and not is_over():
                time.sleep(LOOK_SECONDS)
            if is_over():
                return
            self.done[self._kill(kind, is_over)] += 1
            self.server.start()

    def _kill(self, kind: str, is_over: Callable[[], bool]) -> str:
        """Kill at this moment; where no message comes by in time, at any. Returns which moment it was."""
        if kind == ANY:
            time.sleep(self.chance.uniform(0.0, 0.05))
        else:
            self.moments.arm(kind)
            self._armed = True
            deadline = time.monotonic() + HOLD_SECONDS
            while not self.moments.is_held() and not is_over() and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS / 5)
        hit = kind if kind == ANY or self.moments.is_held() else ANY
        self.server.kill()
        self._armed = False
        self.moments.clear()
        return hit
