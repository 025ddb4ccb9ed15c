"""The tie-break chains of a rule file, and whether each link finds what it compares."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contest.rules.shape import AdjustmentKind, Better, Criterion, Group, PanelOf, RoundRules, TieBreak, TieBy, TieOf
from contest.rules.table import Table

MAX_PANEL = 200


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file declares once and its rounds refer to by name."""

    criteria: Mapping[str, Criterion]
    adjustments: Mapping[str, AdjustmentKind]
    rounds: tuple[str, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)


_NEEDS: dict[TieBy, tuple[str, ...]] = {
    TieBy.MARKS: ("of", "from"),
    TieBy.CRITERION: ("criterion", "of", "better"),
    TieBy.PANEL: ("better",),
    TieBy.ADJUSTMENT: ("kind", "better"),
    TieBy.PENALTIES: ("of",),
    TieBy.SCORE: ("better",),
    TieBy.LOTS: (),
}


def read_ties(table: Table, declared: Declared, own: str | None) -> tuple[TieBreak, ...]:
    """The tie-break chain of a round, or of the result (own None), where each link but lots names its round."""
    return tuple(_tie(row, declared, own) for row in table.rows("tie_break", "tie"))


def _tie(row: Table, declared: Declared, own: str | None) -> TieBreak:
    by = row.choice("by", TieBy, None)
    allowed = ("by", *_NEEDS[by], *(() if by is TieBy.LOTS else ("round",)))
    for key in row.data:
        if key not in allowed:
            row.unknown(key, allowed)
    of: TieOf | None = None
    if by in (TieBy.MARKS, TieBy.CRITERION):
        default = TieOf.ALL if by is TieBy.MARKS else TieOf.COUNTED
        of = row.choice("of", TieOf, default)
        if of not in (TieOf.ALL, TieOf.COUNTED):
            row.fail("of", str(of), "known", known=["all", "counted"])
    elif by is TieBy.PENALTIES:
        of = row.choice("of", TieOf, TieOf.SUM)
        if of not in (TieOf.SUM, TieOf.NUMBER):
            row.fail("of", str(of), "known", known=["sum", "number"])
    round: str | None = None
    if by is not TieBy.LOTS and ("round" in row.data or own is None or by is TieBy.SCORE):
        round = row.id("round", list(declared.rounds))
        if by is TieBy.SCORE and round == own:
            row.fail("round", round, "another_round")
    first = row.integer("from", 1, 1, MAX_PANEL)
    return TieBreak(
        by=by,
        of=of,
        first=first,
        criterion=declared.criteria[row.id("criterion", list(declared.criteria))] if by is TieBy.CRITERION else None,
        kind=declared.adjustments[row.id("kind", list(declared.adjustments))] if by is TieBy.ADJUSTMENT else None,
        round=round,
        higher_wins=by is not TieBy.LOTS and row.choice("better", Better, Better.HIGHER) is Better.HIGHER,
    )


def check_ties(file: Table, rounds: Mapping[str, RoundRules]) -> None:
    """Every link of every round's chain finds what it compares, in its own round or in another."""
    for id, round in rounds.items():
        for rules, path in [(round, ("rounds", id)), *(
            (own, ("rounds", id, "divisions", code)) for code, own in round.divisions.items()
        )]:
            for index, tie in enumerate(rules.tie_break):
                target = rules if tie.round is None else rounds[tie.round]
                check_tie_target(file, (*path, "tie_break", index), tie, target)


def check_tie_target(file: Table, path: tuple[str | int, ...], tie: TieBreak, target: RoundRules) -> None:
    """A tie-break may compare only what its round has: sheet sums, that criterion, that adjustment kind."""
    at = Table(file.source, {}, path, None)
    if tie.by is TieBy.MARKS and target.panel.of is PanelOf.CRITERIA:
        at.fail("by", "marks", "tie_sheets", round=target.id)
    if tie.criterion is not None and target.criterion(tie.criterion.id) is None:
        at.fail("criterion", tie.criterion.id, "known", known=[c.id for c in target.criteria])
    if tie.kind is not None and target.adjustment(tie.kind.id) is None:
        at.fail("kind", tie.kind.id, "known", known=[k.id for k in target.adjustments])
