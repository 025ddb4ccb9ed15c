"""A tablet that keeps what it could not send: the queue of the score pad (static/judging/outbox.js) in Python.

Its judge goes on marking while the server is away. What waits is sent again, in order, with the same ids, until it is
answered; only then it leaves the outbox.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from commands.replaying.errors import ReplayError
from commands.replaying.plan import SheetPlan, Snapshot
from commands.replaying.tablet import Sent, Tablet

BATCH = 20
# How far a judge gets ahead of what is acknowledged: nobody marks a contestant who has not been on stage.
MOST_WAITING = 30
# The pad waits 1 s, 2 s, 4 s … 30 s for a hall's network; a rehearsal's server is back sooner.
FIRST_DELAY, LONGEST_DELAY = 0.1, 2.0
PACE = (0.01, 0.06)
ANSWER_SECONDS = 30.0


@dataclass
class _Waiting:
    """One message in the outbox."""

    sent: Sent
    body: dict[str, Any]
    tapped: float


@dataclass
class OutboxTablet(Tablet):
    """One device on one seat. `chance` spreads its taps and its repeats; `acknowledged` counts answered messages."""

    chance: random.Random = field(default_factory=random.Random)
    acknowledged: int = 0
    failures: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.outbox: list[_Waiting] = []
        self.versions: dict[str, int] = {}
        self.rules, self.retry_at, self.stopped = 0, 0.0, False

    def sit_down(self, card: str) -> None:
        """Sit down as every tablet does, and learn the rules' version."""
        super().sit_down(card)
        self.rules = int(self.state()["rules"])

    def judge_all(self, sheets: Sequence[SheetPlan], deadline: float, share: Callable[[], float]) -> None:
        """Mark every sheet, tap by tap, and go on sending until nothing waits or the deadline (monotonic) has passed.

        `share` says how much of it all has had its turn by now, from 0 to 1.
        """
        shots = [(sheet, snapshot) for sheet in sheets for snapshot in sheet.snapshots]
        for at, (sheet, snapshot) in enumerate(shots):
            while at >= share() * len(shots) and not self._is_over(deadline):
                time.sleep(PACE[0])
                self._send_if_due()
            self._put(sheet, snapshot)
            time.sleep(self.chance.uniform(*PACE))
            self._send_if_due()
            while len(self.outbox) >= MOST_WAITING and not self._is_over(deadline):
                self._wait_and_send()
            if self._is_over(deadline):
                return
        while self.outbox and not self._is_over(deadline):
            self._wait_and_send()

    def stop(self) -> None:
        """Give up: the rehearsal ends early."""
        self.stopped = True

    def _is_over(self, deadline: float) -> bool:
        return self.stopped or time.monotonic() > deadline

    def _put(self, sheet: SheetPlan, snapshot: Snapshot) -> None:
        """Into the outbox first, whatever the network does."""
        self.n += 1
        sent = Sent(str(uuid.uuid4()), sheet, snapshot)
        self.sent.append(sent)
        self.outbox.append(_Waiting(sent, {
            "id": sent.uid, "n": self.n, "kind": snapshot.kind, "sheet": "mark", "round": sheet.round,
            "entry": sheet.entry, "attempt": 1, "rules": self.rules, "base": self.versions.get(sheet.appearance, 0),
            "marks": snapshot.marks, "note": "", "tapped_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }, time.perf_counter()))  # fmt: skip

    def _wait_and_send(self) -> None:
        time.sleep(max(0.0, self.retry_at - time.monotonic()))
        self._send_if_due()

    def _send_if_due(self) -> None:
        if not self.outbox or time.monotonic() < self.retry_at:
            return
        batch = self.outbox[:BATCH]
        answers = self._answers(batch)
        if answers is None:
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(self.failures, 10))
            self.failures += 1
            self.retry_at = time.monotonic() + delay * self.chance.uniform(0.7, 1.3)
            return
        self.failures, self.retry_at = 0, 0.0
        for waiting, answer in zip(batch, answers, strict=True):
            self._take(waiting, answer)
        del self.outbox[: len(batch)]
        self._lose_the_answer(batch, answers)

    def _take(self, waiting: _Waiting, answer: dict[str, Any]) -> None:
        sent = waiting.sent
        sent.milliseconds = (time.perf_counter() - waiting.tapped) * 1000
        sent.result, sent.version, sent.receipt = answer["result"], answer["version"], answer["ledger"]
        known = self.versions.get(sent.sheet.appearance, 0)
        self.versions[sent.sheet.appearance] = max(known, sent.version)
        self.acknowledged += 1

    def _lose_the_answer(self, batch: Sequence[_Waiting], answers: Sequence[dict[str, Any]]) -> None:
        """Some answers count as lost on the way: their messages are sent again, and must get the same answer."""
        lost = [(waiting, answer) for waiting, answer in zip(batch, answers, strict=True)
                if waiting.sent.snapshot.resent]  # fmt: skip
        again = self._answers([waiting for waiting, _ in lost]) if lost else None
        for (waiting, answer), repeated in zip(lost, again or (), strict=False):
            waiting.sent.answered_differently = waiting.sent.answered_differently or repeated != answer

    def _was_under_way(self, batch: Sequence[_Waiting]) -> None:
        for waiting in batch:
            waiting.sent.tried = True

    def _answers(self, batch: Sequence[_Waiting]) -> list[dict[str, Any]] | None:
        """The answers to a batch, one each; None where the server is away, breaks off or is ill: nothing is known then.

        Raises ReplayError where it refuses the tablet.
        """
        for waiting in batch:
            # A message that was under way once may have been stored, so every later time is a repeat.
            waiting.sent.repeats += waiting.sent.tried
        body = json.dumps({"v": 1, "lease": self.lease["id"], "messages": [each.body for each in batch]}).encode()
        try:
            answer = self.http.post(
                self.addresses["messages"], content=body, timeout=ANSWER_SECONDS,
                headers={"Content-Type": "application/json", "X-Lease": self.lease["secret"]},
            )  # fmt: skip
            self._was_under_way(batch)
            if answer.status_code >= 500 or answer.status_code == 429:
                return None
            if answer.status_code != 200:
                said = f"{answer.status_code} {answer.text[:200]}"
                raise ReplayError(f"the server refused the messages of {self.judge}: {said}")
            found: list[dict[str, Any]] = answer.json()["answers"]
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return None
        except (httpx.TransportError, json.JSONDecodeError):
            self._was_under_way(batch)
            return None
        if [each["id"] for each in found] != [waiting.sent.uid for waiting in batch]:
            raise ReplayError(f"the server answered other messages than those of {self.judge}")
        return found
