"""Play a folder: every turn is called, all its judges mark at once, the desk adjusts and releases, phones listen."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from commands.replaying import checking
from commands.replaying.desk import Desk
from commands.replaying.errors import ReplayError
from commands.replaying.listeners import Listeners, listening, revision_of
from commands.replaying.plan import RESENT_EVERY, SheetPlan, Turn
from commands.replaying.preparing import Prepared, prepare, scorekeeper
from commands.replaying.site import Site
from commands.replaying.tablet import Sent, Tablet
from contest.models import Contest
from contest.rules import Facts, Rules
from web.db import reading

FRAME_SECONDS = 10.0
Report = dict[str, str | int | float | bool | None]


@dataclass
class Times:
    """Milliseconds that were measured, one value each per listener and release."""

    after_answer: list[float] = field(default_factory=list)
    after_press: list[float] = field(default_factory=list)
    missed: int = 0


def play(site: Site, rules: Rules, facts: Facts, *, listeners: int) -> Report:
    """Play facts on a running server and report. Needs an app context. Raises ReplayError, ContestError."""
    began = time.perf_counter()
    prepared = prepare(site.engine, rules, facts)
    try:
        with httpx.Client(base_url=site.url, timeout=30, trust_env=False) as http:
            must_be_the_same_database(http, prepared)
            with scorekeeper(site.engine, prepared.slug) as who, listening(site.url, prepared.slug, listeners) as hall:
                desk = Desk(site.url, prepared.slug)
                desk.sign_in(who)
                event = Event(site, prepared, desk, hall)
                event.play()
                frames = event.last_frames(http)
            equal = checking.board_equals(http, prepared.slug, frames, rules, facts, prepared.plan)
    except httpx.HTTPError as error:
        raise ReplayError(f"the server stopped answering: {error or type(error).__name__}") from error
    sent = [each for tablet in event.tablets.values() for each in tablet.sent]
    with reading(site.engine) as db:
        stored = checking.read_back(db, db.get_one(Contest, prepared.contest_id), prepared.plan, sent)
    return {
        "contest": prepared.slug, "listeners": listeners, "turns": len(prepared.plan.turns),
        "held": len(prepared.plan.held), "tablets": len(event.tablets),
        **messages(sent), "stored": stored.stored, "lost": stored.lost, "doubled": stored.doubled,
        **spread("ack", [each.milliseconds for each in sent if each.milliseconds is not None]),
        **spread("frame", event.times.after_answer), **spread("press_to_frame", event.times.after_press),
        "frames_missed": event.times.missed, "streams_cut": hall.cut, "final_frame_equals_recount": equal,
        "seconds": round(time.perf_counter() - began, 2),
    }  # fmt: skip


class Event:
    """The running of the show: the tablets that have sat down so far, and the times that were measured."""

    def __init__(self, site: Site, prepared: Prepared, desk: Desk, hall: Listeners) -> None:
        self.site, self.prepared, self.desk, self.hall = site, prepared, desk, hall
        self.tablets: dict[int, Tablet] = {}
        self.times = Times()

    def play(self) -> None:
        """Play every turn in running order."""
        most = max((len(turn.sheets) for turn in self.prepared.plan.turns), default=1)
        try:
            with ThreadPoolExecutor(max_workers=max(1, most), thread_name_prefix="tablet") as judges:
                for number, turn in enumerate(self.prepared.plan.turns):
                    self._turn(turn, judges, twice=number % RESENT_EVERY == 0)
        finally:
            self.desk.close()
            for tablet in self.tablets.values():
                tablet.close()

    def last_frames(self, http: httpx.Client) -> set[bytes]:
        """Each phone's newest frame, once the newest one has had time to arrive."""
        newest = revision_of(http.get(f"/contests/{self.prepared.slug}/frame.json").content)
        self.hall.wait_for_revision(newest, FRAME_SECONDS)
        return self.hall.last_frames()

    def _turn(self, turn: Turn, judges: ThreadPoolExecutor, *, twice: bool) -> None:
        self.desk.call(turn)
        for sheet in turn.sheets:
            # A substitute is on the seat only from the call of the first contestant inside the own span.
            self.tablets.setdefault(sheet.sitting, Tablet(self.site.url, sheet.judge))
        for done in [judges.submit(self._judge, sheet) for sheet in turn.sheets]:
            done.result()
        self.desk.adjust(turn, twice=twice)
        if not turn.complete:
            return
        pressed, answered = self.desk.release(turn, twice=twice)
        self.hall.wait_for(turn.appearance, FRAME_SECONDS)
        arrived = self.hall.arrivals(turn.appearance)
        self.times.after_answer += [max(0.0, at - answered) * 1000 for at in arrived]
        self.times.after_press += [(at - pressed) * 1000 for at in arrived]
        self.times.missed += len(self.hall.phones) - len(arrived)

    def _judge(self, sheet: SheetPlan) -> None:
        tablet = self.tablets[sheet.sitting]
        if not tablet.lease:
            tablet.sit_down(self.prepared.cards[sheet.seat])
        tablet.judge_one(sheet)


def must_be_the_same_database(http: httpx.Client, prepared: Prepared) -> None:
    """Raise ReplayError where the server does not know the contest that was just made, or another key's cards."""
    answer = http.get(f"/contests/{prepared.slug}/frame.json")
    if answer.status_code == 404:
        raise ReplayError("the server works on another database than this command (CONTEST_DATABASE_URL)")
    if answer.status_code != 200:
        raise ReplayError(f"the server answered {answer.status_code} where the new contest should be")
    card = next(iter(prepared.cards.values()), None)
    if card is not None and http.get(f"/judge/{card}").status_code == 404:
        raise ReplayError("the server signs cards with another key than this command (CONTEST_SECRET_KEY)")


def messages(sent: Sequence[Sent]) -> Report:
    """How many messages got which answer; the answers add up to `sent`."""
    results = [each.result for each in sent]
    return {
        "sent": len(sent), "resent": sum(each.repeats for each in sent),
        "acknowledged": sum(each.is_acknowledged for each in sent), "refused": results.count("refused"),
        "stray": results.count("stray"), "superseded": results.count("superseded"), "unanswered": results.count(None),
    }  # fmt: skip


def spread(name: str, milliseconds: Sequence[float]) -> Report:
    """The middle and the 99th percentile by nearest rank; null where nothing was measured."""
    ordered = sorted(milliseconds)
    rank = {part: ordered[math.ceil(len(ordered) * part / 100) - 1] if ordered else None for part in (50, 99)}
    return {f"{name}_p{part}_ms": None if value is None else round(value, 1) for part, value in rank.items()}
