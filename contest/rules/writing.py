"""A contest folder written from facts, so that reading it again gives equal facts."""
from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from contest.rules.csvfiles import COLUMNS, table_bytes
from contest.rules.errors import FolderError
from contest.rules.facts import Facts

FILES = ("rules.toml", *COLUMNS, "standings.json")


def write_folder(
    path: str | Path,
    facts: Facts,
    rules_bytes: bytes,
    standings: Mapping[str, Any] | None,
    *,
    head: str | None = None,
    replace: bool = False,
) -> None:
    """Write the folder at `path`, which is made when it is missing.

    `standings` is the object of outcome_json(), or None for a contest without a result yet; `head` the hash of the
    ledger's last row. A folder that already holds files of this format is refused (FolderError) unless `replace` is
    true; then those are replaced, or removed where there is nothing new to put there. Other files stay.
    Raises FolderError also where the folder cannot be written.
    """
    folder = Path(path)
    files = folder_files(facts, rules_bytes, standings, head)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = [name for name in FILES if (folder / name).exists()]
        if old and not replace:
            raise FolderError(str(path), None, None, old[0], "empty_place")
        for name, data in files.items():
            fresh = folder / f".{name}.new"
            fresh.write_bytes(data)
            fresh.replace(folder / name)
        for name in old:
            if name not in files:
                (folder / name).unlink()
    except (OSError, ValueError) as error:
        raise FolderError(str(path), None, None, getattr(error, "strerror", None) or str(error), "folder") from None


def folder_files(
    facts: Facts, rules_bytes: bytes, standings: Mapping[str, Any] | None, head: str | None = None,
    without: Collection[str] = (),
) -> dict[str, bytes]:
    """The files of a folder by name: entries.csv and appearances.csv always, the others where they have rows.

    `without`: columns of entries.csv that are left out.
    """
    tables: dict[str, list[tuple[str | int | None, ...]]] = {
        "entries.csv": [(e.entry, e.division, e.unit, e.name, e.title) for e in facts.entries],
        "members.csv": [(m.entry, m.order, m.name, m.role) for m in facts.members],
        "appearances.csv": [(a.round, a.entry, a.order, a.number, a.panel) for a in facts.appearances],
        "judges.csv": [(s.round, s.panel, s.judge, s.seat, s.role, s.first, s.last) for s in facts.sittings],
        "assignments.csv": [(a.round, a.entry, a.judge) for a in facts.assignments],
        "marks.csv": [
            (m.round, m.entry, m.judge, m.criterion, m.attempt, m.kind, format(m.mark, "f")) for m in facts.marks
        ],
        "adjustments.csv": [
            (a.round, a.entry, a.attempt, a.judge, a.kind, format(a.value, "f")) for a in facts.adjustments
        ],
        "rulings.csv": [
            (r.round, r.entry, r.attempt, r.judge, r.criterion, r.kind, r.value) for r in facts.rulings
        ],
    }
    files = {"rules.toml": rules_bytes}
    for name, rows in tables.items():
        if rows or name in ("entries.csv", "appearances.csv"):
            files[name] = table_bytes(name, rows, without if name == "entries.csv" else ())
    if standings is not None:
        recorded = {"rules_sha256": sha256(rules_bytes).hexdigest(), "ledger_head": head, **standings}
        files["standings.json"] = json_bytes(recorded)
    return files


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """JSON as it is written: UTF-8, one space of indent, keys in the order given, a line end."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
