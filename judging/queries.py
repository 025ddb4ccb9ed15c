"""Reads of the judge's own pages: the seat's state, which holds this sitting's sheets and nobody else's."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from contest import queries, seating, sheets, signing
from contest.models import (
    Appearance,
    Assignment,
    Contest,
    Lease,
    Round,
    RoundState,
    RuleVersion,
    Sheet,
    SheetKind,
    Sitting,
    Stage,
)
from contest.rules import Criterion, RoundRules, Text

Json = dict[str, object]


def has_begun(db: Session, contest_id: int) -> bool:
    """Whether a round of the contest is judging or has been: tablets may hold marks."""
    still = (RoundState.DRAFT, RoundState.OPEN)
    found = select(Round.id).where(Round.contest_id == contest_id, Round.state.not_in(still)).limit(1)
    return db.scalar(found) is not None


def state(db: Session, lease: Lease) -> Json:
    """All a judge's tablet needs to work alone: rounds, criteria, appearances in order, and own sheets."""
    sitting = lease.sitting
    contest = sitting.seat.panel.contest
    version = queries.rule_version(db, contest)
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id).options(joinedload(Stage.appearance))).one()
    own = {sheet.appearance_id: sheet for sheet in db.scalars(_own_sheets(sitting))}
    signed = _signed(db, contest, sitting) if any(sheet.is_final for sheet in own.values()) else {}
    rounds = [
        {**part, "signed": signed.get(round_.id, "none")}
        for round_ in _rounds(db, sitting) for part in _parts(db, round_, version, sitting, own)
    ]  # fmt: skip
    return {
        "v": 1, "epoch": contest.epoch, "rules": version.number, "active": seating.is_active(db, lease),
        "contest": {"slug": contest.slug, "title": contest.title, "rehearsal": contest.rehearsal},
        "seat": {
            "id": sitting.seat.public_id, "number": sitting.seat.number, "panel": sitting.seat.panel.code,
            "judge": sitting.code, "name": sitting.person.name,
        },
        "now": stage.appearance.public_id if stage.appearance else None, "rounds": rounds,
    }  # fmt: skip


def on_stage(db: Session, contest_id: int) -> tuple[Round, int] | None:
    """The round and running-order number on stage, or None."""
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest_id)).one_or_none()
    if stage is None or stage.round is None or stage.appearance is None:
        return None
    return stage.round, stage.appearance.position


def _signed(db: Session, contest: Contest, sitting: Sitting) -> dict[int, str]:
    """By round id: "due" where all own sheets are in, "signed", "out_of_date" where they were changed since."""
    found = {}
    for own in signing.own_sheets(db, contest, sitting=sitting):
        if own.round.state in signing.SIGNABLE:
            due = own.standing is signing.Signed.NOT_YET
            found[own.round.id] = ("none" if own.missing else "due") if due else own.standing.value
    return found


def _own_sheets(sitting: Sitting) -> Select[Sheet]:
    return (
        select(Sheet)
        .where(Sheet.sitting_id == sitting.id, Sheet.attempt == 1, Sheet.kind == SheetKind.MARK)
        .options(joinedload(Sheet.appearance).joinedload(Appearance.round))
    )


def _rounds(db: Session, sitting: Sitting) -> list[Round]:
    served = select(Appearance.round_id).where(Appearance.panel_id == sitting.seat.panel_id)
    statement = select(Round).where(Round.id.in_(served), Round.state != RoundState.DRAFT).order_by(Round.position)
    return list(db.scalars(statement))


def _parts(db: Session, round_: Round, version: RuleVersion, sitting: Sitting, own: dict[int, Sheet]) -> list[Json]:
    """A round once, or once for each division that has criteria of its own. What nobody judges is not on a pad."""
    rules = queries.rules_of(version).rounds[round_.code]
    assigned = _assigned(db, round_)
    parts: dict[str | None, list[Json]] = {}
    for each in queries.appearances_in_order(db, round_):
        if queries.sits_for(sitting, each) and sitting.id in assigned.get(each.id, {sitting.id}):
            division = each.entry.division
            differs = division is not None and rules.for_division(division).criteria != rules.criteria
            parts.setdefault(division if differs else None, []).append(_appearance(db, each, own.get(each.id)))
    judged = [(rules.for_division(division), division, rows) for division, rows in parts.items()]
    return [_part(round_, own, division, rows) for own, division, rows in judged if own.is_judged]


def _part(round_: Round, rules: RoundRules, division: str | None, appearances: list[Json]) -> Json:
    return {
        "code": round_.code, "division": division, "title": _both(rules.title), "state": round_.state.value,
        "total": None if rules.sheet_max is None else {"max": format(rules.sheet_max, "f")},
        "criteria": [_criterion(each) for each in rules.criteria], "appearances": appearances,
    }  # fmt: skip


def _assigned(db: Session, round_: Round) -> dict[int, set[int]]:
    """The sittings of each appearance that has assignments, by its id."""
    pairs = select(Assignment.appearance_id, Assignment.sitting_id).join(Assignment.appearance)
    found: dict[int, set[int]] = {}
    for appearance_id, sitting_id in db.execute(pairs.where(Appearance.round_id == round_.id)):
        found.setdefault(appearance_id, set()).add(sitting_id)
    return found


def _appearance(db: Session, appearance: Appearance, sheet: Sheet | None) -> Json:
    entry = appearance.entry
    return {
        "id": appearance.public_id, "entry": entry.code, "number": appearance.number, "order": appearance.position,
        "title": entry.title, "division": entry.division, "status": appearance.status.value,
        "mine": sheets.own_sheet(db, sheet) if sheet is not None else None,
    }  # fmt: skip


def _criterion(criterion: Criterion) -> Json:
    return {
        "id": criterion.id, "title": _both(criterion.title), "hint": _both(criterion.hint) if criterion.hint else None,
        "kind": str(criterion.kind), "weight": format(criterion.weight, "f"),
        "min": format(criterion.min, "f"), "max": format(criterion.max, "f"), "step": format(criterion.step, "f"),
        "bands": [
            {"title": _both(band.title), "low": format(band.low, "f"), "high": format(band.high, "f")}
            for band in criterion.bands
        ],
    }  # fmt: skip


def _both(text: Text) -> Json:
    return {"zh": text.zh, "en": text.en}
