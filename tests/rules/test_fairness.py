"""What makes a rule fair, under random rules: names never matter, and where a scheme is monotone a higher mark helps.

Monotone are the mean, sum and median of sheets or criteria, however the extremes are dropped, cut to the middle or
merged, with weights, factors, bonuses, limits and attempts after them. Not monotone, because a mark there moves other
marks too: standard scores, places and points by judge, majorities, marks dropped for their distance from the median,
reviews that are due from a spread on, bands that a measure demands, and scores scaled to the best.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contest.rules import Facts, RoundRules, Rules, compute
from contest.rules.scoring import looks_at_field
from contest.rules.shape import TieBy
from tests.rules.any_facts import some_contest

FAST = settings(deadline=None, max_examples=300, phases=[Phase.explicit, Phase.reuse, Phase.generate])
# What cannot fall behind when one of the entry's marks rises; of counted sheets another one may take its part.
RISING = {TieBy.MARKS, TieBy.MEDIAN, TieBy.PANEL, TieBy.UNROUNDED, TieBy.LOTS, TieBy.PENALTIES}


def seeds(test: Callable[[int], None]) -> Callable[[], None]:
    return FAST(given(st.integers(0, 2**32))(test))


def renamed(facts: Facts, names: dict[str, str]) -> Facts:
    """The same contest with other codes for its entries."""

    def rename(row: Any) -> Any:
        entry = getattr(row, "entry", None)
        return row if entry is None else replace(row, entry=names[entry])

    return Facts(*(tuple(rename(row) for row in getattr(facts, part)) for part in Facts.__slots__))


@seeds
def test_the_codes_of_entries_never_matter(seed: int):
    rules, facts, chance = some_contest(seed)
    codes = [entry.entry for entry in facts.entries]
    names = dict(zip(codes, chance.sample(codes, len(codes)), strict=True))
    before, after = compute(rules, facts), compute(rules, renamed(facts, names))
    rankings = [(before.standings, after.standings), (before.overall or (), after.overall or ())]
    rankings += [(round.standings, after.rounds[id].standings) for id, round in before.rounds.items()]
    for old, new in rankings:
        theirs = {s.entry: (s.place, s.mean_place, s.score, s.status, len(s.steps)) for s in new}
        assert {names[s.entry]: (s.place, s.mean_place, s.score, s.status, len(s.steps)) for s in old} == theirs
    given = [(award.award, award.division, {names[entry] for entry, _ in award.entries}) for award in before.awards]
    assert given == [(award.award, award.division, {entry for entry, _ in award.entries}) for award in after.awards]


def is_monotone(round: RoundRules) -> bool:
    return not looks_at_field(round) and all(
        own.panel.drop_beyond is None and own.review is None and all(c.band_by is None for c in own.criteria)
        for own in (round, *round.divisions.values())
    )


def keeps_places(round: RoundRules) -> bool:
    """Whether equal scores are told apart only by what cannot fall when a mark rises."""
    return round.ranking.higher_wins and all(
        tie.by in RISING and tie.higher_wins is (tie.by is not TieBy.LOTS) and tie.round is None
        for own in (round, *round.divisions.values()) for tie in own.tie_break
    )  # fmt: skip


def with_one_mark_raised(chance: random.Random, rules: Rules, facts: Facts) -> tuple[str, str, Facts] | None:
    """A round, an entry and the facts with one of its marks at the maximum, in a round whose scheme is monotone."""
    marks = [mark for mark in facts.marks if mark.kind == "mark" and is_monotone(rules.rounds[mark.round or ""])]
    if not marks:
        return None
    chosen = chance.choice(marks)
    round = rules.rounds[chosen.round or ""]
    criterion = round.criterion(chosen.criterion or "")
    assert criterion is not None
    raised = replace(chosen, mark=criterion.max)
    return round.id, chosen.entry, replace(facts, marks=tuple(raised if m is chosen else m for m in facts.marks))


@seeds
def test_a_higher_mark_never_costs_points_or_a_place_under_a_monotone_scheme(seed: int):
    rules, facts, chance = some_contest(seed)
    facts = replace(facts, rulings=tuple(r for r in facts.rulings if r.kind not in ("place", "award", "advance")))
    raised = with_one_mark_raised(chance, rules, facts)
    if raised is None:
        return
    id, entry, changed = raised
    before, after = compute(rules, facts).rounds[id], compute(rules, changed).rounds[id]
    old, new = before.scores[entry], after.scores[entry]
    assert (old.score is None) == (new.score is None)
    assert old.score is None or (new.score or Decimal(0)) >= old.score
    assert all(after.scores[other] == score for other, score in before.scores.items() if other != entry)
    if keeps_places(rules.rounds[id]):
        places = [next(s.place for s in of.standings if s.entry == entry) for of in (before, after)]
        assert places[0] is None or (places[1] or 0) <= places[0]


@seeds
def test_a_panels_number_lies_within_its_counted_marks(seed: int):
    rules, facts, _ = some_contest(seed)
    for id, round in compute(rules, facts).rounds.items():
        panel = rules.rounds[id].panel
        if panel.take not in ("mean", "median") or panel.need is not None or rules.rounds[id].divisions:
            continue
        step = Decimal(1) if panel.rounding is None else Decimal(1).scaleb(-panel.rounding.decimals)
        for score in round.scores.values():
            counted = [s.counted for s in score.sheets if s.counted is not None and s.dropped is None]
            if score.panel is not None and counted and not score.attempts and rules.rounds[id].review is None:
                assert min(counted) - step < score.panel < max(counted) + step
