"""Who goes on from a round to the next by its rules, who is on the reserve list, and what rulings say against it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from contest.rules.cuts import Placed, cut, placed, rounded, written
from contest.rules.facts import RulingFact
from contest.rules.outcome import Advancing, Step
from contest.rules.overrides import ruling_order
from contest.rules.shape import Rules
from contest.rules.shape_result import AdvanceRule
from contest.rules.standings import Ranking


def ruled_advances(rulings: Sequence[RulingFact], rounds: Sequence[str | None]) -> dict[str, bool]:
    """Whether a ruling sends an entry on; `rounds` are the rounds under which it is written."""
    return {
        r.entry: r.value == "yes" for r in sorted(rulings, key=ruling_order)
        if r.kind == "advance" and r.round in rounds and r.entry is not None
    }


def going_on(
    rules: Rules, rule: AdvanceRule, rankings: Sequence[Ranking], ruled: Mapping[str, bool],
) -> tuple[Advancing, ...]:
    """The list of those who go on, or one for each division."""
    return tuple([_list(rules, rule, ranking, ruled) for ranking in rankings])


def _list(rules: Rules, rule: AdvanceRule, ranking: Ranking, ruled: Mapping[str, bool]) -> Advancing:
    ranked = placed(ranking.standings)
    higher_wins = ranking.way.ranking.higher_wins
    good = [row for row in ranked if rule.min_score is None or row.reaches(rule.min_score, higher_wins)]
    quota = len(good)
    if rule.top is not None:
        quota = rule.top
    elif rule.share is not None and rule.mode is not None:
        quota = rounded(rule.share * len(ranked), rule.mode)
    found = cut(good, quota, rule.ties, rule.chain, ranking, prefix="advance")
    by_rule = {row.entry for row in found.rows}
    steps = [_heading(rules, rule, len(ranked), quota), _places(found.rows), *found.tie]
    if rule.min_score is not None and len(good) < len(ranked) and not found.tie and len(found.rows) < max(quota, 1):
        steps.append(Step("award_least", {"least": rule.min_score}))
    here = {standing.entry: standing.place for standing in ranking.standings}
    differs = {entry: entry in by_rule for entry, yes in ruled.items() if entry in here and yes != (entry in by_rule)}
    for entry in sorted(differs):
        code = "advance_ruled_out" if differs[entry] else "advance_ruled_in"
        steps.append(Step(code, {"entry": ranking.labels[entry]}))
    entries: list[tuple[str, int | None]] = [(row.entry, row.place) for row in found.rows if row.entry not in differs]
    entries += [(entry, place) for entry, place in here.items() if differs.get(entry) is False]
    entries.sort(key=lambda row: (row[1] is None, row[1] or 0, row[0]))
    reserve = _reserve(rule, [row for row in good if row.entry not in by_rule and row.entry not in ruled])
    if reserve:
        steps.append(Step("advance_reserve", {"entries": [ranking.labels[row.entry] for row in reserve]}))
    return Advancing(
        rule.to, ranking.division, quota, tuple(entries), tuple((row.entry, row.place) for row in reserve), differs,
        tuple(steps),
    )


def _reserve(rule: AdvanceRule, others: Sequence[Placed]) -> list[Placed]:
    """The next of the ranking; all who share the last place of the list are on it."""
    if not rule.reserve or not others:
        return []
    last = others[min(rule.reserve, len(others)) - 1].place
    return [row for row in others if row.place <= last]


def _heading(rules: Rules, rule: AdvanceRule, ranked: int, quota: int) -> Step:
    args: dict[str, object] = {"to": rules.rounds[rule.to].title, "quota": quota}
    if rule.share is not None:
        return Step(f"advance_share_{rule.mode}", {**args, "ranked": ranked, "share": written(rule.share)})
    if rule.top is not None:
        return Step("advance_top", args)
    return Step("advance_line", {**args, "least": rule.min_score})


def _places(got: Sequence[Placed]) -> Step:
    if not got:
        return Step("advance_nobody", {})
    first, last = got[0].place, got[-1].place
    return Step("award_place", {"first": first}) if first == last else Step(
        "award_places", {"first": first, "last": last})
