"""One round of a rule file: its panel, the chain after the panel, its ties, and what divisions override."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from contest.rules.keys import ROUND_PARTS
from contest.rules.numbers import ONE, ZERO, shown
from contest.rules.reading_adjustments import recorded_with
from contest.rules.reading_attempts import places_after, read_attempts
from contest.rules.reading_chain import kinds_in, read_chain
from contest.rules.reading_groups import used_groups
from contest.rules.reading_panel import read_counting
from contest.rules.reading_ranking import read_ranking
from contest.rules.reading_sheet import read_review, read_sheet, sheet_decimals
from contest.rules.reading_ties import Declared, read_ties
from contest.rules.shape import (
    Criterion,
    Family,
    Missing,
    PanelOf,
    PanelRule,
    RankingRules,
    RoundRules,
    Take,
    Text,
    Trim,
)
from contest.rules.shape_chain import Scale, last_rounding
from contest.rules.shape_panel import NO_PANEL
from contest.rules.table import Table

MAX_PANEL = 200
_SIZES = {str(size) for size in range(1, MAX_PANEL + 1)}
FACTOR_LIMIT = Decimal(1000)


def read_round(id: str, table: Table, declared: Declared) -> RoundRules:
    """The round `id`, with the divisions that differ."""
    title = table.text("title")
    divisions: dict[str, RoundRules] = {}
    for code, own in table.named("divisions", "round division", any_name=True):
        base = {key: table.data[key] for key in ROUND_PARTS if key in table.data}
        merged = Table(table.source, _merged(base, own.data), own.path, "round division")
        divisions[code] = _round(id, title, merged, declared, {})
    return _round(id, title, table, declared, divisions)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """`base` with `own` laid over it: the keys of a table are merged, everything else is replaced."""
    result = dict(base)
    for key, value in own.items():
        under = result.get(key)
        result[key] = {**under, **value} if isinstance(under, dict) and isinstance(value, dict) else value
    return result


def _round(id: str, title: Text, table: Table, declared: Declared, divisions: dict[str, RoundRules]) -> RoundRules:
    criteria, panel = _judged(table, declared)
    sheet = read_sheet(table, criteria, panel)
    families = _families(table)
    used: set[str] = set()
    after = read_chain(table, declared.adjustments, used)
    last = last_rounding(after) or panel.factor_rounding or panel.rounding
    places = last.decimals if last is not None else sheet_decimals(sheet) or 0
    attempts = read_attempts(table, declared.adjustments, used, places)
    if attempts is not None and any(isinstance(step, Scale) for step in after):
        table.fail("after", table.data["after"], "scale_of_attempts")
    per_attempt = kinds_in(after, declared.adjustments)
    kinds = per_attempt if attempts is None else (*per_attempt, *attempts.adjustments)
    ties = read_ties(table, declared, id)
    only_recorded = recorded_with(kinds, criteria, ties, declared.adjustments)
    per_attempt, kinds = (*per_attempt, *only_recorded), (*kinds, *only_recorded)
    groups, above = used_groups(declared.groups, criteria)
    for kind in kinds:
        if kind.family is not None and kind.family not in families:
            table.fail("families", None, "family_needed", family=kind.family, kind=kind.id)
    most = sum((c.max * (panel.factors.get(c.id, c.weight) if c.weight else c.weight) for c in criteria), ZERO)
    if "total" in table.data and table.needed_number("total") != most:
        table.fail("total", table.data["total"], "sum_of_maxima", value=shown(most, 0))
    return RoundRules(
        id=id,
        title=title,
        criteria=criteria,
        sheet_max=shown(most, 0) if panel.of is PanelOf.SHEETS else None,
        panel=panel,
        adjustments=kinds,
        families=families,
        after=after,
        tie_break=ties,
        sheet=sheet,
        review=read_review(table, panel, sheet),
        places=places_after(attempts, places),
        divisions=divisions,
        ranking=_ranking(table, panel),
        attempts=attempts,
        per_attempt=per_attempt,
        measured=(*(kind for kind in kinds if kind.is_measured and kind not in only_recorded), *only_recorded),
        groups=groups,
        above=above,
    )


def _judged(table: Table, declared: Declared) -> tuple[tuple[Criterion, ...], PanelRule]:
    """The criteria and the panel of a round; a round that has neither is measured, not judged."""
    if is_measured(table):
        return (), NO_PANEL
    criteria = tuple(declared.criteria[name] for name in table.ids("criteria", list(declared.criteria)))
    return criteria, _panel(table, criteria)


def is_measured(table: Table) -> bool:
    """Whether a round has no judges: it names neither criteria nor a panel, but what is recorded instead."""
    return "criteria" not in table.data and "panel" not in table.data and "after" in table.data


def _ranking(table: Table, panel: PanelRule) -> RankingRules:
    """How scores become places; places by majority are given by the panel, and the lower one is ahead."""
    ranking = read_ranking(table)
    if panel.take is not Take.MAJORITY:
        return ranking
    for key in ("after", "attempts"):
        if table.data.get(key):
            table.fail(key, table.data[key], "without_majority")
    if "better" in table.data.get("ranking", {}) and ranking.higher_wins:
        table.fail("ranking", "higher", "majority_lower")
    return replace(ranking, higher_wins=False)


def _panel(round: Table, criteria: tuple[Criterion, ...]) -> PanelRule:
    table = round.table("panel", "panel")
    if table is None:
        round.fail("panel", None, "table")
    take = table.choice("take", Take, None)
    usual = PanelOf.CRITERIA if take is Take.MAJORITY else PanelOf.SHEETS
    of = PanelOf(table.id("of", ["sheets", "criteria"])) if "of" in table.data else usual
    size = table.needed_integer("size", 1, MAX_PANEL) if "size" in table.data else None
    trim = _trim(table, Trim(0, 0))
    if size is not None and trim.high + trim.low >= size:
        table.fail("drop_low" if trim.low else "drop_high", f"{trim.high} + {trim.low}", "drops_fit", size=size)
    least = trim.high + trim.low + 1
    by_size: dict[int, Trim] = {}
    sizes = table.table("by_size", None)
    if sizes is not None:
        for name, raw in sizes.data.items():
            if name not in _SIZES or int(name) > (size or MAX_PANEL):
                sizes.fail(name, name, "integer", low=1, high=size or MAX_PANEL)
            if not isinstance(raw, dict):
                sizes.fail(name, raw, "table")
            row = Table(table.source, raw, (*sizes.path, name), "by_size")
            own = _trim(row, trim)
            if own.high + own.low >= int(name):
                row.fail("drop_low" if own.low else "drop_high", f"{own.high} + {own.low}", "drops_fit", size=int(name))
            by_size[int(name)] = own
            least = min(least, int(name))
    min_marks = table.integer("min_marks", least, 1, size or MAX_PANEL)
    if min_marks < least:
        table.fail("min_marks", min_marks, "integer", low=least, high=size or MAX_PANEL)
    rounding, factor_rounding = table.rounding("round"), table.rounding("factor_round")
    if take is Take.MEAN and rounding is None:
        table.fail("round", None, "rounding_needed")
    factors = _factors(table, of, criteria)
    if factor_rounding is not None and not factors:
        table.fail("factor_round", table.data["factor_round"], "factors_needed")
    missing = table.choice("missing", Missing, Missing.INCOMPLETE)
    ways = read_counting(table, of, take, criteria, size or MAX_PANEL)
    return PanelRule(
        size, of, trim, by_size, take, rounding, min_marks, missing, factors, factor_rounding, ways.middle,
        ways.drop_beyond, ways.merge_extremes, ways.need,
    )


def _trim(table: Table, default: Trim) -> Trim:
    high = table.integer("drop_high", default.high, 0, MAX_PANEL)
    low = table.integer("drop_low", default.low, 0, MAX_PANEL)
    return Trim(high, low)


def _factors(panel: Table, of: PanelOf, criteria: tuple[Criterion, ...]) -> dict[str, Decimal]:
    """What each criterion's result is multiplied by: the panel's factor times the criterion's weight.

    A weight of 0 is not a factor: such a criterion keeps its result, which is then not added.
    """
    table = panel.table("factors", None)
    if table is not None and of is PanelOf.SHEETS:
        panel.fail("factors", table.data, "only_of_criteria")
    names = [criterion.id for criterion in criteria]
    factors = {}
    if table is not None:
        for name in table.data:
            if name not in names:
                table.unknown(name, names)
            factors[name] = table.needed_number(name)
            if not 0 < factors[name] <= FACTOR_LIMIT:
                table.fail(name, factors[name], "factor", most=FACTOR_LIMIT)
    if of is PanelOf.SHEETS or not (factors or any(criterion.weight not in (0, 1) for criterion in criteria)):
        return {}
    return {c.id: factors.get(c.id, ONE) * (c.weight or ONE) for c in criteria}


def _families(table: Table) -> dict[str, Family]:
    families = {}
    for id, row in table.named("families", "family"):
        low, high = row.optional_number("sum_min"), row.optional_number("sum_max")
        if low is None and high is None:
            row.fail("sum_min", None, "number")
        if low is not None and low > 0:
            row.fail("sum_min", low, "not_above", bound=Decimal(0))
        if high is not None and high < 0:
            row.fail("sum_max", high, "not_below", bound=Decimal(0))
        families[id] = Family(id, row.text("title"), low, high)
    return families


