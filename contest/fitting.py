"""Whether what a contest has stored still fits another rule file: rounds, divisions, marks, adjustments, rulings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from contest import clocking, queries
from contest.models import (
    Adjustment,
    Appearance,
    Approval,
    Break,
    Contest,
    Draw,
    Entry,
    Mark,
    Round,
    Ruling,
    RulingKind,
    Seat,
    Sheet,
    Sitting,
    Span,
    Stage,
)  # fmt: skip
from contest.refusals import RulesUnfit
from contest.rules import AdjustmentKind, Criterion, MarkError, RoundRules, Rules, Text
from contest.rules.shape import Apply

# What a round cannot leave behind: none of it would have a place in the rules any more.
OF_A_ROUND = (Appearance, Ruling, Approval, Draw, Break, Span)
LIMITS = {"above_max": "max", "below_min": "min", "off_step": "step"}


def misfits(db: Session, contest: Contest, old: Rules, new: Rules) -> Iterator[RulesUnfit]:
    """What stands in the way of putting `new` in the place of `old`, one refusal for each thing; nothing is raised.

    Drafts and returned sheets count too: what a judge has written down must never become unwritable.
    """
    gone = list(_rounds(db, contest, old, new))
    yield from gone
    yield from _divisions(db, contest, old, new)
    if not gone:
        yield from _marks(db, contest, old, new)
        yield from _adjustments(db, contest, old, new)
        yield from _zeros(db, contest, old, new)
        yield from _clock(db, contest, old, new)


def _rounds(db: Session, contest: Contest, old: Rules, new: Rules) -> Iterator[RulesUnfit]:
    for round_ in db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)):
        if round_.code in new.rounds:
            continue
        used = (select(model.id).where(model.round_id == round_.id).limit(1) for model in OF_A_ROUND)
        if any(db.scalar(statement) is not None for statement in used):
            yield RulesUnfit(what="round", round=_title(old, round_.code))


def _divisions(db: Session, contest: Contest, old: Rules, new: Rules) -> Iterator[RulesUnfit]:
    """Divisions with entries. One that the rules in force do not declare either is left as it is."""
    counted = select(Entry.division, func.count()).where(Entry.contest_id == contest.id, Entry.division.is_not(None))
    for code, count in db.execute(counted.group_by(Entry.division).order_by(Entry.division)):
        if code is not None and code in old.divisions and code not in new.divisions:
            yield RulesUnfit(what="division", division=old.divisions[code], count=count)


def _marks(db: Session, contest: Contest, old: Rules, new: Rules) -> Iterator[RulesUnfit]:
    rows = db.execute(
        select(Round.code, Entry.division, Appearance.number, Seat.number, Mark.criterion, Mark.value)
        .join(Mark.sheet).join(Sheet.appearance).join(Appearance.round).join(Appearance.entry).join(Sheet.sitting)
        .join(Sitting.seat).where(Round.contest_id == contest.id)
        .order_by(Round.position, Appearance.position, Seat.number, Mark.id)
    )  # fmt: skip
    removed: dict[tuple[str, str, str, Text], int] = {}
    outside = []
    for code, division, number, seat, criterion, value in rows:
        then, now = _rules(old, code, division), _rules(new, code, division)
        known, asked = then.criterion(criterion) if then else None, now.criterion(criterion) if now else None
        name = _name(known, criterion)
        if asked is None or (known is not None and known.kind is not asked.kind):
            key = ("criterion" if asked is None else "nature", code, criterion, name)
            removed[key] = removed.get(key, 0) + 1
        elif wrong := _wrong(asked, value):
            outside.append(RulesUnfit(
                what="mark", round=_title(old, code), number=number, seat=seat, name=name, value=value, **wrong,
            ))  # fmt: skip
    for (what, code, _criterion, name), count in removed.items():
        yield RulesUnfit(what=what, round=_title(old, code), name=name, count=count)
    yield from outside


def _adjustments(db: Session, contest: Contest, old: Rules, new: Rules) -> Iterator[RulesUnfit]:
    rows = db.execute(
        select(Round.code, Entry.division, Appearance.id, Appearance.number, Adjustment.kind, Adjustment.value)
        .join(Adjustment.appearance).join(Appearance.round).join(Appearance.entry)
        .where(Round.contest_id == contest.id, Adjustment.cancelled_at.is_(None))
        .order_by(Round.position, Appearance.position, Adjustment.id)
    )  # fmt: skip
    removed: dict[tuple[str, str, Text], int] = {}
    outside, factors = [], set()
    for code, division, appearance, number, kind, value in rows:
        then, now = _rules(old, code, division), _rules(new, code, division)
        asked = now.adjustment(kind) if now else None
        name = _name(then.adjustment(kind) if then else None, kind)
        if asked is None:
            removed[code, kind, name] = removed.get((code, kind, name), 0) + 1
            continue
        where = {"round": _title(old, code), "number": number, "name": name}
        if wrong := _wrong(asked, value):
            outside.append(RulesUnfit(what="value", value=value, **where, **wrong))
        if asked.apply is Apply.MULTIPLY and (appearance, kind) in factors:
            outside.append(RulesUnfit(what="factor", **where))
        factors.add((appearance, kind))
    for (code, _kind, name), count in removed.items():
        yield RulesUnfit(what="kind", round=_title(old, code), name=name, count=count)
    yield from outside


def _zeros(db: Session, contest: Contest, old: Rules, new: Rules) -> Iterator[RulesUnfit]:
    """Zeros that were ruled for one criterion: some round they count in has to have it."""
    ruled = db.scalars(
        select(Ruling).where(
            Ruling.contest_id == contest.id, Ruling.kind == RulingKind.ZERO, Ruling.criterion.is_not(None),
            Ruling.cancelled_at.is_(None),
        ).order_by(Ruling.id).options(joinedload(Ruling.entry))
    )  # fmt: skip
    codes = {round_.id: round_.code for round_ in contest.rounds}
    for ruling in ruled:
        asked, division = ruling.criterion or "", ruling.entry.division if ruling.entry else None
        counts_in = list(new.rounds) if ruling.round_id is None else [codes[ruling.round_id]]
        if any(own.criterion(asked) for code in counts_in if (own := _rules(new, code, division))):
            continue
        then = [own.criterion(asked) for code in old.rounds if (own := _rules(old, code, division))]
        name = _name(next((each for each in then if each is not None), None), asked)
        yield RulesUnfit(what="zero", round=_title(old, counts_in[0]), name=name)


def _clock(db: Session, contest: Contest, old: Rules, new: Rules) -> Iterator[RulesUnfit]:
    """A part that is being timed: without it in the rules nobody could stop its clock."""
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one()
    if stage.appearance is None:
        return
    running = [each.id for each in clocking.read(db, queries.round_rules(old, stage.appearance), stage.appearance)
               if each.runs]  # fmt: skip
    if not set(running) <= set(queries.round_rules(new, stage.appearance).clocks):
        yield RulesUnfit(what="clock", number=stage.appearance.number)


def _rules(rules: Rules, code: str, division: str | None) -> RoundRules | None:
    round_ = rules.rounds.get(code)
    return None if round_ is None else round_.for_division(division)


def _title(rules: Rules, code: str) -> Text:
    """What people call a round; its code where the rules in force do not know it."""
    return rules.rounds[code].title if code in rules.rounds else Text(code, code)


def _name(known: Criterion | AdjustmentKind | None, code: str) -> Text:
    return Text(code, code) if known is None else known.title


def _wrong(asked: Criterion | AdjustmentKind, value: Decimal) -> dict[str, object] | None:
    """Why a stored value is none that these rules allow, with the limit it breaks."""
    try:
        asked.check(format(value, "f"))
    except MarkError as error:
        limit = error.wanted_args.get(LIMITS.get(error.code, ""))
        return {"why": error.code, "limit": limit}
    return None
