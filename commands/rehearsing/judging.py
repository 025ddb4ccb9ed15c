"""The rehearsal's judges: all tablets sit down, then all of them mark at once, while the server is killed."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from commands.rehearsing.killing import Killer
from commands.rehearsing.outbox import OutboxTablet
from commands.replaying.plan import Plan, SheetPlan
from commands.replaying.preparing import Prepared
from commands.replaying.site import Site

# A rehearsal ends by itself: what a slow machine needs to start, for each restart, and for each message.
START_SECONDS, RESTART_SECONDS, MESSAGE_SECONDS = 60.0, 30.0, 0.1


@dataclass
class Judges:
    """One tablet for each sitting, with the sheets it has to fill in, in running order."""

    tablets: list[OutboxTablet]
    sheets: list[list[SheetPlan]]

    @property
    def messages(self) -> int:
        """How many messages all of them will send."""
        return sum(len(sheet.snapshots) for sheets in self.sheets for sheet in sheets)

    def acknowledged(self) -> int:
        """How many messages have been answered so far."""
        return sum(tablet.acknowledged for tablet in self.tablets)

    def close(self) -> None:
        """Put the tablets away."""
        for tablet in self.tablets:
            tablet.close()


def sit_down(site: Site, prepared: Prepared, *, seed: int) -> Judges:
    """A tablet on every seat that has something to mark. Raises ReplayError."""
    judges = Judges([], [])
    for number, sheets in enumerate(_by_sitting(prepared.plan).values()):
        tablet = OutboxTablet(site.url, sheets[0].judge, chance=random.Random(f"{seed}/{number}"))  # noqa: S311
        judges.tablets.append(tablet)
        judges.sheets.append(sheets)
        tablet.sit_down(prepared.cards[sheets[0].seat])
    return judges


def judge(site: Site, judges: Judges, *, kills: int, seed: int) -> dict[str, int]:
    """Let everybody mark everything, the server killed so often meanwhile. Returns the kills by moment.

    Ends by itself, with messages unanswered where the server cannot keep up. Raises ReplayError.
    """
    killer = None
    if kills and site.server is not None:
        chance = random.Random(f"{seed}/kills")  # noqa: S311  moments, nothing to be guessed
        killer = Killer(site.server, kills=kills, messages=judges.messages, chance=chance)
        # With no other connection open, the server that comes back has to recover the database by itself.
        site.engine.dispose()
    allowed = START_SECONDS + kills * RESTART_SECONDS + judges.messages * MESSAGE_SECONDS
    deadline = time.monotonic() + allowed
    with ThreadPoolExecutor(max_workers=max(1, len(judges.tablets)), thread_name_prefix="tablet") as threads:
        work = [
            threads.submit(tablet.judge_all, sheets, deadline, killer.share if killer is not None else _all_of_it)
            for tablet, sheets in zip(judges.tablets, judges.sheets, strict=True)
        ]
        try:
            if killer is not None:
                killer.run(judges.acknowledged, lambda: _is_over(work))
            for done in work:
                done.result()
        except BaseException:
            for tablet in judges.tablets:
                tablet.stop()
            raise
    return dict(killer.done) if killer is not None else {}


def _all_of_it() -> float:
    return 1.0


def _is_over(work: Sequence[Future[None]]) -> bool:
    return all(each.done() for each in work) or any(each.done() and each.exception() for each in work)


def _by_sitting(plan: Plan) -> dict[int, list[SheetPlan]]:
    found: dict[int, list[SheetPlan]] = defaultdict(list)
    for turn in plan.turns:
        for sheet in turn.sheets:
            found[sheet.sitting].append(sheet)
    return found
