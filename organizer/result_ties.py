"""Equal scores: who, how they were told apart or why they share a place, and whether an award line lies between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _

from contest.analysis.recounting import holders
from contest.rules import Standing, story
from organizer.result_scope import Ranking
from organizer.result_words import Words


@dataclass(frozen=True)
class Tie:
    """Entries of equal score. `state`: settled, lots (a draw is missing), shared; `stories`: each one's, by number."""

    state: str
    head: str
    score: str
    stories: Sequence[tuple[str, str]]
    note: str
    splits: bool


def ties(rankings: Sequence[Ranking], words: Words) -> list[Tie]:
    """The ties of all rankings, from the top; an entry that is in two rankings is told once."""
    found: list[Tie] = []
    told: set[frozenset[str]] = set()
    for ranking in rankings:
        got, titles = holders(ranking.awards), {one.award: one.title.in_(words.lang) for one in ranking.awards}
        tied = [each for each in ranking.standings if any(step.code == "tied" for step in each.steps)]
        for _score, group in groupby(tied, key=lambda each: (each.block, each.score)):
            sharing = list(group)
            entries = frozenset(each.entry for each in sharing)
            if len(sharing) > 1 and entries not in told:
                told.add(entries)
                found.append(_tie(sharing, got, titles, words))
    return found


def _tie(sharing: Sequence[Standing], got: dict[str, str], titles: dict[str, str], words: Words) -> Tie:
    codes = {step.code for each in sharing for step in each.steps}
    shared = [list(group) for _place, group in groupby(sharing, key=lambda each: each.place)]
    together = [group for group in shared if len(group) > 1]
    numbers = _("、").join(words.number(each.entry) for each in sharing)
    score = format(sharing[0].score or 0, "f")
    head = _("%(numbers)s 号同为 %(score)s", numbers=numbers, score=score)
    stories = []
    for each in sharing:
        told = [step.code for step in each.steps]
        stories.append((words.number(each.entry), story(each.steps[told.index("tied") :], words.lang)))
    # Two that were told apart say the same thing from both sides: the better one's sentence is enough.
    stories = stories[:1] if len(stories) == 2 and not together else stories
    held = {got.get(each.entry) for each in sharing}
    same = titles.get(next(iter(held)) or "") if len(held) == 1 else None
    splits = any(len({got.get(each.entry) for each in group}) > 1 for group in together)
    if splits:
        note = _("并列的选手落在不同奖项里，请核对规则")
    elif together and same:
        note = _("都在%(award)s内，不影响奖项", award=same)
    elif not together and len(held) > 1:
        note = _("奖项线在他们之间")
    else:
        note = ""
    state = ("lots" if "lots_missing" in codes else "shared") if together else "settled"
    return Tie(state, str(head), score, stories, str(note), splits)
