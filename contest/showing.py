"""Run the stage: call a contestant, choose the scene, adjust a score, release it, take a release back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import clocking, ledger, queries, releasing
from contest.errors import (
    AdjustmentRefused,
    AlreadyReleased,
    Malformed,
    NotReleased,
    ReasonMissing,
    RoundNotJudging,
    SheetsMissing,
)  # fmt: skip
from contest.ledger import Actor
from contest.models import (
    Action,
    Adjustment,
    Appearance,
    AppearanceStatus,
    Contest,
    ReleaseMode,
    Round,
    Ruling,
    RulingKind,
    Scene,
    Sheet,
    SheetState,
    Stage,
    Visibility,
)  # fmt: skip
from contest.rules import MarkError

LONGEST_PRESS = 36
OFF_PANEL = (RulingKind.VOID, RulingKind.RECUSED, RulingKind.ABSENT)
OUT_OF_RANKING = (RulingKind.WITHDRAWN, RulingKind.DISQUALIFIED)


def stage_of(db: Session, contest: Contest) -> Stage:
    """The contest's stage. Raises NotFound where the contest was never set up."""
    return queries.only(db, select(Stage).where(Stage.contest_id == contest.id))


def call(db: Session, contest: Contest, *, appearance: Appearance, now: datetime) -> Stage:
    """Bring an appearance on stage; pads, board and screen follow. Raises RoundNotJudging.

    Calling the one that is on already changes nothing, so a second press has no second effect. The clock of whoever
    leaves the stage is stopped.
    """
    ledger.lock(db, contest)
    _must_judge(appearance.round)
    stage = stage_of(db, contest)
    if stage.appearance_id == appearance.id and appearance.status is AppearanceStatus.ON_STAGE:
        return stage
    if stage.appearance is not None and stage.appearance.id != appearance.id:
        clocking.stop(db, contest, appearance=stage.appearance, now=now)
        if stage.appearance.status is AppearanceStatus.ON_STAGE:
            stage.appearance.status = AppearanceStatus.DONE
    appearance.status = AppearanceStatus.ON_STAGE
    stage.round, stage.appearance, stage.changed_at = appearance.round, appearance, now
    if stage.automatic:
        stage.scene = Scene.CONTESTANT
    return stage


def choose_scene(db: Session, contest: Contest, *, scene: Scene | None, now: datetime) -> Stage:
    """Hold the screen on one scene, or with None let it follow the event by itself again."""
    ledger.lock(db, contest)
    stage = stage_of(db, contest)
    stage.automatic = scene is None
    stage.scene = scene if scene is not None else _natural_scene(db, stage)
    stage.changed_at = now
    return stage


def follow(db: Session, contest: Contest, *, appearance: Appearance, now: datetime) -> None:
    """After a sheet came in: an automatic screen goes from the contestant or the stopped clock to the dots."""
    stage = stage_of(db, contest)
    before = stage.scene in (Scene.CONTESTANT, Scene.TIMER)
    follows = stage.automatic and stage.appearance_id == appearance.id and before
    if follows and _natural_scene(db, stage) is Scene.DOTS and not clocking.runs(db, contest, appearance):
        stage.scene, stage.changed_at = Scene.DOTS, now


def missing_seats(db: Session, appearance: Appearance) -> list[int]:
    """The seats whose sheet is not in, without those that a ruling takes off the panel for this appearance.

    A round that is measured instead of judged waits for no seat.
    """
    version = queries.rule_version(db, appearance.round.contest)
    if not queries.round_rules(queries.rules_of(version), appearance).is_judged:
        return []
    excused = excused_sittings(db, appearance)
    sheets = queries.sheets_of(db, appearance)
    return [
        sitting.seat.number for sitting in queries.sittings_for(db, appearance)
        if sitting.id not in excused and not (sitting.id in sheets and sheets[sitting.id].is_final)
    ]  # fmt: skip


def adjust(
    db: Session, contest: Contest, *, appearance: Appearance, kind: str, value: str, reason: str, press: str,
    by: Actor, now: datetime,
) -> Adjustment:  # fmt: skip
    """Add a penalty, a quiz deduction or a measured value of a declared kind. The same press makes it once.

    Raises AdjustmentRefused, ReasonMissing, RoundNotJudging, AlreadyReleased, and Malformed for a press of another
    appearance's form.
    """
    ledger.lock(db, contest)
    before = db.scalars(select(Adjustment).where(Adjustment.press == press)).one_or_none() if press else None
    if len(press) > LONGEST_PRESS or (before is not None and before.appearance_id != appearance.id):
        raise Malformed(what="press")
    if before is not None:
        return before
    _must_be_open(appearance)
    if not reason.strip():
        raise ReasonMissing
    adjustment = Adjustment(
        appearance_id=appearance.id, kind=kind, value=_checked(db, contest, appearance, kind, value),
        reason=reason.strip(), press=press or None, created_at=now,
    )  # fmt: skip
    db.add(adjustment)
    appearance.checked_at = None
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.ADJUSTED, subject=f"appearance:{appearance.public_id}", now=now,
        payload={
            "adjustment": adjustment.public_id, "kind": kind, "value": str(adjustment.value), "reason": reason.strip(),
        },
    )  # fmt: skip
    return adjustment


def cancel_adjustment(db: Session, contest: Contest, *, public_id: str, by: Actor, now: datetime) -> Adjustment:
    """Take an adjustment back; its row stays. A second press changes nothing. Raises NotFound, AlreadyReleased."""
    ledger.lock(db, contest)
    adjustment = queries.only(
        db,
        select(Adjustment).join(Adjustment.appearance).join(Appearance.round)
        .where(Adjustment.public_id == public_id, Round.contest_id == contest.id),
    )  # fmt: skip
    if adjustment.cancelled_at is not None:
        return adjustment
    _must_be_open(adjustment.appearance)
    adjustment.cancelled_at, adjustment.appearance.checked_at = now, None
    ledger.append(
        db, contest, by=by, action=Action.ADJUSTMENT_CANCELLED, now=now,
        subject=f"appearance:{adjustment.appearance.public_id}", payload={"adjustment": adjustment.public_id},
    )  # fmt: skip
    return adjustment


def release(
    db: Session, contest: Contest, *, appearance: Appearance, by: Actor, now: datetime, opening: bool = False
) -> Appearance:
    """Let everybody see the appearance's score; its sheets are locked. A second press changes nothing.

    `opening`: the chief judge begins the ceremony of a contest that holds its scores. An entry out of the ranking has
    no score to wait for. Raises RoundNotJudging, SheetsMissing, ClockRunning, NotChecked, ReleaseTooEarly.
    """
    ledger.lock(db, contest)
    _must_judge(appearance.round)
    if appearance.is_released:
        return appearance
    if not is_out(db, appearance):
        missing = missing_seats(db, appearance)
        if missing:
            raise SheetsMissing(seats=missing)
        releasing.must_be_settled(db, contest, appearance)
    releasing.must_be_time(db, contest, appearance, opening=opening)
    appearance.visibility, appearance.released_at = Visibility.RELEASED, now
    set_sheet_states(queries.sheets_of(db, appearance).values(), SheetState.SUBMITTED, SheetState.LOCKED)
    ledger.append(
        db, contest, by=by, action=Action.RELEASED, subject=f"appearance:{appearance.public_id}", payload={}, now=now
    )
    stage = stage_of(db, contest)
    if stage.automatic and _is_told_now(db, contest, stage, appearance):
        stage.scene, stage.changed_at = Scene.SCORE, now
    return appearance


def _is_told_now(db: Session, contest: Contest, stage: Stage, released: Appearance) -> bool:
    """Whether the hall hears this score now: who is on stage, or with lag-1 the one before while no clock runs."""
    if stage.appearance_id == released.id or stage.appearance is None:
        return stage.appearance_id == released.id
    lagging = contest.release_mode is ReleaseMode.LAG_1 and stage.scene in (Scene.DOTS, Scene.TIMER, Scene.CONTESTANT)
    return lagging and not clocking.runs(db, contest, stage.appearance)


def withdraw_release(
    db: Session, contest: Contest, *, appearance: Appearance, note: str, by: Actor, now: datetime
) -> Appearance:
    """Take a released score back with a note that the public reads.

    Raises NotReleased, ReasonMissing, RoundNotJudging.
    """
    ledger.lock(db, contest)
    _must_judge(appearance.round)
    if not appearance.is_released:
        raise NotReleased
    if not note.strip():
        raise ReasonMissing
    appearance.visibility, appearance.note = Visibility.WITHDRAWN, note.strip()
    set_sheet_states(queries.sheets_of(db, appearance).values(), SheetState.LOCKED, SheetState.SUBMITTED)
    ledger.append(
        db, contest, by=by, action=Action.RELEASE_WITHDRAWN, subject=f"appearance:{appearance.public_id}",
        payload={"note": note.strip()}, now=now,
    )  # fmt: skip
    stage = stage_of(db, contest)
    if stage.automatic and stage.appearance_id == appearance.id:
        stage.scene, stage.changed_at = _natural_scene(db, stage), now
    return appearance


def set_sheet_states(sheets: Iterable[Sheet], old: SheetState, new: SheetState) -> None:
    """Move every sheet that is in one state to another."""
    for sheet in sheets:
        if sheet.state is old:
            sheet.state = new


def _natural_scene(db: Session, stage: Stage) -> Scene:
    appearance = stage.appearance
    if appearance is None:
        return Scene.WAITING
    if appearance.is_released:
        return Scene.SCORE
    sheets = queries.sheets_of(db, appearance)
    return Scene.DOTS if any(sheet.is_final for sheet in sheets.values()) else Scene.CONTESTANT


def _must_judge(round_: Round) -> None:
    if not round_.is_judging:
        raise RoundNotJudging(state=round_.state.value)


def _must_be_open(appearance: Appearance) -> None:
    _must_judge(appearance.round)
    if appearance.is_released:
        raise AlreadyReleased


def _checked(db: Session, contest: Contest, appearance: Appearance, kind: str, value: str) -> Decimal:
    rules = queries.round_rules(queries.rules_of(queries.rule_version(db, contest)), appearance)
    declared = {each.id: each for each in rules.adjustments}
    if kind not in declared:
        raise AdjustmentRefused(kind=kind, why="kind_unknown")
    try:
        return declared[kind].check(value.strip())
    except MarkError as error:
        raise AdjustmentRefused(kind=kind, why=error.code, limit=_limit(error)) from error


def _limit(error: MarkError) -> str:
    bound = {"below_min": "min", "above_max": "max", "off_step": "step"}.get(error.code)
    return str(error.wanted_args[bound]) if bound else ""


def excused_sittings(db: Session, appearance: Appearance) -> set[int]:
    """The sittings that a ruling takes off the panel for this appearance."""
    rulings = db.scalars(
        select(Ruling).where(
            Ruling.contest_id == appearance.round.contest_id, Ruling.kind.in_(OFF_PANEL), Ruling.cancelled_at.is_(None),
            (Ruling.round_id == appearance.round_id) | Ruling.round_id.is_(None),
            (Ruling.entry_id == appearance.entry_id) | Ruling.entry_id.is_(None),
        )
    )  # fmt: skip
    return {ruling.sitting_id for ruling in rulings if ruling.sitting_id is not None}


def is_out(db: Session, appearance: Appearance) -> bool:
    """Whether a ruling puts the entry outside the ranking."""
    found = db.scalars(
        select(Ruling.id).where(
            Ruling.entry_id == appearance.entry_id, Ruling.kind.in_(OUT_OF_RANKING), Ruling.cancelled_at.is_(None),
            (Ruling.round_id == appearance.round_id) | Ruling.round_id.is_(None),
        ).limit(1)
    )  # fmt: skip
    return found.first() is not None
