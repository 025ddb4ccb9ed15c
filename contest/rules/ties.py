"""What a tie-break compares between entries, and the step that says so."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contest.rules.numbers import Rounding, RoundingMode, shown
from contest.rules.outcome import EntryScore, Step
from contest.rules.shape import RoundRules, TieBreak, TieBy, TieOf
from contest.rules.shape_ties import ONE_BY_ONE
from contest.rules.tie_values import compared, head_to_head, waits_for_more

# A number with no end is told with this many decimals; it is compared as it is.
TOLD = Rounding(6, RoundingMode.HALF_UP)
COUNTS = (TieBy.LOTS, TieBy.FIRSTS, TieBy.HEAD_TO_HEAD, TieBy.ROUND_RANK)
AFTER_PANEL = (TieBy.SCORE, TieBy.ADJUSTMENT, TieBy.PENALTIES, TieBy.ATTEMPT)

Values = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class TieSource:
    """Where the compared values come from; `own` is the round that is ranked, None for the contest's result.

    `ranks` are the places in the rounds that a chain asks for.
    """

    own: str | None
    rules: Mapping[str, RoundRules]
    scores: Mapping[str, Mapping[str, EntryScore]]
    lots: Mapping[str, int]
    ranks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def only(self, entries: Iterable[str]) -> TieSource:
        """The part of these entries: all that a comparison between them can look at."""
        tied = list(entries)
        return TieSource(
            self.own, self.rules,
            {id: {entry: of[entry] for entry in tied if entry in of} for id, of in self.scores.items()},
            {entry: self.lots[entry] for entry in tied if entry in self.lots},
            {id: {entry: of[entry] for entry in tied if entry in of} for id, of in self.ranks.items()},
        )


def tie_value(tie: TieBreak, position: int, entries: list[str], source: TieSource) -> Values | None:
    """Each entry's value at a position of a tie-break, or None where there is nothing (more) to compare.

    Some have more than one position (the n-th highest mark), as far as every tied entry has one; of attempts and
    measures as far as any has one, and who has none there (None) is behind.
    """
    if position and tie.by not in ONE_BY_ONE:
        return None
    if tie.by in (TieBy.LOTS, TieBy.ROUND_RANK):
        of = source.lots if tie.by is TieBy.LOTS else source.ranks.get(tie.round or "", {})
        return {entry: Decimal(of[entry]) for entry in entries} if all(entry in of for entry in entries) else None
    scores = source.scores[tie.round or source.own or ""]
    scored = {entry: scores[entry] for entry in entries if entry in scores and _is_scored(scores[entry])}
    if len(scored) < len(entries):
        return None
    if tie.by is TieBy.HEAD_TO_HEAD:
        return head_to_head(entries, scored)
    round = source.rules[tie.round or source.own or ""]
    found = {entry: compared(tie, position, scored[entry], round) for entry in entries}
    missing = sum(value is None for value in found.values())
    return None if missing and (missing == len(entries) or not waits_for_more(tie)) else found


def _is_scored(score: EntryScore) -> bool:
    return score.score is not None and (score.panel is not None or bool(score.attempts))


def _named(tie: TieBreak, source: TieSource, prefix: str) -> tuple[str, dict[str, Any]]:
    """The code of a tie step and the names it speaks of; `_in` is the variant that names another round."""
    args: dict[str, Any] = {}
    code = f"{prefix}_{tie.by}"
    if tie.by is TieBy.MARKS:
        code = f"{prefix}_counted" if tie.of is TieOf.COUNTED else code
        code = code if tie.higher_wins else f"{prefix}_low_marks"
    if tie.by is TieBy.PENALTIES and tie.of is TieOf.NUMBER:
        code = f"{prefix}_penalty_number"
    if tie.by is TieBy.MEASURED and tie.of is TieOf.OTHER:
        code = f"{prefix}_measured_other"
    for name, of in (("criterion", tie.criterion), ("kind", tie.kind), ("group", tie.group)):
        if of is not None:
            args[name] = of.title
    if tie.by is TieBy.FIRSTS:
        args["upto"] = tie.upto
    if tie.round is not None and tie.round != source.own:
        args["round"] = source.rules[tie.round].title
        if tie.by not in (TieBy.SCORE, TieBy.ROUND_RANK):
            code += "_in"
    return code, args


def split_step(
    tie: TieBreak, position: int, own: Decimal | None, others: list[list[Any]], source: TieSource,
) -> Step:
    """The comparison that told entries apart: own value and [label, value] of the others, as told_value() has them."""
    code, args = _named(tie, source, "by")
    if tie.by in ONE_BY_ONE:
        args["rank"] = tie.first + position
    args["own"] = own
    args["others"] = others
    if own is None or any(value is None for _, value in others):
        args["higher_wins"] = tie.higher_wins
    return Step(code, args)


def told_value(tie: TieBreak, value: Decimal | None, source: TieSource) -> Decimal | None:
    """A compared value as an explanation writes it; None is said as none."""
    if value is None:
        return None
    value = -value if tie.by is TieBy.PENALTIES else value
    places = _places(tie, source)
    exponent = value.normalize().as_tuple().exponent
    endless = isinstance(exponent, int) and exponent < -TOLD.decimals
    return shown(TOLD.apply(value) if endless else value, places)


def same_step(tie: TieBreak, position: int, entries: list[str], source: TieSource) -> Step:
    """Said where a tie-break could not tell entries apart: equal, or (lots, another round) nothing to compare."""
    code, args = _named(tie, source, "same")
    if tie.by is TieBy.LOTS and any(entry not in source.lots for entry in entries):
        return Step("lots_missing", {})
    if position == 0:
        return Step("incomparable", {})
    if tie.by in ONE_BY_ONE:
        args["first"] = tie.first
    return Step(code, args)


def _places(tie: TieBreak, source: TieSource) -> int:
    if tie.by in COUNTS or tie.of is TieOf.NUMBER:
        return 0
    if tie.by is TieBy.MEASURED:
        return 0
    rules = source.rules[tie.round or source.own or ""]
    panel = rules.panel.rounding
    return rules.places if tie.by in AFTER_PANEL or panel is None else panel.decimals
