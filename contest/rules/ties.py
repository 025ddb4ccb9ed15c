"""What a tie-break compares, and the step that says so."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contest.rules.numbers import ZERO, shown, total
from contest.rules.outcome import EntryScore, Step
from contest.rules.shape import PanelOf, RoundRules, TieBreak, TieBy, TieOf


@dataclass(frozen=True, slots=True)
class TieSource:
    """Where the compared values come from; `own` is the round that is ranked, None for the contest's result."""

    own: str | None
    rules: Mapping[str, RoundRules]
    scores: Mapping[str, Mapping[str, EntryScore]]
    lots: Mapping[str, int]

    def only(self, entries: Iterable[str]) -> TieSource:
        """The part of these entries: all that a comparison between them can look at."""
        tied = list(entries)
        return TieSource(
            self.own, self.rules,
            {id: {entry: of[entry] for entry in tied if entry in of} for id, of in self.scores.items()},
            {entry: self.lots[entry] for entry in tied if entry in self.lots},
        )


def tie_value(tie: TieBreak, position: int, entries: list[str], source: TieSource) -> dict[str, Decimal] | None:
    """Each entry's value at a position of a tie-break, or None where there is nothing (more) to compare.

    Only `marks` has more than one position: the n-th highest mark, as far as every tied entry has one.
    """
    if tie.by is TieBy.LOTS:
        if position or any(entry not in source.lots for entry in entries):
            return None
        return {entry: Decimal(source.lots[entry]) for entry in entries}
    if position and tie.by is not TieBy.MARKS:
        return None
    of = source.scores[tie.round or source.own or ""]
    found: dict[str, Decimal] = {}
    for entry in entries:
        value = _value(tie, position, of.get(entry), source)
        if value is None:
            return None
        found[entry] = value
    return found


def _value(tie: TieBreak, position: int, score: EntryScore | None, source: TieSource) -> Decimal | None:
    if score is None or score.panel is None or score.score is None:
        return None
    if tie.by is TieBy.MARKS:
        marks = _marks(tie, score)
        at = tie.first - 1 + position
        return marks[at] if at < len(marks) else None
    if tie.by is TieBy.CRITERION and tie.criterion is not None:
        return _criterion_value(tie, score, source)
    if tie.by is TieBy.PANEL:
        return score.panel
    if tie.by is TieBy.SCORE:
        return score.score
    values = [applied.value for applied in score.adjustments if tie.kind is None or applied.kind == tie.kind.id]
    if tie.by is TieBy.ADJUSTMENT:
        measured = [each.value for each in score.measured if tie.kind is not None and each.kind == tie.kind.id]
        rules = source.rules[tie.round or source.own or ""]
        only_measured = tie.kind is not None and tie.kind in rules.measured and not tie.kind.is_measured
        # A penalty that nobody recorded is 0; a time that nobody took is not.
        nothing = None if only_measured else ZERO
        return values[0] if values else measured[0] if measured else nothing
    penalties = _penalties(tie, score, source)
    return total(penalties) if tie.of is TieOf.SUM else Decimal(-len(penalties))


def _marks(tie: TieBreak, score: EntryScore) -> list[Decimal]:
    return sorted(
        (s.counted for s in score.sheets if s.counted is not None and (tie.of is TieOf.ALL or s.dropped is None)),
        reverse=True,
    )


def _criterion_value(tie: TieBreak, score: EntryScore, source: TieSource) -> Decimal | None:
    """Of a panel per criterion the component's value, of sheets the sum over counted ones; `all`: every mark's sum."""
    id = None if tie.criterion is None else tie.criterion.id
    component = next((c for c in score.components if c.criterion == id), None)
    if component is None:
        return None
    if tie.of is TieOf.ALL:
        return total([mark for _, mark, _ in component.marks])
    if source.rules[tie.round or source.own or ""].panel.of is PanelOf.CRITERIA:
        return component.value
    counted = {s.judge for s in score.sheets if s.total is not None and s.dropped is None}
    return total([mark for judge, mark, _ in component.marks if judge in counted])


def _penalties(tie: TieBreak, score: EntryScore, source: TieSource) -> list[Decimal]:
    """What was taken off, kind by kind; a factor is no penalty."""
    kinds = source.rules[tie.round or source.own or ""].adjustments
    adding = {kind.id for kind in kinds if kind.apply == "add"}
    return [applied.value for applied in score.adjustments if applied.kind in adding and applied.value < 0]


def _named(tie: TieBreak, source: TieSource, prefix: str) -> tuple[str, dict[str, Any]]:
    """The code of a tie step and the names it speaks of; `_in` is the variant that names another round."""
    args: dict[str, Any] = {}
    code = f"{prefix}_{tie.by}"
    if tie.by is TieBy.MARKS and tie.of is TieOf.COUNTED:
        code = f"{prefix}_counted"
    if tie.by is TieBy.PENALTIES and tie.of is TieOf.NUMBER:
        code = f"{prefix}_penalty_number"
    if tie.criterion is not None:
        args["criterion"] = tie.criterion.title
    if tie.kind is not None:
        args["kind"] = tie.kind.title
    if tie.round is not None and tie.round != source.own:
        args["round"] = source.rules[tie.round].title
        if tie.by is not TieBy.SCORE:
            code += "_in"
    return code, args


def split_step(tie: TieBreak, position: int, own: Decimal, others: list[list[Any]], source: TieSource) -> Step:
    """The comparison that told entries apart: own value and [label, value] of the others."""
    code, args = _named(tie, source, "by")
    places = _places(tie, source)
    sign = -1 if tie.by is TieBy.PENALTIES else 1
    if tie.by is TieBy.MARKS:
        args["rank"] = tie.first + position
    args["own"] = shown(sign * own, places)
    args["others"] = [[label, shown(sign * value, places)] for label, value in others]
    return Step(code, args)


def same_step(tie: TieBreak, position: int, entries: list[str], source: TieSource) -> Step:
    """Said where a tie-break could not tell entries apart: equal, or (lots, another round) nothing to compare."""
    code, args = _named(tie, source, "same")
    if tie.by is TieBy.LOTS and any(entry not in source.lots for entry in entries):
        return Step("lots_missing", {})
    if position == 0:
        return Step("incomparable", {})
    if tie.by is TieBy.MARKS:
        args["first"] = tie.first
    return Step(code, args)


def _places(tie: TieBreak, source: TieSource) -> int:
    if tie.by is TieBy.LOTS or tie.of is TieOf.NUMBER:
        return 0
    rules = source.rules[tie.round or source.own or ""]
    panel = rules.panel.rounding
    after_panel = tie.by in (TieBy.SCORE, TieBy.ADJUSTMENT, TieBy.PENALTIES)
    return rules.places if after_panel or panel is None else panel.decimals


