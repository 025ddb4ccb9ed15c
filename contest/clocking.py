"""The talk clock: its parts come from the rule file, its time from the server; presses are undone, never deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, queries
from contest.errors import AlreadyReleased, ClockMoved, Malformed, NotFound, NotOnStage, RoundNotJudging
from contest.ledger import SYSTEM, Actor
from contest.models import Action, Appearance, ClockAct, ClockPress, Contest, Scene, Stage
from contest.rules import Clock, RoundRules

LONGEST_PRESS = 36
SECOND = timedelta(seconds=1)
# A clock that was forgotten shows no more than this; nobody talks for six hours.
LONGEST = timedelta(hours=6)


@dataclass(frozen=True)
class Segment:
    """A part of the talk as the clock has it: `before` is the time until `since`, from when on it runs."""

    id: str
    clock: Clock
    before: timedelta
    since: datetime | None
    pressed: bool

    @property
    def runs(self) -> bool:
        """Whether its time passes now."""
        return self.since is not None

    def elapsed(self, now: datetime) -> timedelta:
        """Its time so far, by the server's clock."""
        running = now - self.since if self.since is not None else timedelta()
        return min(self.before + max(running, timedelta()), LONGEST)

    def seconds(self, now: datetime) -> int:
        """Its whole seconds, as the hall reads them."""
        return self.elapsed(now) // SECOND

    @property
    def proposed(self) -> Decimal | None:
        """What the stopped part costs by the rule, 0 included; None before the first press and while it runs."""
        return None if self.runs or not self.pressed else self.clock.proposed(self.before // SECOND)


def segments(rules: RoundRules, presses: Sequence[ClockPress]) -> list[Segment]:
    """The parts of a talk in the order of the rules, as these presses (oldest first, none undone) left them."""
    return [_segment(id, clock, [each for each in presses if each.segment == id]) for id, clock in rules.clocks.items()]


def read(db: Session, rules: RoundRules, appearance: Appearance) -> list[Segment]:
    """The clock of an appearance; `rules` are those it is judged by."""
    return segments(rules, presses_of(db, appearance)) if rules.clocks else []


def presses_of(db: Session, appearance: Appearance) -> Sequence[ClockPress]:
    """The presses that count, oldest first."""
    return db.scalars(
        select(ClockPress).where(ClockPress.appearance_id == appearance.id, ClockPress.undone_at.is_(None))
        .order_by(ClockPress.id)
    ).all()  # fmt: skip


def press(
    db: Session, contest: Contest, *, appearance: Appearance, segment: str, act: ClockAct, press: str, by: Actor,
    now: datetime, account_id: int | None = None,
) -> list[Segment]:  # fmt: skip
    """Start or pause a part of the talk; starting one stops another. What it does already is not done again.

    The same press counts once, whoever sends it. Raises Malformed for an unknown part or a press of another
    appearance, NotOnStage, RoundNotJudging, AlreadyReleased.
    """
    ledger.lock(db, contest)
    rules = _rules(db, contest, appearance)
    before = db.scalars(select(ClockPress).where(ClockPress.press == press)).one_or_none() if press else None
    if len(press) > LONGEST_PRESS or (before is not None and before.appearance_id != appearance.id):
        raise Malformed(what="press")
    if before is not None:
        return read(db, rules, appearance)
    if segment not in rules.clocks:
        raise Malformed(what="segment")
    _must_be_open(appearance)
    stage = _stage(db, contest)
    if act is ClockAct.START and stage.appearance_id != appearance.id:
        raise NotOnStage(number=appearance.number)
    now_runs = {each.id for each in read(db, rules, appearance) if each.runs}
    if (segment in now_runs) is (act is ClockAct.START):
        return read(db, rules, appearance)
    made = [ClockPress(segment=each, act=ClockAct.PAUSE) for each in now_runs - {segment} if act is ClockAct.START]
    made.append(ClockPress(segment=segment, act=act, press=press or None))
    _keep(db, contest, appearance, made, account_id=account_id, by=by, now=now)
    found = read(db, rules, appearance)
    _show(db, stage, appearance, starts=act is ClockAct.START, now=now)
    return found


def undo(
    db: Session, contest: Contest, *, appearance: Appearance, public_id: str, by: Actor, now: datetime
) -> ClockPress:  # fmt: skip
    """Take the last press back: the time runs on as if it had never been made. Undone twice changes nothing.

    Raises NotFound, ClockMoved where it is no longer the last press, NotOnStage where a clock would run for somebody
    who has left the stage, RoundNotJudging, AlreadyReleased.
    """
    ledger.lock(db, contest)
    found = db.scalars(
        select(ClockPress).where(ClockPress.public_id == public_id, ClockPress.appearance_id == appearance.id)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    if found.undone_at is not None:
        return found
    _must_be_open(appearance)
    counting = presses_of(db, appearance)
    if counting[-1].id != found.id:
        raise ClockMoved
    # What stopped one part to start another was one press.
    together = [each for each in counting if each.at == found.at]
    stops_again = all(each.act is ClockAct.START for each in together)
    if not stops_again and _stage(db, contest).appearance_id != appearance.id:
        raise NotOnStage(number=appearance.number)
    _drop(db, contest, appearance, together, by=by, now=now)
    return found


def reset(db: Session, contest: Contest, *, appearance: Appearance, segment: str, by: Actor, now: datetime) -> None:
    """Set a part of the talk back to ready. Its presses stay in the ledger. Raises RoundNotJudging, AlreadyReleased."""
    ledger.lock(db, contest)
    _must_be_open(appearance)
    _drop(db, contest, appearance, [each for each in presses_of(db, appearance) if each.segment == segment],
          by=by, now=now)  # fmt: skip


def stop(db: Session, contest: Contest, *, appearance: Appearance, now: datetime) -> None:
    """Stop whatever runs for an appearance that leaves the stage."""
    running = [each.id for each in read(db, _rules(db, contest, appearance), appearance) if each.runs]
    made = [ClockPress(segment=each, act=ClockAct.PAUSE) for each in running]
    _keep(db, contest, appearance, made, account_id=None, by=SYSTEM, now=now)


def runs(db: Session, contest: Contest, appearance: Appearance) -> bool:
    """Whether a clock runs for the appearance."""
    return any(each.runs for each in read(db, _rules(db, contest, appearance), appearance))


def _segment(id: str, clock: Clock, presses: Sequence[ClockPress]) -> Segment:
    before, since = timedelta(), None
    for each in presses:
        if each.act is ClockAct.START and since is None:
            since = each.at
        elif each.act is ClockAct.PAUSE and since is not None:
            before, since = before + (each.at - since), None
    return Segment(id, clock, min(before, LONGEST), since, bool(presses))


def _keep(
    db: Session, contest: Contest, appearance: Appearance, made: Sequence[ClockPress], *, account_id: int | None,
    by: Actor, now: datetime,
) -> None:  # fmt: skip
    for each in made:
        each.appearance_id, each.at, each.account_id = appearance.id, now, account_id
        db.add(each)
        db.flush()
        payload = {"press": each.public_id, "segment": each.segment, "act": each.act.value}
        _note(db, contest, appearance, Action.CLOCK_PRESSED, payload, by, now)
    if made:
        appearance.checked_at = None


def _drop(
    db: Session, contest: Contest, appearance: Appearance, presses: Sequence[ClockPress], *, by: Actor, now: datetime
) -> None:
    for each in presses:
        each.undone_at = now
        payload = {"press": each.public_id, "segment": each.segment, "act": each.act.value}
        _note(db, contest, appearance, Action.CLOCK_UNDONE, payload, by, now)
    if presses:
        appearance.checked_at = None
        db.flush()


def _note(
    db: Session, contest: Contest, appearance: Appearance, action: Action, payload: Mapping[str, object], by: Actor,
    now: datetime,
) -> None:  # fmt: skip
    subject = f"appearance:{appearance.public_id}"
    ledger.append(db, contest, by=by, action=action, subject=subject, payload=payload, now=now)


def _show(db: Session, stage: Stage, appearance: Appearance, *, starts: bool, now: datetime) -> None:
    """An automatic screen shows the clock while it runs, and the seats once it stands and a sheet is in."""
    if not stage.automatic or stage.appearance_id != appearance.id:
        return
    if starts and stage.scene in (Scene.CONTESTANT, Scene.DOTS):
        stage.scene, stage.changed_at = Scene.TIMER, now
    elif not starts and stage.scene is Scene.TIMER:
        sheets = queries.sheets_of(db, appearance)
        if sheets and all(sheet.is_final for sheet in sheets.values()):
            stage.scene, stage.changed_at = Scene.DOTS, now


def _rules(db: Session, contest: Contest, appearance: Appearance) -> RoundRules:
    return queries.round_rules(queries.rules_of(queries.rule_version(db, contest)), appearance)


def _stage(db: Session, contest: Contest) -> Stage:
    return queries.only(db, select(Stage).where(Stage.contest_id == contest.id))


def _must_be_open(appearance: Appearance) -> None:
    if not appearance.round.is_judging:
        raise RoundNotJudging(state=appearance.round.state.value)
    if appearance.is_released:
        raise AlreadyReleased
