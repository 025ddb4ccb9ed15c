"""The rule engine alone: a recount of 2,015 entries marked by 5 of 40 judges each, beside plain sums in float.

Usage: python -m bench.rules
Every standing is explained: its steps are built by the recount itself, and their sentence in Chinese is timed as well.
The limit does the same sums on the same marks in Python's float, without rounding, steps, checks or ties by the rules.
"""
from __future__ import annotations

import gc
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, table
from contest.rules import (
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    MarkFact,
    Outcome,
    Rules,
    SittingFact,
    compute,
    read_folder,
    read_rules,
    story,
    write_folder,
)

ENTRIES, JUDGES, PER_ENTRY = 2015, 40, 5
REPEATS = 7
TRIMMED = """
format = 1
title = "Review"
[criteria.work]
title = "Work"
max = 100
step = 0.5
[rounds.review]
title = "Review"
criteria = ["work"]
tie_break = [ { by = "marks", of = "all", from = 2 }, { by = "lots" } ]
[rounds.review.panel]
size = 5
drop_high = 1
drop_low = 1
take = "mean"
round = { decimals = 2, mode = "half_up" }
"""


def assigned(seed: int) -> Facts:
    """Made-up marks: strict and lenient judges, works of different worth; everyone marks about 250 works."""
    chance = random.Random(seed)
    entries = [f"{n:04}" for n in range(1, ENTRIES + 1)]
    judges = [f"J{n}" for n in range(1, JUDGES + 1)]
    lenience = {judge: chance.uniform(-6, 6) for judge in judges}
    assignments, marks = [], []
    for entry in entries:
        worth = chance.gauss(75, 8)
        for judge in chance.sample(judges, PER_ENTRY):
            assignments.append(AssignmentFact("review", entry, judge))
            given = round(2 * min(100.0, max(0.0, worth + lenience[judge] + chance.gauss(0, 4))))
            marks.append(MarkFact("review", entry, judge, "work", None, "mark", Decimal(given) / 2))
    return Facts(
        entries=tuple(EntryFact(entry) for entry in entries),
        appearances=tuple(AppearanceFact("review", entry, order) for order, entry in enumerate(entries, start=1)),
        sittings=tuple(SittingFact("review", None, judge) for judge in judges),
        assignments=tuple(assignments),
        marks=tuple(marks),
    )


def fastest(work: Callable[[], object]) -> float:
    """The shortest of a few runs, in milliseconds of the processor: other work on the machine counts less."""
    times = []
    for _ in range(REPEATS):
        gc.collect()
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1000


def told(outcome: Outcome) -> list[str]:
    """Every standing's explanation as a sentence."""
    return [story(standing.steps, "zh") for standing in outcome.standings]


def plain_trimmed(rows: list[tuple[str, str, float]]) -> list[tuple[float, str]]:
    """The limit: trimmed means in float, the entries sorted by them."""
    marks = defaultdict(list)
    for entry, _, mark in rows:
        marks[entry].append(mark)
    scores = []
    for entry, given in marks.items():
        counted = sorted(given)[1:-1]
        scores.append((sum(counted) / len(counted), entry))
    return sorted(scores, reverse=True)


def measured() -> list[Figure]:
    """A recount from facts, from files, and its sentences."""
    facts, rules = assigned(7), read_rules(TRIMMED.encode())
    rows = [(mark.entry, mark.judge, float(mark.mark)) for mark in facts.marks]
    limit = fastest(lambda: plain_trimmed(rows))
    from_facts = fastest(lambda: compute(rules, facts))
    outcome = compute(rules, facts)
    words = fastest(lambda: told(outcome))
    with TemporaryDirectory() as place:
        write_folder(place, facts, rules.data, None)
        from_files = fastest(lambda: _from_files(Path(place), rules))
    size = f"{ENTRIES} entries × {PER_ENTRY} of {JUDGES} judges"
    plain = "the same sums in float"
    return [
        Figure(f"recount of {size}, with every step", from_facts, limit, "ms", plain),
        Figure("the same with every explanation as a sentence", from_facts + words, limit, "ms", plain),
        Figure("the same, from the files of a folder, without sentences", from_files, limit, "ms", plain),
    ]


def _from_files(folder: Path, rules: Rules) -> Outcome:
    return compute(rules, read_folder(folder, rules))


def main() -> int:
    """Print the figures."""
    print(table(measured()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
