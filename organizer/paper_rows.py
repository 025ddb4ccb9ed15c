"""What the printed sheets say of a round: its running order, its seats and marks, its result. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import facts, queries, sealing, signing
from contest.anonymity import labelled
from contest.errors import PaperTooEarly
from contest.models import (
    Appearance,
    Assignment,
    Audience,
    Contest,
    Panel,
    Round,
    RuleVersion,
    Ruling,
    Seal,
    Seat,
    Sheet,
    Signature,
    Sitting,
)  # fmt: skip
from contest.rules import EntryScore, RoundRules, Rules, Standing, compute, story
from contest.showing import OUT_OF_RANKING
from contest.visibility import Surface, may_see


@dataclass(frozen=True)
class Running:
    """A round with its appearances in running order; `out`: the ids of those that a ruling takes out of the ranking."""

    round: Round
    rules: Rules
    appearances: Sequence[Appearance]
    out: frozenset[int]

    @property
    def held(self) -> list[str]:
        """The numbers whose scores are not out."""
        return [each.number for each in self.appearances if not each.is_released and each.id not in self.out]


@dataclass(frozen=True)
class SeatSheet:
    """A judge on a seat with the appearances it judges and, where they may be seen, its marks by appearance id."""

    sitting: Sitting
    appearances: Sequence[Appearance]
    marks: Mapping[int, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Line:
    """An entry in the result: its appearance, its place and how its score came about."""

    appearance: Appearance
    standing: Standing
    score: EntryScore | None


@dataclass(frozen=True)
class Result:
    """A round's result by division code (one group None where it is not divided), and the seal it rests on."""

    running: Running
    groups: Mapping[str | None, Sequence[Line]]
    seal: Seal | None


def running(db: Session, contest: Contest, round_: Round, seal: Seal | None = None) -> Running:
    """A round's running order, with the rules that count now, or those it was sealed with."""
    version = db.get_one(RuleVersion, seal.rule_version_id) if seal else queries.rule_version(db, contest)
    rules = queries.rules_of(version)
    appearances = db.scalars(
        select(Appearance).where(Appearance.round_id == round_.id).order_by(Appearance.position, Appearance.panel_id)
        .options(joinedload(Appearance.entry), joinedload(Appearance.panel), joinedload(Appearance.round))
    ).all()  # fmt: skip
    rulings = db.scalars(
        select(Ruling).where(
            Ruling.contest_id == contest.id, Ruling.kind.in_(OUT_OF_RANKING), Ruling.cancelled_at.is_(None),
            (Ruling.round_id == round_.id) | Ruling.round_id.is_(None),
        )
    ).all()  # fmt: skip
    gone = {each.entry_id for each in rulings}
    return Running(round_, rules, appearances, frozenset(a.id for a in appearances if a.entry_id in gone))


def seat_sheets(db: Session, contest: Contest, running: Running, *, filled: bool) -> list[SeatSheet]:
    """Every judge's sheet of a round, by panel and seat. Marks are shown as the policy allows it to staff."""
    sittings = db.scalars(
        select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
        .order_by(Panel.code, Seat.number, Sitting.id)
        .options(joinedload(Sitting.seat), joinedload(Sitting.person), selectinload(Sitting.spans))
    ).all()  # fmt: skip
    assigned: dict[int, set[int]] = defaultdict(set)
    for appearance_id, sitting_id in db.execute(
        select(Assignment.appearance_id, Assignment.sitting_id).join(Assignment.appearance)
        .where(Appearance.round_id == running.round.id)
    ):  # fmt: skip
        assigned[appearance_id].add(sitting_id)
    marks = _marks(db, running) if filled else {}
    found = []
    for sitting in sittings:
        own = [
            each for each in running.appearances
            if queries.sits_for(sitting, each) and (each.id not in assigned or sitting.id in assigned[each.id])
        ]  # fmt: skip
        if own:
            found.append(SeatSheet(sitting, own, marks.get(sitting.id, {})))
    return found


def _marks(db: Session, running: Running) -> dict[int, dict[int, dict[str, Decimal]]]:
    visible = {each.id for each in running.appearances if may_see(Surface.MARKS, Audience.STAFF, each)}
    found: dict[int, dict[int, dict[str, Decimal]]] = defaultdict(dict)
    for sheet in db.scalars(
        select(Sheet).join(Sheet.appearance).where(Appearance.round_id == running.round.id, Sheet.attempt == 1)
    ):  # fmt: skip
        if sheet.is_final and sheet.appearance_id in visible:
            found[sheet.sitting_id][sheet.appearance_id] = {mark.criterion: mark.value for mark in sheet.marks}
    return found


def signatures(
    db: Session, contest: Contest, running: Running, seats: Sequence[SeatSheet]
) -> dict[int, Signature]:
    """The judges' signatures that stand for their sheets as they count now, by sitting id.

    Only where the sheets show every mark that was signed: above a signature nobody may fill in a blank.
    """
    shown = {seat.sitting.id: set(seat.marks) for seat in seats}
    return {
        own.sitting.id: own.signature for own in signing.own_sheets(db, contest)
        if own.round.id == running.round.id and own.signature and own.standing is signing.Signed.SIGNED
        and {line.appearance.id for line in own.lines} <= shown.get(own.sitting.id, set())
    }  # fmt: skip


def stories(db: Session, contest: Contest, running: Running, lang: str) -> dict[int, str]:
    """How the scores that are out came about, by appearance id: the sentence that the board shows."""
    visible = [each for each in running.appearances if may_see(Surface.SCORE, Audience.STAFF, each)]
    if not visible:
        return {}
    found = labelled(facts.read(db, contest, appearances={each.id for each in visible}))
    standings = compute(running.rules, found).rounds[running.round.code].standings
    told = {each.entry: story(each.steps, lang) for each in standings}
    return {each.id: told.get(each.entry.code, "") for each in visible}


def result(db: Session, contest: Contest, round_: Round) -> Result:
    """A round's result, once every score is out. Raises PaperTooEarly naming those that are held."""
    seal = sealing.last_seal(db, round_) if round_.is_official else None
    found = running(db, contest, round_, seal)
    if found.held or not found.appearances:
        raise PaperTooEarly(numbers=found.held)
    outcome = compute(found.rules, labelled(facts.read(db, contest))).rounds[round_.code]
    by_entry = {each.entry.code: each for each in found.appearances}
    groups: dict[str | None, list[Line]] = defaultdict(list)
    for standing in outcome.standings:
        if standing.entry in by_entry:
            appearance = by_entry[standing.entry]
            score = outcome.scores.get(standing.entry)
            shown = score if may_see(Surface.MARKS, Audience.STAFF, appearance) else None
            groups[standing.division].append(Line(appearance, standing, shown))
    return Result(found, dict(groups), seal)


def round_rules(running: Running, division: str | None = None) -> RoundRules:
    """The rules of the round, or of one division in it."""
    return running.rules.rounds[running.round.code].for_division(division)
