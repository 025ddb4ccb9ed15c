"""How far each appearance has come: how many of its seats have submitted, and whether its score is out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import queries as shared
from contest.models import (
    Appearance,
    Assignment,
    Contest,
    Panel,
    Round,
    Ruling,
    Seat,
    Sheet,
    SheetState,
    Sitting,
)  # fmt: skip
from contest.showing import OFF_PANEL, OUT_OF_RANKING


@dataclass(frozen=True)
class Progress:
    """An appearance with `submitted` of `expected` sheets; `out`: the ruling that puts it out of the ranking."""

    appearance: Appearance
    submitted: int
    expected: int
    out: str

    @property
    def is_complete(self) -> bool:
        """Whether every seat's sheet is in."""
        return self.submitted >= self.expected

    @property
    def holds_the_seal(self) -> bool:
        """Whether its score must still be released before the round can be sealed."""
        return not self.appearance.is_released and not self.out


def progress(db: Session, contest: Contest) -> Mapping[int, list[Progress]]:
    """Every appearance of the contest in running order, by round id."""
    appearances = db.scalars(
        select(Appearance).join(Appearance.round).where(Round.contest_id == contest.id)
        .order_by(Round.position, Appearance.position, Appearance.panel_id)
        .options(joinedload(Appearance.entry), joinedload(Appearance.panel))
    ).all()  # fmt: skip
    sittings = db.scalars(
        select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
        .options(joinedload(Sitting.seat), selectinload(Sitting.spans))
    ).all()  # fmt: skip
    assigned = _by_appearance(
        db.execute(
            select(Assignment.appearance_id, Assignment.sitting_id).join(Assignment.appearance).join(Appearance.round)
            .where(Round.contest_id == contest.id)
        ).all()
    )  # fmt: skip
    final = _by_appearance(
        db.execute(
            select(Sheet.appearance_id, Sheet.sitting_id).join(Sheet.appearance).join(Appearance.round).where(
                Round.contest_id == contest.id, Sheet.attempt == 1,
                Sheet.state.in_((SheetState.SUBMITTED, SheetState.LOCKED)),
            )
        ).all()
    )  # fmt: skip
    rulings = db.scalars(
        select(Ruling).where(Ruling.contest_id == contest.id, Ruling.cancelled_at.is_(None))
    ).all()  # fmt: skip
    found: dict[int, list[Progress]] = defaultdict(list)
    for each in appearances:
        about = [ruling for ruling in rulings if _concerns(ruling, each)]
        excused = {ruling.sitting_id for ruling in about if ruling.kind in OFF_PANEL}
        judging = {
            sitting.id for sitting in sittings
            if shared.sits_for(sitting, each) and (each.id not in assigned or sitting.id in assigned[each.id])
        }  # fmt: skip
        done = judging & final[each.id]
        found[each.round_id].append(Progress(
            appearance=each, submitted=len(done), expected=len(judging - (excused - done)),
            out=next((
                ruling.kind.value for ruling in about
                if ruling.kind in OUT_OF_RANKING and ruling.entry_id == each.entry_id
            ), ""),
        ))  # fmt: skip
    return found


def _by_appearance(pairs: Sequence[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for appearance_id, sitting_id in pairs:
        found[appearance_id].add(sitting_id)
    return found


def _concerns(ruling: Ruling, appearance: Appearance) -> bool:
    same_round = ruling.round_id is None or ruling.round_id == appearance.round_id
    return same_round and (ruling.entry_id is None or ruling.entry_id == appearance.entry_id)
