"""A recount against the standings.json of a folder: whether they agree, and where they first differ."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from contest.rules.csvfiles import decoded
from contest.rules.errors import FolderError
from contest.rules.shape import Rules
from contest.rules.sources import NAMES, Source

COMPARED = ("place", "score", "status", "division")
FILE, RULES = "standings.json", "rules.toml"


@dataclass(frozen=True, slots=True)
class Difference:
    """`where` it is ("standings, entry 08, score"), what standings.json has and what the recount gives."""

    where: str
    recorded: str
    found: str


def read_standings(data: bytes) -> dict[str, Any]:
    """The object of standings.json. Raises FolderError for anything that does not have its shape."""
    try:
        recorded = json.loads(decoded(data, FILE), parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise FolderError(FILE, None, None, "no JSON", "standings") from None
    rankings = dict(_rankings(recorded)) if isinstance(recorded, dict) else {}
    covers = recorded.get("covers") if isinstance(recorded, dict) else None
    if covers is not None and not (isinstance(covers, list) and all(isinstance(id, str) for id in covers)):
        raise FolderError(FILE, None, None, "covers", "standings")
    files = recorded.get("files", {}) if isinstance(recorded, dict) else {}
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        raise FolderError(FILE, None, None, "files", "standings")
    if "standings" not in rankings and not (covers and "rounds" in recorded):
        raise FolderError(FILE, None, None, "no standings", "standings")
    for name, rows in rankings.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) and "entry" in row for row in rows):
            raise FolderError(FILE, None, None, name, "standings")
    if not _are_awards(recorded.get("awards", [])):
        raise FolderError(FILE, None, None, "awards", "standings")
    return dict(recorded)


def other_file(recorded: Mapping[str, Any], source: Source) -> Difference | None:
    """The first file whose SHA-256 is not the recorded one: what was changed in it may have changed no place."""
    for name in [name for name in NAMES if name in recorded.get("files", {}) and name not in (FILE, RULES)]:
        had, data = recorded["files"][name], source.read(name)
        found = None if data is None else sha256(data).hexdigest()
        if had != found:
            return Difference(f"{name}, SHA-256", had[:64], found or "—")
    return None


def covering(result: Mapping[str, Any], rules: Rules, covers: Sequence[str] | None) -> dict[str, Any]:
    """What a folder says about that has the facts of these rounds alone: theirs, the result only if they decide it.

    A published round comes without the rounds that are not published yet. None: the folder has all rounds.
    """
    if covers is None:
        return dict(result)
    rounds = {id: round for id, round in result["rounds"].items() if id in covers}
    whole = set(rules.result.rounds) <= set(covers)
    kept = {key: value for key, value in result.items() if whole and key != "rounds"}
    return {**kept, "rounds": rounds}


def _are_awards(awards: object) -> bool:
    return isinstance(awards, list) and all(
        isinstance(award, dict) and "award" in award and isinstance(award.get("entries"), list)
        and all(isinstance(row, dict) and "entry" in row for row in award["entries"])
        for award in awards
    )


def _rankings(result: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each ranking of a result by name: standings, overall, rounds.<id>."""
    for name in ("standings", "overall"):
        if name in result:
            yield name, result[name]
    rounds = result.get("rounds", {})
    if not isinstance(rounds, dict):
        yield "rounds", rounds
        return
    for id, round in rounds.items():
        yield f"rounds.{id}", round.get("standings") if isinstance(round, dict) else round


def first_difference(recorded: Mapping[str, Any], recount: Mapping[str, Any]) -> Difference | None:
    """The first place, score, status or division that differs, ranking by ranking; None where all agree.

    The order of rows and the explanations are not results: see explained_otherwise().
    """
    theirs, ours = dict(_rankings(recorded)), dict(_rankings(recount))
    for name in [*theirs, *(name for name in ours if name not in theirs)]:
        if name not in theirs:
            if "rounds" not in recorded and name.startswith("rounds."):
                continue
            return Difference(name, "—", f"{len(ours[name])}")
        if name not in ours:
            return Difference(name, f"{len(theirs[name])}", "—")
        found = _difference_of_rows(name, theirs[name], ours[name])
        if found is not None:
            return found
    return _difference_of_awards(recorded, recount) if "awards" in recorded else None


def _difference_of_awards(recorded: Mapping[str, Any], recount: Mapping[str, Any]) -> Difference | None:
    """The first entry with another award or place. A result recorded before there were awards has none to compare."""
    theirs, ours = (
        {
            (str(award["award"]), str(row["entry"])): row.get("place")
            for award in result.get("awards", []) for row in award["entries"]
        }
        for result in (recorded, recount)
    )
    for award, entry in [*theirs, *(key for key in ours if key not in theirs)]:
        had, has = theirs.get((award, entry)), ours.get((award, entry))
        if had != has:
            return Difference(f"awards, {award}, {entry}", _said(had), _said(has))
    return None


def _difference_of_rows(name: str, theirs: list[dict[str, Any]], ours: list[dict[str, Any]]) -> Difference | None:
    own = {row["entry"]: row for row in ours}
    seen = set()
    for row in theirs:
        entry = str(row["entry"])
        if entry not in own or entry in seen:
            return Difference(f"{name}, {entry}", entry, "—")
        seen.add(entry)
        for key in COMPARED:
            if row.get(key) != own[entry].get(key):
                return Difference(f"{name}, {entry}, {key}", _said(row.get(key)), _said(own[entry].get(key)))
    for row in ours:
        if row["entry"] not in seen:
            return Difference(f"{name}, {row['entry']}", "—", row["entry"])
    return None


def _said(value: object) -> str:
    return "—" if value is None else str(value)[:60]


def explained_otherwise(recorded: Mapping[str, Any], recount: Mapping[str, Any]) -> str | None:
    """Where a recorded explanation is not today's by codes and arguments ("standings, 08"); None if none is."""
    ours = dict(_rankings(recount))
    for name, rows in _rankings(recorded):
        own = {row["entry"]: row for row in ours.get(name, [])}
        for row in rows:
            if "steps" in row and _told(row["steps"]) != _told(own.get(row["entry"], {}).get("steps")):
                return f"{name}, {row['entry']}"
    return None


def _told(steps: object) -> object:
    if not isinstance(steps, list):
        return steps
    return [(step.get("code"), step.get("args")) if isinstance(step, dict) else step for step in steps]
