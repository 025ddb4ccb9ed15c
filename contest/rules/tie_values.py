"""The value of one entry in a comparison between tied ones: judges' marks and places, attempts, measures, nodes."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from contest.rules.numbers import EXACT, ZERO, median, total
from contest.rules.outcome import AppliedAdjustment, AttemptScore, EntryScore, SheetScore
from contest.rules.shape import PanelOf, RoundRules, TieBreak, TieBy, TieOf


def compared(tie: TieBreak, position: int, score: EntryScore, round: RoundRules) -> Decimal | None:
    """The value of an entry at a position of a tie-break; None where it has none (there)."""
    found = one_by_one(tie, score, round)
    if found is not None:
        at = tie.first - 1 + position
        return found[at] if at < len(found) else None
    if tie.by is TieBy.MEDIAN:
        marks = _marks(tie, score)
        return median(marks) if marks else None
    if tie.by in (TieBy.FIRSTS, TieBy.RECIPROCALS, TieBy.RANK_SUM):
        return _of_places(tie, score)
    if tie.by is TieBy.CRITERION:
        return _criterion_value(tie, score, round)
    if tie.by is TieBy.GROUP:
        return next((g.value for g in score.groups if tie.group is not None and g.group == tie.group.id), None)
    if tie.by is TieBy.PANEL:
        return score.panel
    if tie.by is TieBy.UNROUNDED:
        return score.unrounded
    if tie.by is TieBy.SCORE:
        return score.score
    if tie.by is TieBy.ADJUSTMENT:
        return _adjustment(tie, score, round)
    penalties = _penalties(score, round)
    return total(penalties) if tie.of is TieOf.SUM else Decimal(-len(penalties))


def one_by_one(tie: TieBreak, score: EntryScore, round: RoundRules) -> list[Decimal] | None:
    """The values that a tie-break compares one after the other, the best first; None where it compares one."""
    if tie.by is TieBy.MARKS:
        return sorted(_marks(tie, score), reverse=tie.higher_wins)
    if tie.by is TieBy.TIEBREAK_JUDGE:
        return [sheet.total for sheet in score.tiebreak if sheet.total is not None]
    if tie.by is TieBy.ATTEMPT:
        return sorted((a.score for a in score.attempts if a.score is not None), reverse=tie.higher_wins)
    if tie.by is TieBy.MEASURED:
        return _measures(tie, score, round)
    return None


def waits_for_more(tie: TieBreak) -> bool:
    """Whether one who has no further value is behind one who has: an attempt that was not made, a time not taken."""
    return tie.by in (TieBy.ATTEMPT, TieBy.MEASURED)


def _marks(tie: TieBreak, score: EntryScore) -> list[Decimal]:
    return [s.counted for s in _sheets(tie, score) if s.counted is not None]


def _sheets(tie: TieBreak, score: EntryScore) -> list[SheetScore]:
    return [sheet for sheet in score.sheets if tie.of is not TieOf.COUNTED or sheet.dropped is None]


def _of_places(tie: TieBreak, score: EntryScore) -> Decimal | None:
    """How many of the judges' places are first ones, the sum of their reciprocals (exact), or their sum."""
    places = [sheet.place for sheet in _sheets(tie, score) if sheet.place is not None]
    if not places:
        return None
    if tie.by is TieBy.FIRSTS:
        return Decimal(sum(place <= tie.upto for place in places))
    if tie.by is TieBy.RANK_SUM:
        return total(places)
    exact = sum((1 / Fraction(place) for place in places if place > 0), Fraction(0))
    return EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _measures(tie: TieBreak, score: EntryScore, round: RoundRules) -> list[Decimal]:
    """What was measured in the attempt that counts, or in the others, the better attempt first."""
    if not score.attempts:
        value = _measured(tie, score.measured, score.adjustments)
        return [] if value is None else [value]
    best_first = sorted(
        (attempt for attempt in score.attempts if attempt.score is not None),
        key=lambda a: (not a.counted, _worse(a, round), a.attempt),
    )
    looked_at = best_first[:1] if tie.of is TieOf.BEST else best_first[1:]
    values = [_measured(tie, attempt.measured, attempt.adjustments) for attempt in looked_at]
    return [value for value in values if value is not None]


def _worse(attempt: AttemptScore, round: RoundRules) -> Decimal:
    score = attempt.score or ZERO
    return -score if round.ranking.higher_wins else score


def _measured(
    tie: TieBreak, measured: Sequence[AppliedAdjustment], applied: Sequence[AppliedAdjustment],
) -> Decimal | None:
    id = None if tie.kind is None else tie.kind.id
    return next((one.value for one in (*measured, *applied) if one.kind == id), None)


def _criterion_value(tie: TieBreak, score: EntryScore, round: RoundRules) -> Decimal | None:
    """Of a panel per criterion the component's value, of sheets the sum over counted ones; `all`: every mark's sum."""
    id = None if tie.criterion is None else tie.criterion.id
    component = next((c for c in score.components if c.criterion == id), None)
    if component is None:
        return None
    if tie.of is TieOf.ALL:
        return total([mark for _, mark, _ in component.marks])
    if round.panel.of is PanelOf.CRITERIA:
        return component.value
    counted = {s.judge for s in score.sheets if s.total is not None and s.dropped is None}
    return total([mark for judge, mark, _ in component.marks if judge in counted])


def _adjustment(tie: TieBreak, score: EntryScore, round: RoundRules) -> Decimal | None:
    """What a kind did to the score, else what was measured. A penalty nobody recorded is 0; a time nobody took is not.
    """
    id = None if tie.kind is None else tie.kind.id
    found = [one.value for one in (*score.adjustments, *score.measured) if one.kind == id]
    only_measured = tie.kind is not None and tie.kind in round.measured and not tie.kind.is_measured
    return found[0] if found else None if only_measured else ZERO


def _penalties(score: EntryScore, round: RoundRules) -> list[Decimal]:
    """What was taken off, kind by kind; a factor is no penalty."""
    adding = {kind.id for kind in round.adjustments if kind.apply == "add"}
    return [applied.value for applied in score.adjustments if applied.kind in adding and applied.value < 0]


def head_to_head(entries: Sequence[str], of: Mapping[str, EntryScore]) -> dict[str, Decimal] | None:
    """Of two: how many judges prefer each. Of more: how many of the others each beats by a majority of the judges.

    A judge prefers the better place, or the higher sheet where no places were given; None where none has both.
    """
    given = {
        entry: {
            sheet.judge: sheet.counted if sheet.place is None else -sheet.place
            for sheet in of[entry].sheets if sheet.counted is not None
        }
        for entry in entries
    }
    wins = dict.fromkeys(entries, ZERO)
    asked = 0
    for one, other in combinations(entries, 2):
        both = [judge for judge in given[one] if judge in given[other]]
        asked += len(both)
        ahead = sum(given[one][judge] > given[other][judge] for judge in both)
        behind = sum(given[one][judge] < given[other][judge] for judge in both)
        if len(entries) == 2:
            wins = {one: Decimal(ahead), other: Decimal(behind)}
        elif ahead != behind:
            wins[one if ahead > behind else other] += 1
    return wins if asked else None
