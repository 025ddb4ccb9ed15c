"""A contest's rows as the rule engine's frozen facts: what a recount, a board and a seal are computed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from contest.errors import Malformed
from contest.models import (
    Adjustment,
    Appearance,
    Assignment,
    Contest,
    Entry,
    Mark,
    Member,
    Panel,
    Person,
    Round,
    Ruling,
    RulingKind,
    Seat,
    Sheet,
    SheetState,
    Sitting,
    Span,
)  # fmt: skip
from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    MarkFact,
    MemberFact,
    RulingFact,
    SittingFact,
)  # fmt: skip

LONGEST_CODE, LONGEST_LINE = 64, 200
FINAL = (SheetState.SUBMITTED, SheetState.LOCKED)
# A recount does not need to know who was sent on: the appearances of the next round say it.
NO_FACTS = (RulingKind.ADVANCE,)


def read(db: Session, contest: Contest, *, appearances: Collection[int] | None = None) -> Facts:
    """A contest's facts: all of them, or only what belongs to the named appearances (a live board's released ones).

    Drafts and returned sheets are no facts: only what a judge has submitted counts. Columns are read as tuples, which
    takes a fifth of the time that whole objects take (docs/performance.md).
    """
    shown = _appearances(db, contest, appearances)
    ids = None if appearances is None else {row.id for row in shown}
    return Facts(
        entries=_entries(db, contest), members=_members(db, contest) if appearances is None else (),
        appearances=tuple(
            AppearanceFact(row.round, row.entry, row.position, row.number, row.panel) for row in shown
        ),
        sittings=_sittings(db, contest),
        assignments=tuple(AssignmentFact(r.round, r.entry, r.judge) for r in _among(_assignments(db, contest), ids)),
        marks=tuple(
            MarkFact(r.round, r.entry, r.judge, r.criterion, r.attempt, r.kind.value, r.value)
            for r in _among(_marks(db, contest), ids)
        ),
        adjustments=tuple(
            AdjustmentFact(r.round, r.entry, r.attempt, r.judge, r.kind, r.value)
            for r in _among(_adjustments(db, contest), ids)
        ),
        rulings=_rulings(db, contest),
    )  # fmt: skip


def _among(rows: Iterable[Row[tuple[object, ...]]], ids: set[int] | None) -> Iterable[Row[tuple[object, ...]]]:
    return rows if ids is None else (row for row in rows if row.appearance_id in ids)


def _entries(db: Session, contest: Contest) -> tuple[EntryFact, ...]:
    columns = select(Entry.code, Entry.division, Entry.unit, Entry.name, Entry.title)
    rows = db.execute(columns.where(Entry.contest_id == contest.id).order_by(Entry.position))
    return tuple(EntryFact(*row) for row in rows)


def _members(db: Session, contest: Contest) -> tuple[MemberFact, ...]:
    rows = db.execute(
        select(Entry.code, Member.position, Person.name, Member.role).join(Member.entry).join(Member.person)
        .where(Entry.contest_id == contest.id).order_by(Entry.position, Member.position)
    )  # fmt: skip
    return tuple(MemberFact(code, position, name, role.value) for code, position, name, role in rows)


def _appearances(db: Session, contest: Contest, only: Collection[int] | None) -> list[Row[tuple[object, ...]]]:
    statement = (
        select(
            Appearance.id, Round.code.label("round"), Entry.code.label("entry"), Appearance.position, Appearance.number,
            Panel.code.label("panel"),
        )
        .join(Appearance.round).join(Appearance.entry).join(Appearance.panel)
        .where(Round.contest_id == contest.id).order_by(Round.position, Appearance.position)
    )  # fmt: skip
    rows = db.execute(statement).all()
    return [row for row in rows if only is None or row.id in only]  # type: ignore[misc]


def _sittings(db: Session, contest: Contest) -> tuple[SittingFact, ...]:
    """Each sitting once per round its panel serves, cut to its span where it has one."""
    rows = db.execute(
        select(Sitting.id, Sitting.code, Seat.number, Seat.role, Panel.id, Panel.code)
        .join(Sitting.seat).join(Seat.panel)
        .where(Panel.contest_id == contest.id).order_by(Panel.id, Seat.number, Sitting.id)
    ).all()  # fmt: skip
    served = db.execute(
        select(Appearance.panel_id, Round.id, Round.code, Round.position).join(Appearance.round)
        .where(Round.contest_id == contest.id).distinct().order_by(Round.position, Appearance.panel_id)
    ).all()  # fmt: skip
    spans: dict[int, dict[int, Span]] = defaultdict(dict)
    for span in db.scalars(select(Span).join(Span.round).where(Round.contest_id == contest.id)):
        spans[span.sitting_id][span.round_id] = span
    found = []
    for panel_id, round_id, round_code, _position in served:
        for sitting_id, judge, seat, role, its_panel, panel_code in rows:
            if its_panel != panel_id or (spans[sitting_id] and round_id not in spans[sitting_id]):
                continue
            cut = spans[sitting_id].get(round_id)
            first, last = (cut.first, cut.last) if cut else (None, None)
            found.append(SittingFact(round_code, panel_code, judge, str(seat), role.value, first, last))
    return tuple(found)


def _assignments(db: Session, contest: Contest) -> Iterable[Row[tuple[object, ...]]]:
    return db.execute(
        select(
            Assignment.appearance_id, Round.code.label("round"), Entry.code.label("entry"), Sitting.code.label("judge")
        )
        .join(Assignment.appearance).join(Appearance.round).join(Appearance.entry).join(Assignment.sitting)
        .where(Round.contest_id == contest.id).order_by(Assignment.id)
    ).all()  # type: ignore[return-value]  # fmt: skip


def _marks(db: Session, contest: Contest) -> Iterable[Row[tuple[object, ...]]]:
    return db.execute(
        select(
            Sheet.appearance_id, Round.code.label("round"), Entry.code.label("entry"), Sitting.code.label("judge"),
            Mark.criterion, Sheet.attempt, Sheet.kind, Mark.value,
        )
        .join(Mark.sheet).join(Sheet.appearance).join(Appearance.round).join(Appearance.entry).join(Sheet.sitting)
        .join(Sitting.seat)
        .where(Round.contest_id == contest.id, Sheet.state.in_(FINAL))
        .order_by(Round.position, Appearance.position, Seat.number, Sitting.id, Sheet.attempt, Mark.id)
    ).all()  # type: ignore[return-value]  # fmt: skip


def _adjustments(db: Session, contest: Contest) -> Iterable[Row[tuple[object, ...]]]:
    return db.execute(
        select(
            Adjustment.appearance_id, Round.code.label("round"), Entry.code.label("entry"), Adjustment.attempt,
            Sitting.code.label("judge"), Adjustment.kind, Adjustment.value,
        )
        .join(Adjustment.appearance).join(Appearance.round).join(Appearance.entry).outerjoin(Adjustment.sitting)
        .where(Round.contest_id == contest.id, Adjustment.cancelled_at.is_(None)).order_by(Adjustment.id)
    ).all()  # type: ignore[return-value]  # fmt: skip


def _rulings(db: Session, contest: Contest) -> tuple[RulingFact, ...]:
    rows = db.execute(
        select(Round.code, Entry.code, Ruling.attempt, Sitting.code, Ruling.criterion, Ruling.kind, Ruling.value)
        .select_from(Ruling).outerjoin(Round, Round.id == Ruling.round_id).outerjoin(Ruling.entry)
        .outerjoin(Ruling.sitting)
        .where(Ruling.contest_id == contest.id, Ruling.cancelled_at.is_(None), Ruling.kind.notin_(NO_FACTS))
        .order_by(Ruling.id)
    )  # fmt: skip
    return tuple(
        RulingFact(round_, entry, attempt, judge, criterion, kind.value, value)
        for round_, entry, attempt, judge, criterion, kind, value in rows
    )


def refuse_overlong(facts: Facts) -> None:
    """Raise Malformed for a text that is longer than its column: one database would refuse it, another cut it."""
    texts: list[tuple[str, str | None, int]] = []
    for entry in facts.entries:
        texts += [("entries.csv", text, LONGEST_CODE) for text in (entry.entry, entry.division)]
        texts += [("entries.csv", text, LONGEST_LINE) for text in (entry.unit, entry.name, entry.title)]
    texts += [("members.csv name", fact.name, LONGEST_LINE) for fact in facts.members]
    for row in facts.appearances:
        texts += [("appearances.csv", text, LONGEST_CODE) for text in (row.number, row.panel)]
    for sitting in facts.sittings:
        texts += [("judges.csv", text, LONGEST_CODE) for text in (sitting.judge, sitting.panel)]
    for where, text, most in texts:
        if text is not None and len(text) > most:
            raise Malformed(what=f"{where} {text[:20]}…")
