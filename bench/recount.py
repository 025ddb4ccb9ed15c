"""Recount every official segment below a folder: do all totals and places come out, and how long does a folder take.

Usage: python bench/recount.py FOLDERS_ROOT
The floor, measured in the same run, only reads the folder's CSV files with Python's csv module.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from contest.rules import Rules, compute, read_folder, read_rules  # noqa: E402 (needs the path above)

REPEATS = 5


def rule_file(facts: dict[str, str]) -> Path:
    """The example rule file of a segment: "MEN FREE SKATING" is examples/skating/men-free-skating.toml."""
    return PROJECT / "examples" / "skating" / (facts["segment"].lower().replace(" ", "-") + ".toml")


def recount(folder: Path, rules: Rules) -> dict[str, tuple[Decimal | None, int | None]]:
    """Score and place of every entry, from the files."""
    outcome = compute(rules, read_folder(folder, rules))
    return {standing.entry: (standing.score, standing.place) for standing in outcome.standings}


def floor(folder: Path) -> None:
    """Read the same tables and do nothing with them."""
    for name in ("entries.csv", "marks.csv", "adjustments.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            list(csv.reader(file))


def fastest(work: object, *args: object) -> float:
    """The shortest of a few runs, in seconds: the one that was disturbed least."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work(*args)  # type: ignore[operator]
        times.append(time.perf_counter() - began)
    return min(times)


def main(root: Path) -> int:
    """Print the figures; the exit code is 0 only when every total and place is the official one."""
    folders = sorted(path.parent for path in root.rglob("facts.json"))
    right = wanted = 0
    times: list[float] = []
    floors: list[float] = []
    for folder in folders:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        path = rule_file(facts)
        rules = read_rules(path.read_bytes(), path.name)
        found = recount(folder, rules)
        with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                wanted += 1
                if found.pop(row["entry"]) == (Decimal(row["total"]), int(row["place"])):
                    right += 1
                else:
                    print(f"{folder.name}: entry {row['entry']} differs", file=sys.stderr)
        wanted += len(found)
        times.append(fastest(recount, folder, rules))
        floors.append(fastest(floor, folder))
    if not folders:
        print(f"no folders with a facts.json below {root}", file=sys.stderr)
        return 1
    per_folder, least = median(times) * 1000, median(floors) * 1000
    print(
        f"{len(folders)} folders, {right} of {wanted} totals and places equal, "
        f"median {per_folder:.1f} ms per folder; only reading the files {least:.1f} ms, ratio {per_folder / least:.1f}"
    )
    return 0 if right == wanted else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        raise SystemExit(1)
    raise SystemExit(main(Path(sys.argv[1])))
