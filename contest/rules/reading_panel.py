"""Which marks of a panel count, votes, and the majority of the skating system, as a rule file says it."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contest.rules.numbers import ONE
from contest.rules.shape import Criterion, CriterionKind, Missing, PanelOf, Take
from contest.rules.table import Table

_FRACTION = re.compile(r"([0-9]{1,4})/([0-9]{1,4})", re.ASCII)
_DROPS = ("drop_high", "drop_low", "by_size")


@dataclass(frozen=True, slots=True)
class Counting:
    """Parts of PanelRule that say which marks count."""

    middle: int | None = None
    drop_beyond: Decimal | None = None
    merge_extremes: bool = False
    need: Fraction | None = None


def read_counting(table: Table, of: PanelOf, take: Take, criteria: tuple[Criterion, ...], most: int) -> Counting:
    """`middle`, `drop_beyond`, `merge_extremes` and `need` of a panel, and whether they go together with the rest."""
    ways = [key for key in ("middle", "drop_beyond", "merge_extremes") if key in table.data]
    others = [key for key in _DROPS if key in table.data]
    if ways and (len(ways) > 1 or others):
        table.fail(ways[-1], table.data[ways[-1]], "one_way_to_drop", known=[*others, *ways[:-1]])
    middle = table.needed_integer("middle", 1, most) if "middle" in table.data else None
    beyond = table.optional_number("drop_beyond")
    if beyond is not None and beyond <= 0:
        table.fail("drop_beyond", beyond, "above", bound=Decimal(0))
    merges = table.flag("merge_extremes")
    if merges and take is not Take.MEAN:
        table.fail("merge_extremes", merges, "only_mean")
    need = _need(table)
    if need is not None:
        counted = [criterion.kind for criterion in criteria if criterion.weight]
        if of is not PanelOf.SHEETS or take is not Take.SUM or counted != [CriterionKind.PASS] or ways or others:
            table.fail("need", table.data["need"], "only_votes")
    if take is Take.MAJORITY:
        _check_majority(table, of, criteria, [*ways, *others])
    if table.choice("missing", Missing, Missing.INCOMPLETE) is Missing.ZERO:
        for criterion in criteria:
            if criterion.kind is CriterionKind.RANK:
                table.fail("missing", "zero", "no_place_zero")
    return Counting(middle, beyond, merges, need)


def _need(table: Table) -> Fraction | None:
    if "need" not in table.data:
        return None
    raw = table.data["need"]
    if isinstance(raw, str):
        found = _FRACTION.fullmatch(raw)
        if found is None or int(found[2]) == 0:
            table.fail("need", raw, "share_of_votes")
        need = Fraction(int(found[1]), int(found[2]))
    else:
        need = Fraction(table.needed_number("need"))
    if not 0 < need <= 1:
        table.fail("need", raw, "share_of_votes")
    return need


def _check_majority(table: Table, of: PanelOf, criteria: tuple[Criterion, ...], drops: list[str]) -> None:
    if of is not PanelOf.CRITERIA:
        table.fail("of", str(of), "majority_of_criteria")
    for criterion in criteria:
        if criterion.kind is not CriterionKind.RANK or criterion.weight != ONE:
            table.fail("take", "majority", "majority_of_places", criterion=criterion.id)
    for key in (*drops, "round", "factors", "factor_round", "need"):
        if key in table.data:
            table.fail(key, table.data[key], "without_majority")
