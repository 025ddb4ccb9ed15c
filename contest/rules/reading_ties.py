"""The tie-break chains of a rule file, and whether each link finds what it compares."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from contest.rules.shape import (
    AdjustmentKind,
    Better,
    Criterion,
    CriterionKind,
    Group,
    PanelOf,
    RoundRules,
    Scale,
    TieBreak,
    TieBy,
    TieOf,
)
from contest.rules.shape_ties import BY_PLACES
from contest.rules.table import Table

MAX_PANEL = 200
# What is worked out for a tie only where a chain asks for it.
PREPARED = (TieBy.TIEBREAK_JUDGE, TieBy.UNROUNDED)
OF_SHEETS = (TieBy.MARKS, TieBy.MEDIAN, TieBy.HEAD_TO_HEAD, *BY_PLACES)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file declares once and its rounds refer to by name."""

    criteria: Mapping[str, Criterion]
    adjustments: Mapping[str, AdjustmentKind]
    rounds: tuple[str, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)


NEEDS: dict[TieBy, tuple[str, ...]] = {
    TieBy.MARKS: ("of", "from", "better"),
    TieBy.MEDIAN: ("of", "better"),
    TieBy.FIRSTS: ("of", "upto"),
    TieBy.RECIPROCALS: ("of",),
    TieBy.RANK_SUM: ("of",),
    TieBy.HEAD_TO_HEAD: (),
    TieBy.TIEBREAK_JUDGE: ("better",),
    TieBy.CRITERION: ("criterion", "of", "better"),
    TieBy.GROUP: ("group", "better"),
    TieBy.PANEL: ("better",),
    TieBy.UNROUNDED: ("better",),
    TieBy.ADJUSTMENT: ("kind", "better"),
    TieBy.MEASURED: ("kind", "of", "better"),
    TieBy.PENALTIES: ("of",),
    TieBy.ATTEMPT: ("from", "better"),
    TieBy.SCORE: ("better",),
    TieBy.ROUND_RANK: (),
    TieBy.LOTS: (),
}
# What each `of` may be; the first is meant where the file says nothing.
OF: dict[TieBy, tuple[TieOf, ...]] = {
    TieBy.CRITERION: (TieOf.COUNTED, TieOf.ALL),
    TieBy.PENALTIES: (TieOf.SUM, TieOf.NUMBER),
    TieBy.MEASURED: (TieOf.BEST, TieOf.OTHER),
    **dict.fromkeys((TieBy.MARKS, TieBy.MEDIAN, *BY_PLACES), (TieOf.ALL, TieOf.COUNTED)),
}
# Where the lower value wins without being asked: places are better the lower they are.
LOWER = (TieBy.RANK_SUM, TieBy.ROUND_RANK, TieBy.LOTS)
OF_ANOTHER = (TieBy.SCORE, TieBy.ROUND_RANK)


def read_ties(table: Table, declared: Declared, own: str | None) -> tuple[TieBreak, ...]:
    """The tie-break chain of a round, or of the result (own None), where each link but lots names its round."""
    return tuple(_tie(row, declared, own) for row in table.rows("tie_break", "tie"))


def _tie(row: Table, declared: Declared, own: str | None) -> TieBreak:
    by = row.choice("by", TieBy, None)
    allowed = ("by", *NEEDS[by], *(() if by is TieBy.LOTS else ("round",)))
    for key in row.data:
        if key not in allowed:
            row.unknown(key, allowed)
    of: TieOf | None = None
    if by in OF:
        of = row.choice("of", TieOf, OF[by][0])
        if of not in OF[by]:
            row.fail("of", str(of), "known", known=sorted(str(one) for one in OF[by]))
    round: str | None = None
    if by is not TieBy.LOTS and ("round" in row.data or own is None or by in OF_ANOTHER):
        round = row.id("round", list(declared.rounds))
        if by in OF_ANOTHER and round == own:
            row.fail("round", round, "another_round")
    kind = None
    if by in (TieBy.ADJUSTMENT, TieBy.MEASURED):
        kind = declared.adjustments[row.id("kind", list(declared.adjustments))]
    criterion = declared.criteria[row.id("criterion", list(declared.criteria))] if by is TieBy.CRITERION else None
    lower = (
        by in LOWER or (by is TieBy.MEASURED and kind is not None and not kind.higher_wins)
        or (criterion is not None and criterion.kind is CriterionKind.RANK)
    )
    return TieBreak(
        by=by,
        of=of,
        first=row.integer("from", 2 if by is TieBy.ATTEMPT else 1, 1, MAX_PANEL),
        criterion=criterion,
        kind=kind,
        round=round,
        higher_wins=row.choice("better", Better, Better.LOWER if lower else Better.HIGHER) is Better.HIGHER,
        group=declared.groups[row.id("group", list(declared.groups))] if by is TieBy.GROUP else None,
        upto=row.integer("upto", 1, 1, MAX_PANEL),
        stated="better" in row.data,
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
    """A tie-break may compare only what its round has: sheet sums, places, that criterion, that adjustment kind."""
    at = Table(file.source, {}, path, None)
    if tie.by in OF_SHEETS and target.panel.of is not PanelOf.SHEETS:
        at.fail("by", str(tie.by), "tie_sheets", round=target.id)
    if tie.by in BY_PLACES and not _gives_places(target):
        at.fail("by", str(tie.by), "tie_places", round=target.id)
    if tie.by is TieBy.ATTEMPT and target.attempts is None:
        at.fail("by", str(tie.by), "tie_attempts", round=target.id)
    scaled = any(isinstance(link, Scale) for link in target.after)
    if tie.by is TieBy.UNROUNDED and (target.attempts is not None or scaled or not target.is_judged):
        at.fail("by", str(tie.by), "tie_unrounded", round=target.id)
    if tie.by is TieBy.TIEBREAK_JUDGE and not target.is_judged:
        at.fail("by", str(tie.by), "tie_judged", round=target.id)
    if not tie.stated and _compares_places(tie, target):
        at.fail("better", None, "tie_better", round=target.id)
    if tie.group is not None and tie.group.id not in [group.id for group in target.groups]:
        at.fail("group", tie.group.id, "known", known=[group.id for group in target.groups])
    if tie.criterion is not None and target.criterion(tie.criterion.id) is None:
        at.fail("criterion", tie.criterion.id, "known", known=[c.id for c in target.criteria])
    if tie.kind is not None and target.adjustment(tie.kind.id) is None:
        at.fail("kind", tie.kind.id, "known", known=[k.id for k in target.adjustments])


def with_asked(
    rounds: Mapping[str, RoundRules], chains: Iterable[tuple[str | None, TieBreak]],
) -> dict[str, RoundRules]:
    """The rounds, each with what some link of the file's chains asks of it; a chain's own round is named with it."""
    asked: dict[str, set[TieBy]] = {id: set() for id in rounds}
    for own, tie in chains:
        target = tie.round or own
        if target is not None and tie.by in PREPARED:
            asked[target].add(tie.by)
    return {
        id: round if not asked[id] else replace(
            round, asks=frozenset(asked[id]),
            divisions={code: replace(own, asks=frozenset(asked[id])) for code, own in round.divisions.items()},
        )
        for id, round in rounds.items()
    }


def _compares_places(tie: TieBreak, round: RoundRules) -> bool:
    """Whether what is compared are places, where the larger number is the worse one."""
    sheet = round.sheet
    if sheet is None:
        return False
    if tie.by is TieBy.TIEBREAK_JUDGE:
        return sheet.lower_wins
    return tie.by in (TieBy.MARKS, TieBy.MEDIAN) and sheet.gives_places


def _gives_places(round: RoundRules) -> bool:
    """Whether each judge of the round gives places: as marks, on a ballot, or by the order of the sheets."""
    sheet = round.sheet
    return sheet is not None and (sheet.handed_in or sheet.rank is not None or sheet.ballot is not None)
