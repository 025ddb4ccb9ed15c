"""Who gets which award: the ranking is walked from the first place down, award after award, each entry gets one."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from contest.rules.cuts import Cut, Placed, cut, placed, rounded, written
from contest.rules.numbers import shown
from contest.rules.outcome import GivenAward, Step
from contest.rules.shape_awards import AwardOf, AwardRules, AwardSize
from contest.rules.standings import Ranking

# Awards that take everyone who is good enough: there is no number that could stay vacant.
OPEN = (AwardSize.TOP, AwardSize.REST, AwardSize.LINE)


def give_awards(awards: Sequence[AwardRules], rankings: Mapping[str, Sequence[Ranking]]) -> tuple[GivenAward, ...]:
    """Every award of the file in its order, once per ranking it is given out of; one nobody gets is there, empty.

    `rankings` are, by the award's id, those it is given out of. Whoever is out of the ranking gets none. Those who
    share a place are parted only by a tie-break chain that the award itself has.
    """
    given: list[GivenAward] = []
    have: set[str] = set()
    for award in awards:
        for ranking in rankings[award.id]:
            one = _give(award, ranking, have)
            have.update(entry for entry, _ in one.entries)
            given.append(one)
    return tuple(given)


def _give(award: AwardRules, ranking: Ranking, have: set[str]) -> GivenAward:
    ranked = placed(ranking.standings)
    free = [row for row in ranked if row.entry not in have]
    higher_wins = ranking.way.ranking.higher_wins
    least = award.number if award.size is AwardSize.LINE else award.min_score
    good = [row for row in free if least is None or row.reaches(least, higher_wins)]
    base = {
        AwardOf.RANKED: len(ranked), AwardOf.FREE: len(free), AwardOf.ENTRIES: len(ranking.standings),
    }[award.of]
    quota = _quota(award, base, len(good) if award.size is AwardSize.LINE else len(free))
    found = cut(good, quota, award.ties, award.chain, ranking, by_place=award.size is AwardSize.TOP)
    steps = [_heading(award, base, quota), _places(found.rows), *found.tie]
    if not found.tie:
        steps += _vacant(award, found, quota, below=len(good) < len(free))
    entries = tuple((row.entry, row.place) for row in found.rows)
    return GivenAward(award.id, award.title, ranking.division, quota, entries, tuple(steps))


def _quota(award: AwardRules, base: int, all_of_them: int) -> int:
    quota = all_of_them
    if award.mode is not None and award.share is not None:
        if award.size is AwardSize.RATIO:
            # What they have together is never more than its share; the parts of it are then rounded as the file says.
            together = int(award.share * base)
            quota = rounded(award.lower * together, award.mode) - rounded(award.upper * together, award.mode)
        else:
            quota = rounded(award.share * base, award.mode)
    elif award.size in (AwardSize.COUNT, AwardSize.TOP):
        quota = int(award.number)
    return quota if award.limit is None else min(quota, award.limit)


def _vacant(award: AwardRules, found: Cut, quota: int, *, below: bool) -> list[Step]:
    """Said where fewer got the award than could have, because of a minimum score or for lack of entries."""
    if award.size in OPEN:
        return [Step("award_least", {"least": award.min_score})] if below and award.min_score is not None else []
    missing = quota - len(found.rows)
    if missing <= 0:
        return []
    return [
        Step("award_below", {"least": award.min_score, "missing": missing}) if below
        else Step("award_few", {"missing": missing})
    ]


def _heading(award: AwardRules, base: int, quota: int) -> Step:
    args: dict[str, object] = {"award": award.title, "quota": quota}
    if award.size is AwardSize.LINE:
        return Step("award_line", {**args, "least": award.number})
    if award.mode is None or award.share is None:
        return Step(f"award_{award.size}", args)
    args = {**args, "ranked": base, "share": written(award.share)}
    of = "" if award.of is AwardOf.RANKED else f"{award.of}_"
    if award.size is AwardSize.RATIO:
        return Step(f"award_ratio_{of}{award.mode}", {**args, "part": shown(award.number, 0)})
    return Step(f"award_share_{of}{award.mode}", args)


def _places(got: Sequence[Placed]) -> Step:
    if not got:
        return Step("award_vacant", {})
    first, last = got[0].place, got[-1].place
    return Step("award_place", {"first": first}) if first == last else Step(
        "award_places", {"first": first, "last": last})
