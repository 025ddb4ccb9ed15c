"""What the marks say about the panel: each judge beside the others, far marks, what each seat alone would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext as _

from contest.analysis import agreement, recounting, spread
from contest.analysis.agreement import Alpha
from contest.analysis.marks import Given
from contest.analysis.recounting import SeatOf
from contest.analysis.spread import Distances, Figures
from contest.rules import compute
from organizer.result_scope import Ranking, Scope, rankings
from organizer.result_words import Words

# Krippendorff (2004, page 241) relies on data from 0.800 and draws tentative conclusions from 0.667.
GOOD, FAIR = Decimal("0.800"), Decimal("0.667")


@dataclass(frozen=True)
class JudgeRow:
    """A judge's figures as they are shown; those that rest on too few marks are empty."""

    seat: str
    name: str
    marks: int
    shared: int
    severity: str
    leaning: str
    correlation: str
    highs: int
    lows: int
    far: int


@dataclass(frozen=True)
class SpreadRow:
    """An entry's spread: range and sample deviation, and the marks far from the others in words."""

    entry: str
    place: int | None
    number: str
    name: str
    figures: Figures
    far: Sequence[str]


@dataclass(frozen=True)
class Cell:
    """How many entries cross an award line without one seat, and who: those that rise, those that fall."""

    count: int
    rising: Sequence[str]
    falling: Sequence[str]


@dataclass(frozen=True)
class Matrix:
    """Seats by award lines of one ranking; `moved`: how many entries would stand at another place."""

    title: str
    awards: Sequence[str]
    rows: Sequence[tuple[SeatOf, str, int, Sequence[Cell]]]


def judge_rows(marks: Mapping[str, Sequence[Given]], far: Distances, words: Words) -> list[JudgeRow]:
    """The judges by panel and seat."""
    found = []
    every = agreement.judges(marks)
    for judge in sorted(every, key=lambda code: (words.judges.get(code, (0, "", ""))[1::-1], code)):
        figures = every[judge]
        own = [mark for given in marks.values() for mark in given if mark.judge == judge]
        found.append(JudgeRow(
            words.judge(judge), words.name(judge), figures.marks, figures.shared, signed(figures.severity),
            _leaning(figures.severity, far.usual), signed(figures.correlation),
            sum(mark.dropped == "high" for mark in own), sum(mark.dropped == "low" for mark in own),
            sum(one.judge == judge for marks_ in far.far.values() for one in marks_),
        ))  # fmt: skip
    return found


def spread_rows(
    rankings_: Sequence[Ranking], marks: Mapping[str, Sequence[Given]], far: Distances, words: Words
) -> list[SpreadRow]:
    """The entries with marks, in the order of their places."""
    found: dict[str, SpreadRow] = {}
    for ranking in rankings_:
        for standing in ranking.standings:
            given = marks.get(standing.entry)
            if given and standing.entry not in found:
                line = words.lines.get(standing.entry)
                told = far_marks(far, standing.entry, words)
                name = (line.appearance.entry.name or "") if line else ""
                found[standing.entry] = SpreadRow(
                    standing.entry, standing.place, words.number(standing.entry), name,
                    spread.figures([mark.value for mark in given]), told,
                )  # fmt: skip
    return list(found.values())


def far_marks(far: Distances, entry: str, words: Words) -> list[str]:
    """An entry's marks far from the others, in words."""
    return [
        str(_(
            "%(seat)s %(mark)s，其余中位数 %(others)s", seat=words.judge(one.judge), mark=words.points(one.value),
            others=plain(one.others),
        )) for one in far.far.get(entry, ())
    ]  # fmt: skip


def matrix(scope: Scope, now: Sequence[Ranking], seats: Sequence[SeatOf], words: Words) -> list[Matrix]:
    """For every seat the engine counts again without it: who would cross which award line."""
    rows: list[list[tuple[SeatOf, str, int, Sequence[Cell]]]] = [[] for _each in now]
    for seat in seats:
        for at, then in enumerate(recount(scope, seat)):
            crossings = recounting.crossings(now[at].awards, then.awards)
            moved = recounting.moves(now[at].standings, then.standings)
            cells = [
                Cell(one.count, [words.number(e) for e in one.rising], [words.number(e) for e in one.falling])
                for one in crossings
            ]  # fmt: skip
            rows[at].append((seat, words.seat(seat), sum(bool(move.moved) for move in moved.values()), cells))
    return [
        Matrix(
            scope.rules.division_title(ranking.division, words.lang) if ranking.division else "",
            [one.title.in_(words.lang) for one in ranking.awards], rows[at],
        ) for at, ranking in enumerate(now)
    ]  # fmt: skip


def recount(scope: Scope, seat: SeatOf) -> list[Ranking]:
    """The rankings as they would be without a seat."""
    found = recounting.without(scope.facts, seat)
    return rankings(scope, compute(scope.rules, found), found)


def alpha_word(alpha: Alpha) -> str:
    """How far a panel's agreement carries."""
    if alpha.value is None:
        return str(_("数据太少，不好说"))
    if alpha.value >= GOOD:
        return str(_("一致性好"))
    return str(_("一致性尚可")) if alpha.value >= FAIR else str(_("一致性偏低"))


def to_two(value: Decimal) -> Decimal:
    """A figure of the analysis as it is shown: two decimals, half up."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def signed(value: Decimal | None) -> str:
    """A figure with its sign and two decimals; empty for none."""
    if value is None:
        return ""
    rounded = to_two(value)
    return f"{rounded:+f}".replace("-", "−") if rounded else "0.00"


def plain(value: Decimal | None) -> str:
    """A figure with two decimals; a dash for none."""
    return "—" if value is None else f"{to_two(value):f}"


def _leaning(severity: Decimal | None, usual: Decimal | None) -> str:
    """Severe or lenient, once the difference is more than marks usually lie apart in this round."""
    if severity is None or usual is None or abs(severity) <= usual:
        return ""
    return str(_("偏严")) if severity < 0 else str(_("偏宽"))
