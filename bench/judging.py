"""How fast a mark is durably acknowledged: 300 judges for a minute, at saturation, and an outbox that comes back.

Usage: python -m bench.judging [SECONDS]
SECONDS is how long the 300 judges mark (default 60). One worker on SQLite, as on one laptop. Both sides of each ratio
are measured alternately on the same server.
"""
from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app import create_app
from bench.figures import Figure, percentile, table
from bench.posting import Post, milliseconds, per_second, post
from bench.stage import KEY
from commands.replaying.preparing import prepare
from commands.replaying.site import Site, own_site
from contest import seating
from contest.composing import PRESETS
from contest.models import Contest, Panel, Seat, Sitting
from contest.rules import AppearanceFact, EntryFact, Facts, Rules, SittingFact, read_rules
from settings import Settings
from web.db import writing
from web.live import now

PANELS, SEATS, TURNS = 60, 5, 8
EVERY = 3.0
SHEETS, ROUNDS = 50, 3  # of an outbox; how often each side is measured
SATURATED, CONNECTIONS = 300, 16
LONG = "Z"  # the panel of two judges whose outboxes come back
Kept = dict[str, list["Tablet"]]


@dataclass
class Tablet:
    """A lease on a seat, and the number of its last message."""

    url: str
    seat: str
    lease: str
    secret: str
    n: int = 0

    def message(self, entry: str, kind: str, content: str = "27.50") -> dict[str, object]:
        """The next message: a whole sheet."""
        self.n += 1
        marks = {"content": content, "delivery": "26.00", "presence": "8.50", "random": "25.25"}
        return {
            "id": str(uuid.UUID(int=random.getrandbits(128), version=4)), "n": self.n, "kind": kind, "sheet": "mark",
            "round": "final", "entry": entry, "attempt": 1, "rules": 1, "base": 0, "marks": marks, "note": "",
        }  # fmt: skip

    def post(self, *messages: dict[str, object]) -> Post:
        """Messages as one request."""
        body = json.dumps({"v": 1, "lease": self.lease, "messages": messages}).encode()
        expected = b'"result":"submitted"' if messages[-1]["kind"] == "submit" else b'"result":"saved"'
        return post(self.url, f"/judge/seats/{self.seat}/messages", body, {"X-Lease": self.secret}, expected)


def field() -> Facts:
    """Sixty panels of five judges with eight entries each, and one of two judges with enough for every outbox."""
    many = SHEETS * ROUNDS * 2
    turns = [(f"P{panel}", f"{panel:02d}{turn:02d}") for panel in range(1, PANELS + 1) for turn in range(1, TURNS + 1)]
    turns += [(LONG, f"{LONG}{turn:03d}") for turn in range(1, many + 1)]
    seats = [(f"P{panel}", seat) for panel in range(1, PANELS + 1) for seat in range(1, SEATS + 1)]
    seats += [(LONG, seat) for seat in (1, 2)]
    return Facts(
        entries=tuple(EntryFact(entry, None, None, f"选手{entry}", f"作品{entry}") for _, entry in turns),
        appearances=tuple(
            AppearanceFact("final", entry, at, entry, panel) for at, (panel, entry) in enumerate(turns, start=1)
        ),
        sittings=tuple(SittingFact("final", panel, f"{panel}J{seat}", str(seat)) for panel, seat in seats),
    )


def sat_down(site: Site, contest_id: int) -> Kept:
    """A tablet on every seat, by panel."""
    tablets: Kept = {}
    with writing(site.engine) as db:
        contest = db.get_one(Contest, contest_id)
        sittings = select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest_id)
        for each in db.scalars(sittings.order_by(Seat.number)).all():
            new = seating.sit_down(
                db, contest, seat=each.seat, generation=each.seat.card_generation, sitting=each, device="bench",
                now=now(),
            )  # fmt: skip
            tablet = Tablet(site.url, each.seat.public_id, new.lease.public_id, new.secret)
            tablets.setdefault(each.seat.panel.code, []).append(tablet)
    return tablets


def acknowledged(site: Site, tablets: Kept, seconds: float) -> list[float]:
    """Milliseconds of each mark of 300 judges who change one every three seconds, spread evenly."""
    judges = [(panel, each) for panel, seats in tablets.items() if panel != LONG for each in seats]
    lines: list[Iterator[tuple[float, Post]]] = []
    for at, (panel, tablet) in enumerate(judges):
        entry, first = f"{int(panel[1:]):02d}01", EVERY * at / len(judges)
        times = [first + EVERY * turn for turn in range(max(1, round(seconds / EVERY)))]
        lines.append(iter([
            (due, tablet.post(tablet.message(entry, "save", f"{20 + turn % 9}.50"))) for turn, due in enumerate(times)
        ]))  # fmt: skip
    return milliseconds(site.url, lines)


def saturated(site: Site, tablets: Kept) -> list[Figure]:
    """Sheets a second, changed, begun and submitted, beside the INSERTs a second of the same application."""
    panels = [panel for panel in tablets if panel != LONG]
    rates: dict[str, list[float]] = {"change": [], "save": [], "submit": [], "insert": []}
    limit = [post(site.url, "/bench/insert", b"x" * 400, {}, b"x" * 400)] * SATURATED
    for turn in range(ROUNDS):
        for kind in ("change", "save", "submit"):
            # A change is of the sheet that each judge has marked for a minute, the others are of new ones.
            sheet, content = (1, f"{21 + turn}.00") if kind == "change" else (turn + 2, "27.50")
            sent_as = "submit" if kind == "submit" else "save"
            posts = [
                tablet.post(tablet.message(f"{int(panel[1:]):02d}{sheet:02d}", sent_as, content))
                for panel in panels for tablet in tablets[panel]
            ][:SATURATED]  # fmt: skip
            rates[kind].append(per_second(site.url, posts, connections=CONNECTIONS))
            rates["insert"].append(per_second(site.url, limit, connections=CONNECTIONS))
    insert = statistics.median(rates["insert"])
    return [
        Figure(f"sheets {said}, one in a POST, {CONNECTIONS} connections", statistics.median(rates[kind]), insert, "/s",
               "a POST with one durable INSERT through the same app", more_is_better=True)
        for said, kind in (("with a changed mark", "change"), ("begun", "save"), ("submitted", "submit"))
    ]  # fmt: skip


def outbox(site: Site, tablets: Kept) -> list[Figure]:
    """Sheets a second of fifty that come back at once, beside the same fifty one after another on one connection."""
    figures = []
    for said, kind, offset in (("saved", "save", 0), ("submitted", "submit", SHEETS * ROUNDS)):
        at_once, alone = [], []
        for turn in range(ROUNDS):
            entries = [f"{LONG}{offset + SHEETS * turn + at:03d}" for at in range(1, SHEETS + 1)]
            back, patient = tablets[LONG] if turn % 2 else reversed(tablets[LONG])
            whole = back.post(*[back.message(entry, kind) for entry in entries])
            single = [patient.post(patient.message(entry, kind)) for entry in entries]
            at_once.append(SHEETS * per_second(site.url, [whole], connections=1))
            alone.append(per_second(site.url, single, connections=1))
        figures.append(Figure(
            f"{SHEETS} sheets {said} by an outbox that comes back, in one POST", statistics.median(at_once),
            statistics.median(alone), "/s", "one after another, one kept-alive connection", more_is_better=True,
        ))  # fmt: skip
    return figures


def measured(rules: Rules, seconds: float) -> tuple[list[float], list[Figure]]:
    """Every acknowledgement's milliseconds, and the figures of saturation and outbox."""
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        settings = Settings(instance=Path(folder), secret_key=KEY, demo=False)
        app = create_app(settings)
        with app.app_context(), own_site(settings, KEY, app="bench.limit:app") as site:
            tablets = sat_down(site, prepare(site.engine, rules, field()).contest_id)
            site.engine.dispose()
            acknowledged(site, tablets, EVERY)  # Warm up.
            times = acknowledged(site, tablets, seconds)
            figures = saturated(site, tablets) + outbox(site, tablets)
        app.extensions["lectern_engine"].dispose()
    return times, figures


def main(arguments: list[str]) -> int:
    """Print the figures; an answer that is not the expected one ends it with an error."""
    seconds = float(arguments[0]) if arguments else 60.0
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    times, figures = measured(read_rules((PRESETS / "lecture-final.toml").read_bytes()), seconds)
    print(f"load after: {os.getloadavg()[0]:.1f}\n")
    p50, p99 = percentile(times, 50), percentile(times, 99)
    print(f"{PANELS * SEATS} judges, a mark every {EVERY:.0f} s, {seconds:.0f} s, {len(times)} marks: durable answer "
          f"p50 {p50:.0f} ms, p99 {p99:.0f} ms (wanted: at most 150), slowest {max(times):.0f} ms")  # fmt: skip
    print(f"wanted of the INSERT: at least 50 %; of one after another: at least 800 %\n\n{table(figures)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
