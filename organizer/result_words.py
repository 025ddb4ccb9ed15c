"""What the results page calls things: entries by number, judges by seat and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest.analysis.recounting import SeatOf
from contest.models import Contest, Panel, Seat, Sitting
from organizer.progress import Progress
from organizer.result_scope import Scope


@dataclass(frozen=True)
class Words:
    """The page's language, its appearances by entry, who sits where: (seat number, panel, name) and seat by judge."""

    lang: str
    lines: Mapping[str, Progress]
    judges: Mapping[str, tuple[int, str, str]]
    seats: Mapping[str, str]
    panels: frozenset[str]
    places: int
    titles: Mapping[str, str]

    def number(self, entry: str) -> str:
        """What an entry is called by: its number, its code where it has none."""
        line = self.lines.get(entry)
        return line.appearance.number if line is not None else entry

    def called(self, entry: str) -> str:
        """An entry's number and name."""
        line = self.lines.get(entry)
        name = line.appearance.entry.name if line is not None else None
        return str(_("%(number)s 号 %(name)s", number=self.number(entry), name=name or "")).strip()

    def points(self, value: Decimal) -> str:
        """A mark, with at least as many decimals as the panel's number has."""
        return format(fine(value, self.places), "f")

    def judge(self, judge: str) -> str:
        """The seat a judge sits on, with its panel where there are several; the code of one nobody knows."""
        return self.seats.get(judge, judge)

    def name(self, judge: str) -> str:
        """A judge's name."""
        return self.judges[judge][2] if judge in self.judges else judge

    def seat(self, seat: SeatOf) -> str:
        """A seat, with the round where the result is made of several."""
        called = seat_word(seat.seat, seat.panel or "", several=len(self.panels) > 1)
        return f"{self.titles[seat.round]} · {called}" if seat.round in self.titles else called


def seat_word(seat: str, panel: str, *, several: bool) -> str:
    """What a seat is called, where there are several panels with its panel."""
    if several:
        return str(_("%(panel)s 组第%(seat)s席", panel=panel, seat=seat))
    return str(_("第%(seat)s席", seat=seat))


def fine(value: Decimal, places: int) -> Decimal:
    """The same number with at least so many decimals."""
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1).scaleb(-places)) if isinstance(exponent, int) and -exponent < places else value


def words_of(db: Session, contest: Contest, scope: Scope, lang: str) -> Words:
    """The words for what is looked at."""
    sittings = db.scalars(
        select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
        .order_by(Sitting.id).options(joinedload(Sitting.seat).joinedload(Seat.panel), joinedload(Sitting.person))
    ).all()  # fmt: skip
    codes = {each.code for each in scope.deciding}
    panels = {sitting.panel for sitting in scope.facts.sittings if sitting.round in codes and sitting.panel}
    several = len(scope.deciding) > 1
    rounding = scope.round_rules.panel.rounding if scope.round_rules is not None else None
    return Words(
        lang, {line.appearance.entry.code: line for line in scope.lines},
        {each.code: (each.seat.number, each.seat.panel.code, each.person.name) for each in sittings},
        {
            each.code: seat_word(str(each.seat.number), each.seat.panel.code, several=len(panels) > 1)
            for each in sittings
        },
        frozenset(panels), rounding.decimals if rounding is not None else 0,
        {code: scope.rules.rounds[code].title.in_(lang) for code in codes} if several else {},
    )  # fmt: skip
