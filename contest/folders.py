"""The contest folder into the database and out of it; reading and writing the files is `contest.rules`' part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import board, entering, facts, judging, ledger, queries
from contest.errors import Malformed
from contest.ledger import Actor
from contest.models import (
    Action,
    Adjustment,
    Appearance,
    Assignment,
    Contest,
    Entry,
    Mark,
    Member,
    MemberRole,
    Organization,
    Panel,
    Person,
    Round,
    RoundState,
    Ruling,
    RulingKind,
    Seat,
    SeatRole,
    Sheet,
    SheetState,
    Sitting,
    Span,
)  # fmt: skip
from contest.rules import AppearanceFact, Facts, Rules, SittingFact, compute, outcome_json, write_folder

ONLY_PANEL = "1"
LAST = 1_000_000


def import_facts(
    db: Session, *, facts: Facts, rules: Rules, slug: str, title: str, organization: Organization, by: Actor,
    now: datetime, rehearsal: bool = False, with_judging: bool = True,
) -> Contest:  # fmt: skip
    """A new contest from a folder's facts. Sheets come in as submitted, scores stay held until they are released.

    Without judging (a replay plays that part itself) only entries, panels, the running order and the rulings are taken.
    Raises NameTaken, Malformed.
    """
    contest = entering.create_contest(
        db, slug=slug, title=title, organization=organization, rules=rules, by=by, now=now, rehearsal=rehearsal
    )
    contest.published_at = now
    importing = _Import(db, contest, facts, now)
    importing.people_and_order()
    ledger.append(
        db, contest, by=by, action=Action.CONTEST_IMPORTED, subject=f"contest:{contest.public_id}", now=now,
        payload={"entries": len(facts.entries), "appearances": len(importing.appearances), "marks": len(facts.marks)},
    )  # fmt: skip
    if with_judging:
        importing.judging(by)
    importing.rule(by)
    for round_ in importing.rounds.values():
        judged = with_judging and any(mark.round == round_.code for mark in facts.marks)
        round_.state = RoundState.JUDGING if judged else RoundState.OPEN
    board.refresh(db, contest, now=now)
    return contest


def export(db: Session, contest: Contest, path: Path, *, replace: bool = False) -> None:
    """Write the contest as a folder: facts, rules, and the standings with the rules' hash and the ledger's head.

    Raises contest.rules.FolderError where the folder cannot be written.
    """
    version = queries.rule_version(db, contest)
    found = facts.read(db, contest)
    head = ledger.head_of(db, contest)
    outcome = compute(queries.rules_of(version), found)
    write_folder(path, found, version.source, outcome_json(outcome), head=head.hash, replace=replace)


class _Import:
    """One folder on its way in: what each code of the folder has become."""

    def __init__(self, db: Session, contest: Contest, facts: Facts, now: datetime) -> None:
        self.db, self.contest, self.facts, self.now = db, contest, facts, now
        self.rounds = {
            round_.code: round_
            for round_ in db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position))
        }
        self.entries: dict[str, Entry] = {}
        self.panels: dict[str, Panel] = {}
        self.appearances: dict[tuple[str, str], Appearance] = {}
        self.sittings: dict[tuple[str, str], list[Sitting]] = defaultdict(list)
        self.people: dict[str, Person] = {}

    def people_and_order(self) -> None:
        """Entries with their members, panels, appearances in running order, seats, sittings and assignments."""
        facts.refuse_overlong(self.facts)
        for at, fact in enumerate(self.facts.entries, start=1):
            self.entries[fact.entry] = Entry(
                contest_id=self.contest.id, code=fact.entry, position=at, division=fact.division, unit=fact.unit,
                name=fact.name, title=fact.title,
            )  # fmt: skip
        self._add(self.entries.values())
        members: dict[str, int] = defaultdict(int)
        for fact_ in sorted(self.facts.members, key=lambda each: each.order or LAST):
            members[fact_.entry] += 1
            self.db.add(Member(
                entry=self.entries[fact_.entry], person=self._person(fact_.name or ""), position=members[fact_.entry],
                role=MemberRole(fact_.role or "author"),
            ))  # fmt: skip
        self._appear()
        self._seat()
        for assigned in self.facts.assignments:
            for round_ in self._rounds(assigned.round):
                appearance = self.appearances[round_, assigned.entry]
                sitting = self._sitting(appearance, assigned.judge)
                self.db.add(Assignment(appearance_id=appearance.id, sitting_id=sitting.id))
        self.db.flush()

    def judging(self, by: Actor) -> None:
        """Marks as submitted sheets with their ledger rows, and adjustments."""
        version = queries.rule_version(self.db, self.contest)
        sheets: dict[tuple[int, int, int], Sheet] = {}
        for mark in self.facts.marks:
            appearance = self.appearances[self._rounds(mark.round)[0], mark.entry]
            sitting = self._sitting(appearance, mark.judge)
            attempt = mark.attempt or 1
            key = (appearance.id, sitting.id, attempt)
            if key not in sheets:
                sheets[key] = Sheet(
                    appearance=appearance, sitting=sitting, attempt=attempt, version=1, foreign_version=1,
                    rule_version_id=version.id, updated_at=self.now, state=SheetState.DRAFT,
                )  # fmt: skip
                self.db.add(sheets[key])
            sheets[key].marks.append(Mark(criterion=mark.criterion, value=mark.mark))
        self.db.flush()
        for sheet in sheets.values():
            judging.submit(
                self.db, self.contest, sheet=sheet, version=version, by=by, now=self.now
            )
        for fact in self.facts.adjustments:
            appearance = self.appearances[self._rounds(fact.round)[0], fact.entry]
            added = Adjustment(
                appearance=appearance, attempt=fact.attempt or 1, kind=fact.kind, value=fact.value, created_at=self.now,
            )  # fmt: skip
            self.db.add(added)
            self.db.flush()
            ledger.append(
                self.db, self.contest, by=by, action=Action.ADJUSTED, subject=f"appearance:{appearance.public_id}",
                payload={"adjustment": added.public_id, "kind": fact.kind, "value": str(fact.value)}, now=self.now,
            )  # fmt: skip

    def rule(self, by: Actor) -> None:
        """Rulings, each with its ledger row."""
        for fact in self.facts.rulings:
            ruling = Ruling(
                contest_id=self.contest.id, round_id=self.rounds[fact.round].id if fact.round else None,
                entry=self.entries[fact.entry] if fact.entry else None,
                sitting=self._ruled_judge(fact.round, fact.judge),
                attempt=fact.attempt, criterion=fact.criterion, kind=RulingKind(fact.kind), value=fact.value,
                created_at=self.now,
            )  # fmt: skip
            self.db.add(ruling)
            self.db.flush()
            ledger.append(
                self.db, self.contest, by=by, action=Action.RULED, subject=f"ruling:{ruling.public_id}", now=self.now,
                payload={
                    "kind": fact.kind, "round": fact.round, "entry": fact.entry, "judge": fact.judge,
                    "criterion": fact.criterion, "value": fact.value,
                },
            )  # fmt: skip

    def _appear(self) -> None:
        numbers: set[tuple[str, str]] = set()
        named = [fact.panel for fact in self.facts.appearances] + [fact.panel for fact in self.facts.sittings]
        for code in dict.fromkeys(filter(None, named)):
            self._panel(code)
        for fact, order in _in_order(self.facts.appearances):
            for round_ in self._rounds(fact.round):
                number = fact.number or fact.entry
                if (round_, number) in numbers:
                    raise Malformed(what=f"appearances.csv number {number}")
                numbers.add((round_, number))
                self.appearances[round_, fact.entry] = Appearance(
                    round_id=self.rounds[round_].id, entry=self.entries[fact.entry], number=number, position=order,
                    panel_id=self._panel(fact.panel or self._only_panel(round_)).id,
                )  # fmt: skip
        self._add(self.appearances.values())

    def _panel(self, code: str) -> Panel:
        if code not in self.panels:
            self.panels[code] = Panel(contest_id=self.contest.id, code=code)
            self._add([self.panels[code]])
        return self.panels[code]

    def _only_panel(self, round_: str) -> str:
        """The panel of a round's appearances that name none. Raises Malformed where it could be one of several."""
        rows = [(fact.round, fact.panel) for fact in self.facts.appearances]
        rows += [(fact.round, fact.panel) for fact in self.facts.sittings]
        named = {panel for round_or_any, panel in rows if panel and round_or_any in (None, round_)}
        if len(named) > 1:
            raise Malformed(what=f"appearances.csv panel, {round_}")
        return named.pop() if named else ONLY_PANEL

    def _seat(self) -> None:
        """Seats by number; a judge on one seat is one sitting, whose spans say where it counts."""
        rows: dict[tuple[str, int, str], list[SittingFact]] = defaultdict(list)
        numbers: dict[tuple[str, str], int] = {}
        for fact in self.facts.sittings:
            for panel in [fact.panel] if fact.panel else self._panels_of(fact.round):
                number = self._seat_number(fact, panel, numbers)
                rows[panel, number, fact.judge].append(fact)
        seats: dict[tuple[str, int], Seat] = {}
        for panel, number, judge in rows:
            if (panel, number) not in seats:
                role = SeatRole(rows[panel, number, judge][0].role)
                seats[panel, number] = Seat(panel=self.panels[panel], number=number, role=role)
                self.db.add(seats[panel, number])
            sitting = Sitting(seat=seats[panel, number], person=self._person(judge), code=judge)
            self.db.add(sitting)
            self.sittings[panel, judge].append(sitting)
            self._span(sitting, panel, rows[panel, number, judge])
        self.db.flush()

    def _span(self, sitting: Sitting, panel: str, rows: list[SittingFact]) -> None:
        covered: dict[str, SittingFact] = {}
        for fact in rows:
            for round_ in self._rounds(fact.round):
                if covered.setdefault(round_, fact) is not fact:
                    raise Malformed(what=f"judges.csv {fact.judge}, twice on a seat in {round_}")
        served = [code for code, _ in self.rounds.items() if panel in self._panels_of(code)]
        if all(code in covered and covered[code].first is covered[code].last is None for code in served):
            return
        for code, fact in covered.items():
            self.db.add(Span(sitting=sitting, round_id=self.rounds[code].id, first=fact.first, last=fact.last))

    def _seat_number(self, fact: SittingFact, panel: str, numbers: dict[tuple[str, str], int]) -> int:
        """The seat's number; where the folder names none, judges are seated in the order of their first row."""
        if fact.seat is not None:
            if not fact.seat.isdecimal() or not 1 <= int(fact.seat) <= 999:
                raise Malformed(what=f"judges.csv seat {fact.seat}")
            return int(fact.seat)
        if (panel, fact.judge) not in numbers:
            numbers[panel, fact.judge] = 1 + sum(seated == panel for seated, _ in numbers)
        return numbers[panel, fact.judge]

    def _panels_of(self, round_: str | None) -> list[str]:
        by_id = {panel.id: code for code, panel in self.panels.items()}
        return list(dict.fromkeys(
            by_id[each.panel_id] for (code, _), each in self.appearances.items() if round_ is None or code == round_
        ))  # fmt: skip

    def _rounds(self, code: str | None) -> list[str]:
        return [code] if code is not None else list(self.rounds)

    def _sitting(self, appearance: Appearance, judge: str) -> Sitting:
        """The judge's sitting on the appearance's panel; of several the one whose span holds it."""
        panel = next(code for code, panel in self.panels.items() if panel.id == appearance.panel_id)
        for sitting in self.sittings[panel, judge]:
            if queries.sits_for(sitting, appearance):
                return sitting
        raise Malformed(what=f"judges.csv {judge}")

    def _ruled_judge(self, round_: str | None, judge: str | None) -> Sitting | None:
        if judge is None:
            return None
        panels = self._panels_of(round_)
        for (panel, code), sittings in self.sittings.items():
            if code == judge and panel in panels and sittings:
                return sittings[0]
        raise Malformed(what=f"judges.csv {judge}")

    def _person(self, name: str) -> Person:
        return self.people.setdefault(name, Person(name=name))

    def _add(self, rows: Iterable[Entry | Panel | Appearance]) -> None:
        self.db.add_all(list(rows))
        self.db.flush()


def _in_order(appearances: Iterable[AppearanceFact]) -> list[tuple[AppearanceFact, int]]:
    """Each appearance with its running-order number; those without one come after the last of their round."""
    last: dict[str | None, int] = defaultdict(int)
    for fact in appearances:
        last[fact.round] = max(last[fact.round], fact.order or 0)
    found = []
    for fact in appearances:
        if fact.order is None:
            last[fact.round] += 1
        found.append((fact, last[fact.round] if fact.order is None else fact.order))
    return found
