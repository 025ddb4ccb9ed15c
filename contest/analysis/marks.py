"""A round's marks as a table of entries and judges, read from what the engine computed: sheets or one criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contest.rules import EntryScore, PanelRule, RoundRules

# The kinds of panel whose marks are points, of which a mean says something. A round that is measured, whose judges hand
# in places, or that does what this module has never heard of, is not looked at as points.
OF_POINTS = frozenset({"sheets", "criteria"})
TAKEN_OF_POINTS = frozenset({"mean", "sum", "median"})


@dataclass(frozen=True, slots=True)
class Given:
    """What one judge gave an entry, in points. `dropped`: "high" or "low" where the panel's rule leaves it out."""

    judge: str
    seat: str | None
    value: Decimal
    dropped: str | None


# Entry code → what its judges gave, in the order of the panel.
MarksTable = Mapping[str, Sequence[Given]]


def are_points(rules: RoundRules) -> bool:
    """Whether the marks of a round are points that may be averaged and compared."""
    places = any(str(criterion.kind) == "rank" for criterion in rules.criteria)
    return str(rules.panel.of) in OF_POINTS and str(rules.panel.take) in TAKEN_OF_POINTS and not places


def on_own_scale(rules: RoundRules) -> bool:
    """Whether the panel works with the marks as given, not with standard scores, places or points made of them."""
    sheet = rules.sheet
    return sheet is None or not any((sheet.normalise, sheet.rank, sheet.points, sheet.ballot))


def keeps_points(rules: RoundRules) -> bool:
    """Whether what the panel works with is still in the points of the sheets, shifted or stretched between judges."""
    sheet = rules.sheet
    if on_own_scale(rules) or sheet is None:
        return True
    if sheet.normalise is None or sheet.rank or sheet.points or sheet.ballot:
        return False
    return str(sheet.normalise.by) in ("mean_shift", "field", "linear")


def by_sheets(panel: PanelRule) -> bool:
    """Whether a judge's sheet has a sum that counts as one mark."""
    return str(panel.of) == "sheets"


def given(score: EntryScore, criterion: str | None) -> list[Given]:
    """An entry's marks: the judges' sheets (criterion None) or what they gave for one criterion.

    Sheets without a sum are left out. Where whole sheets are dropped, so is what stands on them.
    """
    seats = {sheet.judge: sheet for sheet in score.sheets}
    if criterion is None:
        return [Given(s.judge, s.seat, s.total, s.dropped) for s in score.sheets if s.total is not None]
    component = next((each for each in score.components if each.criterion == criterion), None)
    found = []
    for judge, value, dropped in () if component is None else component.marks:
        sheet = seats.get(judge)
        found.append(Given(judge, sheet.seat if sheet else None, value, dropped or (sheet.dropped if sheet else None)))
    return found


def table_of(scores: Mapping[str, EntryScore], criterion: str | None) -> dict[str, list[Given]]:
    """Every entry's marks; an entry without any is not in the table."""
    found = {entry: given(score, criterion) for entry, score in scores.items()}
    return {entry: marks for entry, marks in found.items() if marks}


def by_judge(table: MarksTable) -> dict[str, dict[str, Decimal]]:
    """The same table by judge: what each gave, by entry."""
    found: dict[str, dict[str, Decimal]] = {}
    for entry, marks in table.items():
        for mark in marks:
            found.setdefault(mark.judge, {})[entry] = mark.value
    return found
