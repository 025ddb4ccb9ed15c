"""All benches in their order, bounded in count and time, and one table: make bench.

Usage: python -m bench [FOLDERS_ROOT]
FOLDERS_ROOT holds the segments to recount; without it those of the tests are.
"""
from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
from pathlib import Path

from bench import board, certificates, recount, replay, rules
from bench.figures import table
from settings import HERE


def main(arguments: list[str]) -> int:
    """Print every figure; the exit code is 0 only when all results were right as well."""
    root = Path(arguments[0]) if arguments else HERE / "tests/rules/fixtures/skating"
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n")
    recounted = recount.main(root)
    report, figures = replay.measured()
    print("replay: " + json.dumps(report) + "\n")
    print(table(figures + board.measured() + certificates.measured() + rules.measured()))
    return recounted or (0 if replay.is_right(report) else 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
