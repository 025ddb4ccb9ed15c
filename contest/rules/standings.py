"""Rankings: places within each division or across them, block after block, with what rulings say against them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from contest.rules.live import LiveFacts
from contest.rules.memory import Memory
from contest.rules.numbers import ZERO
from contest.rules.outcome import Standing, Step
from contest.rules.overrides import with_place
from contest.rules.ranking import Contender, Place, break_tie, places
from contest.rules.scoring import Ranked
from contest.rules.shape import RankingRules, ResultRules, RoundRules, Rules, TieBreak
from contest.rules.ties import TieSource


@dataclass(frozen=True, slots=True)
class Way:
    """How the scores of a block become places: what is better, what equal ones get, and what tells them apart."""

    ranking: RankingRules
    chain: tuple[TieBreak, ...]
    source: TieSource


def way(rules: RoundRules | ResultRules, source: TieSource) -> Way:
    """The way of a round, or of the result out of several."""
    return Way(rules.ranking, rules.tie_break, source)


@dataclass(frozen=True, slots=True)
class Ranking:
    """One ranking that awards are given out of: its division (None: all together), its rows, what it was made by."""

    division: str | None
    standings: tuple[Standing, ...]
    way: Way
    labels: Mapping[str, str]

    def parted(self, entries: Sequence[str], chain: tuple[TieBreak, ...]) -> tuple[list[list[str]], list[Step]]:
        """Entries that share a place, told apart by a further chain as far as it goes, and what was compared."""
        group = [Contender(entry, self.labels[entry], ZERO) for entry in sorted(entries)]
        settled = break_tie(group, chain, self.way.source)
        steps: list[Step] = []
        for entry, compared in (one for part in settled for one in part):
            steps += [Step("of_entry", {"entry": self.labels[entry]}), *compared]
        return [[entry for entry, _ in part] for part in settled], steps


@dataclass(frozen=True, slots=True)
class Base:
    """What rankings are made of: those within the divisions, and one across them where it is asked for.

    `ways` are those across divisions, one for each block; `ruled` the places that rulings give within a division.
    """

    ranked: Sequence[Ranked]
    divisions: Sequence[str | None]
    ways_in: Mapping[str | None, Sequence[Way]]
    ways: Sequence[Way]
    ruled: Mapping[str, int]
    memory: Memory

    def within(self) -> tuple[Standing, ...]:
        """Places within each division, division by division."""
        several = len(self.divisions) > 1
        return tuple(
            standing
            for code in self.divisions
            for standing in _ranking(
                [r for r in self.ranked if r.division == code], self.ways_in[code], self.ruled, several, self.memory,
            )
        )

    def across(self) -> tuple[Standing, ...]:
        """One ranking over all divisions; a ruling on a place is about that in the division and says nothing here."""
        several = len(self.divisions) > 1
        return _ranking(self.ranked, self.ways, {} if several else self.ruled, several, self.memory)

    def rankings(self, standings: tuple[Standing, ...], by_division: bool) -> list[Ranking]:
        """The rankings an award is given out of, `standings` being those within the divisions: one, or one each."""
        labels = {r.entry: r.label for r in self.ranked}
        if len(self.divisions) <= 1:
            return [Ranking(None, standings, (self.ways_in[self.divisions[0]] if self.divisions else self.ways)[0],
                            labels)]
        if not by_division:
            return [Ranking(None, self.across(), self.ways[0], labels)]
        return [
            Ranking(code, tuple(s for s in standings if s.division == code), self.ways_in[code][0], labels)
            for code in self.divisions
        ]


def division_order(rules: Rules, live: LiveFacts) -> list[str | None]:
    """The divisions that entries belong to: those of the rule file in its order, then the others by code, then none."""
    used = {entry.division for entry in live.entries.values()}
    if any(appearance.entry not in live.entries for of in live.rounds.values() for appearance in of.appearances):
        used.add(None)
    declared: list[str | None] = [code for code in rules.divisions if code in used]
    others: list[str | None] = [*sorted(code for code in used if code is not None and code not in rules.divisions)]
    return [*declared, *others, *([None] if None in used else [])]


def _ranking(
    ranked: Sequence[Ranked], ways: Sequence[Way], ruled: Mapping[str, int], with_division: bool, memory: Memory,
) -> tuple[Standing, ...]:
    """One ranking: block after block by place, then running order; what is outside it comes last."""
    placed: dict[str, Place] = {}
    ahead = groups = 0
    for block, own in enumerate(ways):
        contenders = [
            Contender(r.entry, r.label, r.score, r.order) for r in ranked if r.score is not None and r.block == block
        ]
        found = places(contenders, own.ranking, own.chain, own.source, memory, ahead, groups)
        ahead, groups = ahead + len(found), groups + len({place.place for place in found.values()})
        placed.update(found)
    rows = []
    for r in ranked:
        key = (ways[r.block].source.own, r.block, r.entry)
        standing = memory.call(key, _standing, r, placed.get(r.entry), ruled.get(r.entry), with_division)
        rows.append(((standing.place is None, standing.place or 0, r.running, r.entry), standing))
    rows.sort(key=itemgetter(0))
    return tuple([standing for _, standing in rows])


def _standing(ranked: Ranked, found: Place | None, ruled: int | None, with_division: bool) -> Standing:
    place, mean, steps = (None, None, ()) if found is None else (found.place, found.mean, found.steps)
    standing = Standing(
        place, ranked.entry, ranked.division if with_division else None, ranked.score,
        None if ranked.status is None else str(ranked.status), (*ranked.steps, *steps), mean, ranked.block,
    )
    return standing if ruled is None else with_place(standing, ruled)
