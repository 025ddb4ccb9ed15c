"""How long the results page takes, view by view, beside one count of the same facts by the engine alone.

Usage: python -m bench.results
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from contest.models import Role
from contest.rules import Facts, MarkFact, compute, read_rules
from tests import builders
from tests.builders import RULES, final_facts
from web.db import writing

REPEATS = 5
SIZES = ((40, 7), (200, 7), (400, 9))
VIEWS = ("", "?without=final|A|4", "?view=ways", "?view=judges", "?view=spread")


def judged(entries: int, judges: int) -> Facts:
    """A final in which every seat has marked everybody, the same in every run."""
    chance, bare, rules = random.Random(1), final_facts(entries, judges), read_rules(RULES)
    marks = tuple(
        MarkFact("final", entry.entry, sitting.judge, criterion.id, None, "mark",
                 Decimal(chance.randint(int(criterion.max * 70), int(criterion.max * 100))) / 100)
        for entry in bare.entries for sitting in bare.sittings for criterion in rules.rounds["final"].criteria
    )  # fmt: skip
    return replace(bare, marks=marks)


def fastest(work: Callable[[], object]) -> float:
    """The shortest of a few runs, in milliseconds: the one that was disturbed least."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return min(times)


def main() -> None:
    """Print a row per size and view."""
    with tempfile.TemporaryDirectory() as folder:
        app = builders.make_app(Path(folder))
        account = builders.make_account(app, "organizer")
        client, rules = builders.client_of(app, account), read_rules(RULES)
        print("| entries × judges | view | page | one count by the engine |\n|---|---|---|---|")
        for entries, judges in SIZES:
            facts, slug = judged(entries, judges), f"final-{entries}"
            with app.app_context(), writing() as db:
                builders.add_contest(db, slug=slug, facts=facts, with_judging=True)
            builders.add_duty(app, account, slug, Role.ORGANIZER)
            limit = fastest(lambda facts=facts: compute(rules, facts))  # type: ignore[misc]
            for view in VIEWS:
                address = f"/admin/contests/{slug}/results{view}"
                page = fastest(lambda address=address: client.get(address).get_data())  # type: ignore[misc]
                print(f"| {entries} × {judges} | {view or 'ranking'} | {page:.0f} ms | {limit:.1f} ms |")


if __name__ == "__main__":
    main()
