"""Other ways to take the panel's number, side by side: what each would give every entry, and at which place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import gt, lt

from contest.analysis import alternatives
from contest.analysis.alternatives import Way
from contest.analysis.marks import Given, by_sheets, on_own_scale
from contest.analysis.spread import standard_scores
from contest.rules import RoundRules, Standing
from organizer.result_judges import plain, to_two
from organizer.result_scope import Ranking, Scope, rankings
from organizer.result_words import Words

STANDARD = "standard"


@dataclass(frozen=True)
class Taken:
    """What one way gives an entry; `moved`: how many places above the rule's, below 0 underneath it."""

    score: str
    place: int | None
    moved: int


@dataclass(frozen=True)
class WayRow:
    """An entry by the rule and by each other way, by its key."""

    entry: str
    number: str
    name: str
    place: int | None
    score: str
    ways: Mapping[str, Taken]


@dataclass(frozen=True)
class WaysTable:
    """A ranking with its other ways."""

    title: str
    rows: Sequence[WayRow]


def ways(scope: Scope, now: Sequence[Ranking], marks: Mapping[str, Sequence[Given]], words: Words) -> list[WaysTable]:
    """Every ranking with the ways that can be compared; none where the rule's own marks are no points or a sum."""
    rules = scope.round_rules
    if rules is None or scope.round is None or not alternatives.comparable(rules):
        return []
    counted = {
        str(way): rankings(scope, alternatives.counted(scope.rules, scope.facts, scope.round.code, way), scope.facts)
        for way in Way
    }  # fmt: skip
    standard = standard_scores(marks) if by_sheets(rules.panel) else {}
    found = []
    for at, ranking in enumerate(now):
        taken: dict[str, dict[str, tuple[int | None, Decimal | None]]] = {
            way: {each.entry: (each.place, each.score) for each in of[at].standings} for way, of in counted.items()
        }  # fmt: skip
        if standard:
            taken[STANDARD] = _placed(ranking.standings, standard, higher_wins=_higher_wins(rules))
        title = scope.rules.division_title(ranking.division, words.lang) if ranking.division else ""
        found.append(WaysTable(title, [_row(each, taken, words) for each in ranking.standings if each.place]))
    return found


def _placed(
    standings: Sequence[Standing], values: Mapping[str, Decimal], *, higher_wins: bool
) -> dict[str, tuple[int | None, Decimal | None]]:
    """Places by value among the ranked entries: the best first, equal ones share a place."""
    ranked = [each.entry for each in standings if each.place is not None and each.entry in values]
    shown = {entry: to_two(values[entry]) for entry in ranked}
    better = gt if higher_wins else lt
    return {entry: (1 + sum(better(other, shown[entry]) for other in shown.values()), shown[entry]) for entry in ranked}


def _higher_wins(rules: RoundRules) -> bool:
    """Whether more points are better: where places stand in for points, the lower place wins and the higher mark."""
    return rules.ranking.higher_wins or not on_own_scale(rules)


def _row(
    standing: Standing, taken: Mapping[str, Mapping[str, tuple[int | None, Decimal | None]]], words: Words
) -> WayRow:
    found = {}
    for way, of in taken.items():
        place, score = of.get(standing.entry, (None, None))
        moved = standing.place - place if standing.place is not None and place is not None else 0
        found[way] = Taken(_text(score, way), place, moved)
    line = words.lines.get(standing.entry)
    return WayRow(
        standing.entry, words.number(standing.entry), (line.appearance.entry.name or "") if line else "",
        standing.place, "" if standing.score is None else f"{standing.score:f}", found,
    )  # fmt: skip


def _text(score: Decimal | None, way: str) -> str:
    if score is None:
        return "—"
    return plain(score) if way == STANDARD else f"{score:f}"
