"""What rulings say against the computed result: a place, an award. The computed line stays beside it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from contest.rules.facts import RulingFact
from contest.rules.outcome import GivenAward, Standing, Status, Step

if TYPE_CHECKING:
    from contest.rules.standings import Base

NO_AWARD = "none"
YES_NO = ("yes", "no")
# A ruling on the place never brings back whom another ruling took out of the contest.
STAYS_OUT = (Status.DISQUALIFIED, Status.WITHDRAWN)


def ruled_places(rulings: Sequence[RulingFact], rounds: Sequence[str | None]) -> dict[str, int]:
    """The place that a ruling gives each entry in a ranking; `rounds` are the rounds under which it is written."""
    return {
        r.entry: int(r.value) for r in sorted(rulings, key=ruling_order)
        if r.kind == "place" and r.round in rounds and r.entry is not None and r.value is not None
    }


def ruling_order(ruling: RulingFact) -> tuple[bool, str, str]:
    """Rulings so that the order of rows never matters: the last one counts, one that names its round after others."""
    return ruling.round is not None, ruling.round or "", ruling.value or ""


def with_place(standing: Standing, place: int) -> Standing:
    """The standing with the place that a ruling gives it: also one that the marks alone leave outside the ranking."""
    if standing.status in STAYS_OUT:
        return replace(standing, steps=(*standing.steps, Step("ruled_place_void", {"place": place})))
    kept = tuple(step for step in standing.steps if step.code not in ("placed", "placed_mean"))
    said = Step("ruled_place_only", {"place": place}) if standing.place is None else Step(
        "ruled_place", {"computed": standing.place, "place": place})
    return replace(
        standing, place=place, mean_place=None, status=None, steps=(*kept, said), ruled=True,
        computed_place=standing.place,
    )


def ruled_awards(
    given: Sequence[GivenAward], rulings: Sequence[RulingFact], divisions: Mapping[str, str | None],
    bases: Mapping[str | None, Base], standings: Mapping[str | None, Sequence[Standing]],
) -> tuple[GivenAward, ...]:
    """The awards after the rulings on them. What a ruling takes away is not given to anybody else by itself."""
    wanted = {r.entry: r.value for r in sorted(rulings, key=ruling_order) if r.kind == "award" and r.entry is not None}
    if not wanted:
        return tuple(given)
    result = list(given)
    labels = {r.entry: r.label for base in bases.values() for r in base.ranked}
    places = {standing.entry: standing.place for standing in standings[None]}
    for entry, award in sorted(wanted.items()):
        if entry not in labels:
            continue
        had = next((at for at, one in enumerate(result) if entry in [code for code, _ in one.entries]), None)
        gets = next((
            at for at, one in enumerate(result)
            if one.award == award and one.division in (None, divisions.get(entry))
        ), None)
        if had == gets:
            continue
        computed = None if had is None else result[had]
        if had is not None:
            result[had] = _without(result[had], entry, labels[entry])
        if gets is not None:
            result[gets] = _with(result[gets], entry, places.get(entry), labels[entry], computed)
    return tuple(result)


def _without(given: GivenAward, entry: str, label: str) -> GivenAward:
    return replace(
        given, entries=tuple(row for row in given.entries if row[0] != entry),
        ruled_out=(*given.ruled_out, entry), steps=(*given.steps, Step("award_ruled_out", {"entry": label})),
    )


def _with(given: GivenAward, entry: str, place: int | None, label: str, computed: GivenAward | None) -> GivenAward:
    rows = sorted((*given.entries, (entry, place)), key=lambda row: (row[1] is None, row[1] or 0, row[0]))
    said = Step("award_ruled_in_only", {"entry": label}) if computed is None else Step(
        "award_ruled_in", {"entry": label, "computed": computed.title})
    return replace(
        given, entries=tuple(rows), steps=(*given.steps, said),
        ruled_in={**given.ruled_in, entry: None if computed is None else computed.award},
    )
