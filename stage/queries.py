"""Reads of the desk: who is on and who is next, the seats, what a release would show, and what waits for a decision.

No mark of a judge is read into anything here: of a sheet the desk learns whether it is in and how far it has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from contest import calling, checking, clocking, facts, ledger, releasing, showing, switching
from contest import queries as shared
from contest.checking import TimeLine
from contest.clocking import Segment
from contest.correcting import stray_id
from contest.models import (
    Adjustment,
    Appearance,
    AppearanceStatus,
    Audience,
    Contest,
    LedgerHead,
    Mark,
    Message,
    MessageResult,
    Panel,
    Round,
    RoundState,
    Screen,
    Seat,
    Sheet,
    SheetState,
    Sitting,
    Stage,
)  # fmt: skip
from contest.rules import AdjustmentKind, RoundRules, compute
from contest.visibility import Surface, may_see
from stage import log
from stage.log import LogLine

# A tablet that is there says so every few seconds; after this long without a word its dot turns hollow.
SILENT_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class SeatLine:
    """A seat of the panel, as the desk may know it."""

    seat: Seat
    judge: str
    sheet: SheetState | None
    submitted_at: datetime | None
    marks: int
    seen_at: datetime | None
    silent: bool
    excused: bool


@dataclass(frozen=True)
class KindLine:
    """A declared kind of adjustment with what has been entered of it."""

    kind: AdjustmentKind
    title: str
    entered: Sequence[Adjustment]

    @property
    def questions(self) -> int:
        """How many right or wrong answers it takes: a kind with one button whose sum is limited; 0 for other kinds."""
        choices, limit = self.kind.choices, self.kind.sum_min
        if len(choices) != 1 or limit is None or choices[0] >= 0 or self.kind.clock is not None:
            return 0
        return int(limit / choices[0])


@dataclass(frozen=True)
class Stray:
    """A message that waits for the chief judge, without its marks."""

    id: str
    number: str
    seat: int
    judge: str
    submits: bool
    reason: str
    suggestion: str
    received_at: datetime


@dataclass(frozen=True)
class Focus:
    """The appearance the right column works on: the one on stage, or one that was asked for."""

    appearance: Appearance
    on_stage: bool
    seats: Sequence[SeatLine]
    missing: Sequence[int]
    criteria: int
    kinds: Sequence[KindLine]
    result: tuple[str, str] | None
    out: bool
    times: Sequence[TimeLine]
    settled: bool
    in_time: bool

    @property
    def due(self) -> list[TimeLine]:
        """The parts whose proposed deduction nobody has entered."""
        return [line for line in self.times if line.due is not None]

    @property
    def runs(self) -> bool:
        """Whether its clock runs."""
        return any(line.part.runs for line in self.times)

    @property
    def timed(self) -> bool:
        """Whether anybody pressed its clock."""
        return any(line.part.pressed for line in self.times)

    @property
    def next_part(self) -> Segment | None:
        """The part that the clock's one button acts on: the running one, else the first that nobody pressed."""
        parts = [line.part for line in self.times]
        return next((part for part in parts if part.runs), None) or next((p for p in parts if not p.pressed), None)


@dataclass(frozen=True)
class Desk:
    """All that the desk shows."""

    round: Round | None
    round_title: str
    stage: Stage
    order: Sequence[Appearance]
    coming: Sequence[Appearance]
    out: set[int]
    unreleased: Sequence[Appearance]
    version: str
    score_ready: bool
    opened: bool
    focus: Focus | None
    strays: Sequence[Stray]
    log: Sequence[LogLine]
    head: LedgerHead


def desk(db: Session, contest: Contest, *, focus: str | None, lang: str, now: datetime) -> Desk:
    """The desk, at the appearance on stage or the one asked for by its public id. Raises NotFound."""
    stage = showing.stage_of(db, contest)
    order = shared.appearances_in_order(db, stage.round) if stage.round else []
    rules = shared.rules_of(shared.rule_version(db, contest))
    at = shared.appearance_of(db, contest, focus) if focus else stage.appearance
    out = calling.out_of(db, stage.round) if stage.round else set()
    return Desk(
        round=stage.round, round_title=rules.rounds[stage.round.code].title.in_(lang) if stage.round else "",
        stage=stage, order=order, coming=calling.to_come(order, stage.appearance, out), out=out,
        unreleased=[
            each for each in order
            if each.status is AppearanceStatus.DONE and not each.is_released and each is not at
        ],
        version=switching.version(stage), score_ready=switching.score_may_be_shown(contest, stage, db),
        opened=stage.round is not None and releasing.is_opened(db, stage.round),
        focus=_focus(db, contest, at, stage, lang, now) if at else None,
        strays=_strays(db, contest), log=log.last(db, contest, rules), head=ledger.head_of(db, contest),
    )  # fmt: skip


def last_press(db: Session, appearance: Appearance) -> str:
    """The public id of the clock's last press, which an undo takes back; "" where nobody has pressed it."""
    presses = clocking.presses_of(db, appearance)
    return presses[-1].public_id if presses else ""


def _focus(
    db: Session, contest: Contest, appearance: Appearance, stage: Stage, lang: str, now: datetime
) -> Focus:
    rules = shared.round_rules(shared.rules_of(shared.rule_version(db, contest)), appearance)
    missing = showing.missing_seats(db, appearance)
    entered = checking.entered_for(db, appearance)
    parts = clocking.read(db, rules, appearance)
    return Focus(
        appearance=appearance, on_stage=appearance.id == stage.appearance_id,
        seats=_seats(db, contest, appearance, missing, now), missing=missing, criteria=len(rules.criteria),
        kinds=_kinds(entered, rules, lang), result=_result(db, contest, appearance, complete=not missing),
        out=showing.is_out(db, appearance), times=checking.time_lines(parts, entered),
        settled=releasing.is_settled(db, contest, appearance), in_time=releasing.is_time(db, contest, appearance),
    )  # fmt: skip


def _seats(
    db: Session, contest: Contest, appearance: Appearance, missing: Sequence[int], now: datetime
) -> list[SeatLine]:
    sheets = {
        row.sitting_id: row for row in db.execute(
            select(Sheet.sitting_id, Sheet.state, Sheet.submitted_at, func.count(Mark.id).label("marks"))
            .outerjoin(Sheet.marks).where(Sheet.appearance_id == appearance.id, Sheet.attempt == 1)
            .group_by(Sheet.id, Sheet.sitting_id, Sheet.state, Sheet.submitted_at)
        )
    }  # fmt: skip
    seen = shared.last_seen(db, contest)
    lines = []
    for sitting in shared.sittings_for(db, appearance):
        sheet, seen_at = sheets.get(sitting.id), seen.get(sitting.seat_id)
        final = sheet is not None and sheet.state in (SheetState.SUBMITTED, SheetState.LOCKED)
        lines.append(SeatLine(
            seat=sitting.seat, judge=sitting.person.name, sheet=sheet.state if sheet else None,
            submitted_at=sheet.submitted_at if sheet and final else None, marks=sheet.marks if sheet else 0,
            seen_at=seen_at, silent=seen_at is None or now - seen_at > SILENT_AFTER,
            excused=not final and sitting.seat.number not in missing,
        ))  # fmt: skip
    return lines


def _kinds(entered: Sequence[Adjustment], rules: RoundRules, lang: str) -> list[KindLine]:
    return [
        KindLine(kind, kind.title.in_(lang), [each for each in entered if each.kind == kind.id])
        for kind in rules.adjustments
    ]


def _result(db: Session, contest: Contest, appearance: Appearance, *, complete: bool) -> tuple[str, str] | None:
    """The panel's score and the result, once every sheet is in: what a release shows, or has shown."""
    if not may_see(Surface.SCORE, Audience.STAFF, appearance, complete=complete):
        return None
    rules = shared.rules_of(shared.rule_version(db, contest))
    outcome = compute(rules, facts.read(db, contest, appearances={appearance.id}))
    score = outcome.rounds[appearance.round.code].scores.get(appearance.entry.code)
    if score is None or score.score is None:
        return None
    return _plain(score.panel), _plain(score.score)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _strays(db: Session, contest: Contest) -> list[Stray]:
    waiting = db.scalars(
        select(Message).join(Message.sitting).join(Sitting.seat).join(Seat.panel)
        .where(Panel.contest_id == contest.id, Message.result == MessageResult.STRAY, Message.decision.is_(None))
        .order_by(Message.id)
        .options(
            joinedload(Message.appearance),
            joinedload(Message.sitting).joinedload(Sitting.seat),
            joinedload(Message.sitting).joinedload(Sitting.person),
        )
    )  # fmt: skip
    return [
        Stray(
            id=stray_id(each), number=each.appearance.number if each.appearance else "", seat=each.sitting.seat.number,
            judge=each.sitting.person.name, submits=log.submits(each), reason=log.reason_of(each),
            suggestion=log.suggestion(each), received_at=each.received_at,
        )
        for each in waiting
    ]  # fmt: skip


def all_out(order: Sequence[Appearance], round_: Round | None) -> bool:
    """Whether the round's work at the desk is done: everything is released and it can be locked."""
    judging = round_ is not None and round_.state is RoundState.JUDGING
    return judging and bool(order) and all(each.is_released for each in order)


def screen(db: Session, contest: Contest) -> Screen | None:
    """The contest's first big screen."""
    return db.scalars(select(Screen).where(Screen.contest_id == contest.id).order_by(Screen.id).limit(1)).one_or_none()
