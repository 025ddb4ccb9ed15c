"""The rule engine alone: a recount of 2,015 entries marked by 5 of 40 judges each, and of a live round sheet by sheet.

Usage: python -m bench.rules
Every standing is explained: its steps are built by the recount itself, and their sentence in Chinese is timed as well.
The limit does the same sums on the same marks in Python's float, without rounding, steps, checks or ties by the rules.
Counted is the processor's time; a live round of 1,000 entries is marked by 7 judges on 4 criteria each.
"""
from __future__ import annotations

import gc
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from statistics import fmean, median, stdev
from tempfile import TemporaryDirectory

from bench.figures import Figure, table
from contest.rules import (
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    LiveFacts,
    MarkFact,
    Memory,
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
LIVE_ENTRIES, LIVE_JUDGES, LIVE_CRITERIA, LIVE_SHEETS = 1000, 7, 4, 40
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
STANDARD = """
[rounds.review.sheet.normalise]
by = "standard"
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


def plain_standard(rows: list[tuple[str, str, float]]) -> list[tuple[float, str]]:
    """The limit with standard scores: 50 + 10 (x - mean) / deviation of each judge, then as above."""
    own = defaultdict(list)
    for _, judge, mark in rows:
        own[judge].append(mark)
    scales = {judge: (fmean(marks), stdev(marks)) for judge, marks in own.items()}
    return plain_trimmed([
        (entry, judge, 50 + 10 * (mark - scales[judge][0]) / scales[judge][1]) for entry, judge, mark in rows
    ])


def live_facts(seed: int) -> Facts:
    """A live round in which every judge has marked every entry on every criterion."""
    chance = random.Random(seed)
    entries = [f"{n:04}" for n in range(1, LIVE_ENTRIES + 1)]
    return Facts(
        entries=tuple(EntryFact(entry) for entry in entries),
        appearances=tuple(AppearanceFact("review", entry, order) for order, entry in enumerate(entries, start=1)),
        sittings=tuple(SittingFact("review", None, f"J{seat}", str(seat)) for seat in range(1, LIVE_JUDGES + 1)),
        marks=tuple(
            MarkFact("review", entry, f"J{seat}", criterion, None, "mark", mark)
            for entry in entries for seat in range(1, LIVE_JUDGES + 1) for criterion, mark in a_sheet(chance).items()
        ),
    )  # fmt: skip


def a_sheet(chance: random.Random) -> dict[str, Decimal]:
    """Marks from 15 to 25 for each criterion."""
    return {f"c{n}": Decimal(chance.randrange(1500, 2501)).scaleb(-2) for n in range(1, LIVE_CRITERIA + 1)}


def live_rules(more: str) -> Rules:
    """The rules of the review with several criteria."""
    names = [f"c{n}" for n in range(1, LIVE_CRITERIA + 1)]
    criteria = "".join(f'[criteria.{name}]\ntitle = "{name}"\nmax = 25\nstep = 0.01\n' for name in names)
    text = TRIMMED.replace('[criteria.work]\ntitle = "Work"\nmax = 100\nstep = 0.5\n', criteria)
    return read_rules((text.replace('["work"]', str(names)).replace("size = 5", "size = 7") + more).encode())


def after_one_sheet(rules: Rules, facts: Facts) -> float:
    """The median time from a sheet that has come in to the new standings, in milliseconds. Raises if they are wrong."""
    chance = random.Random(11)
    live, memory = LiveFacts(rules, facts), Memory()
    compute(rules, live, memory)
    times = []
    for _ in range(LIVE_SHEETS):
        entry, judge = f"{chance.randint(1, LIVE_ENTRIES):04}", f"J{chance.randint(1, LIVE_JUDGES)}"
        marks = a_sheet(chance)
        began = time.process_time()
        live.put_sheet("review", entry, judge, marks)
        outcome = compute(rules, live, memory)
        times.append(time.process_time() - began)
    if outcome != compute(rules, live):
        raise AssertionError("the standings after single sheets are not those of a cold recount")
    return median(times) * 1000


def measured() -> list[Figure]:
    """A recount from facts, its sentences, one from files, and the standings after one more sheet."""
    facts = assigned(7)
    rows = [(mark.entry, mark.judge, float(mark.mark)) for mark in facts.marks]
    size = f"{ENTRIES} entries × {PER_ENTRY} of {JUDGES} judges"
    figures = []
    for kind, text, plain in (
        ("trimmed mean", TRIMMED, plain_trimmed), ("standard scores", TRIMMED + STANDARD, plain_standard),
    ):
        rules = read_rules(text.encode())
        limit = fastest(lambda plain=plain: plain(rows))
        from_facts = fastest(lambda rules=rules: compute(rules, facts))
        outcome = compute(rules, facts)
        words = fastest(lambda outcome=outcome: told(outcome))
        with TemporaryDirectory() as place:
            write_folder(place, facts, rules.data, None)
            from_files = fastest(lambda rules=rules, place=place: compute(rules, read_folder(place, rules)))
        same = "the same sums in float"
        figures += [
            Figure(f"recount of {size}, {kind}, with every step", from_facts, limit, "ms", same),
            Figure("the same with every explanation as a sentence", from_facts + words, limit, "ms", same),
            Figure("the same from the files of a folder, without sentences", from_files, limit, "ms", same),
        ]
    return figures + live_measured()


def live_measured() -> list[Figure]:
    """The standings after one more sheet, beside the plain sums of the whole round."""
    facts = live_facts(5)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for mark in facts.marks:
        sums[mark.entry, mark.judge] += float(mark.mark)
    rows = [(entry, judge, total) for (entry, judge), total in sums.items()]
    size = f"{LIVE_ENTRIES} entries × {LIVE_JUDGES} judges × {LIVE_CRITERIA} criteria"
    same = "the plain sums of the whole round"
    return [
        Figure(f"standings of {size} after one sheet, trimmed mean", after_one_sheet(live_rules(""), facts),
               fastest(lambda: plain_trimmed(rows)), "ms", same),
        Figure("the same with standard scores", after_one_sheet(live_rules(STANDARD), facts),
               fastest(lambda: plain_standard(rows)), "ms", same),
    ]  # fmt: skip


def main() -> int:
    """Print the figures."""
    print(table(measured()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
