"""Facts without people: every judge by a seat, entries by their code, and of them only what the public may have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from contest.rules import EntryFact, Facts, RulingFact

Fact = TypeVar("Fact")
LETTERS = "bcdefghijklmnopqrstuvwxyz"
LOT = "lot"


def judge_labels(facts: Facts) -> dict[str, str]:
    """What each judge is called in public: J4 for whoever sat down first on seat 4, then J4b, J4c on the same seat.

    With several panels whose seats have the same numbers, seats are counted through, panel after panel.
    """
    seats = _seats(facts)
    numbers = [seat for _panel, seat in seats]
    plain = len(set(numbers)) == len(numbers) and all((seat or "").isdecimal() for seat in numbers)
    labels: dict[str, str] = {}
    for at, ((_panel, seat), judges) in enumerate(seats.items(), start=1):
        base = f"J{int(seat) if plain and seat else at}"
        names = iter([base, *(f"{base}{letter}" for letter in LETTERS), *(f"{base}-{n}" for n in range(27, 1000))])
        for judge in judges:
            if judge not in labels:  # Of somebody who sits on two seats the first one counts.
                labels[judge] = next(names)
    named: list[Any] = [*facts.assignments, *facts.marks, *facts.adjustments, *facts.rulings]
    for at, judge in enumerate(dict.fromkeys(one.judge for one in named if one.judge not in {None, *labels}), start=1):
        labels[judge or ""] = f"J{len(seats) + at}"
    return labels


def _seats(facts: Facts) -> dict[tuple[str | None, str | None], list[str]]:
    """The judges of each seat as they sat there one after another; panels as the facts have them, seats by number."""
    judges: dict[tuple[str | None, str | None], list[str]] = {}
    panels: dict[str | None, int] = {}
    for sitting in facts.sittings:
        panels.setdefault(sitting.panel, len(panels))
        sat = judges.setdefault((sitting.panel, sitting.seat), [])
        if sitting.judge not in sat:
            sat.append(sitting.judge)
    order = sorted(judges, key=lambda seat: (panels[seat[0]], len(seat[1] or ""), seat[1] or ""))
    return {seat: judges[seat] for seat in order}


def labelled(facts: Facts, labels: Mapping[str, str] | None = None) -> Facts:
    """The same facts with every judge under a public label, so that no explanation names a person."""
    known = judge_labels(facts) if labels is None else labels
    if all(judge == label for judge, label in known.items()):
        return facts

    def of(rows: Collection[Fact]) -> tuple[Fact, ...]:
        return tuple(
            replace(row, judge=known[row.judge]) if row.judge is not None else row  # type: ignore[type-var,attr-defined]
            for row in rows
        )

    return replace(
        facts, sittings=of(facts.sittings), assignments=of(facts.assignments), marks=of(facts.marks),
        adjustments=of(facts.adjustments), rulings=of(facts.rulings),
    )  # fmt: skip


def nameless(facts: Facts) -> Facts:
    """The same facts without what tells of people: names, units, topics, members."""
    return replace(facts, members=(), entries=tuple(EntryFact(entry.entry, entry.division) for entry in facts.entries))


def public(facts: Facts, *, rounds: Collection[str], shown: Collection[tuple[str, str]]) -> Facts:
    """The facts of these rounds as everybody may have them; `shown`: (round, entry) of the scores that are out.

    Labels are given in the whole contest, so a judge is called the same in every round's facts. Facts name their round,
    as contest.facts reads them.
    """
    facts = labelled(nameless(facts))
    appearances = tuple(one for one in facts.appearances if one.round in rounds)
    appearing = {(one.round, one.entry) for one in appearances}
    entries = {entry for _round, entry in appearing}
    placed: list[Any] = [*facts.appearances, *facts.sittings]
    panels = list(dict.fromkeys(one.panel for one in placed))
    called = {panel: f"P{at}" if panel is not None and len(panels) > 1 else None for at, panel in enumerate(panels, 1)}
    sittings = tuple(replace(one, panel=called[one.panel]) for one in facts.sittings if one.round in rounds)
    return Facts(
        entries=tuple(entry for entry in facts.entries if entry.entry in entries),
        appearances=tuple(replace(one, panel=called[one.panel]) for one in appearances), sittings=sittings,
        assignments=tuple(one for one in facts.assignments if (one.round, one.entry) in appearing),
        marks=tuple(one for one in facts.marks if (one.round, one.entry) in shown),
        adjustments=tuple(one for one in facts.adjustments if (one.round, one.entry) in shown),
        rulings=_rulings(facts.rulings, rounds, entries, {one.judge for one in sittings}),
    )  # fmt: skip


def _rulings(
    rulings: Collection[RulingFact], rounds: Collection[str], entries: Collection[str], judges: Collection[str]
) -> tuple[RulingFact, ...]:
    """The rulings that can change something in these rounds, each once; of two lots of an entry the later one.

    Only a lot has a value that counts; whatever else was written beside a ruling is nobody's business.
    """
    found: dict[object, RulingFact] = {}
    for one in rulings:
        here = one.round is None or one.round in rounds
        if here and (one.entry is None or one.entry in entries) and (one.judge is None or one.judge in judges):
            kept = one if one.kind == LOT else replace(one, value=None)
            found[(one.round, one.entry, LOT) if one.kind == LOT else kept] = kept
    return tuple(found.values())
