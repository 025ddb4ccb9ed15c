"""Reads of the published standings: as the results page lists them, and as the public JSON has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from contest import ledger, publishing, queries
from contest.models import Contest
from contest.publishing import Bundle, Published, Result
from contest.rules import say_status
from contest.rules.saying import LANGUAGES

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """An entry's place, score (or why it has none) and the sentence that says how it came about."""

    place: int | None
    number: str
    name: str | None
    unit: str | None
    title: str | None
    score: str
    story: str


@dataclass(frozen=True)
class Table:
    """The standings of a published round, division by division, and what a visitor needs to recount them."""

    code: str
    title: str
    divisions: Sequence[tuple[str, Sequence[Line]]]
    count: int
    bundle: Bundle | None
    ledger_head: str


def tables(db: Session, contest: Contest, lang: str) -> list[Table]:
    """Every published round, the last first: it is the one people look for."""
    found = publishing.published(db, contest)
    people = _people(db, contest, found)
    rules = queries.rules_of(queries.rule_version(db, contest))

    def table(result: Result) -> Table:
        divisions: dict[str, list[Line]] = {}
        for row in result.rows:
            title = rules.division_title(row["division"], lang) if row.get("division") else ""
            divisions.setdefault(title, []).append(_line(row, people.get(row["entry"], {}), lang))
        return Table(
            result.code, result.title.in_(lang), list(divisions.items()), len(result.rows), result.bundle,
            result.ledger_head,
        )  # fmt: skip

    return [table(each) for each in reversed(found.rounds)]


def as_json(db: Session, contest: Contest, address: Callable[[str], str]) -> Json:
    """The published standings with every step; `address` is where the bundle of a round is."""
    found = publishing.published(db, contest)
    people = _people(db, contest, found)

    def rows(given: Sequence[Json]) -> list[Json]:
        return [_row(row, people.get(row["entry"], {})) for row in given]

    return {
        "format": 1,
        "contest": {"slug": contest.slug, "title": contest.title, "rehearsal": contest.rehearsal},
        "rounds": [
            {
                "round": each.code, "title": {lang: each.title.in_(lang) for lang in LANGUAGES},
                "seal": {
                    "number": each.seal, "sealed_at": ledger.instant(each.sealed_at),
                    "rules_sha256": each.rules_sha256, "ledger_head": each.ledger_head,
                },
                "bundle": _bundle(each, address), "standings": rows(each.rows),
            }
            for each in found.rounds
        ],
        "result": None if found.combined is None else rows(found.combined),
    }  # fmt: skip


def _people(db: Session, contest: Contest, found: Published) -> dict[str, Json]:
    return publishing.entries(db, contest, {row["entry"] for each in found.rounds for row in each.rows})


def _bundle(result: Result, address: Callable[[str], str]) -> Json | None:
    made = result.bundle
    return None if made is None else {
        "url": address(result.code), "sha256": made.sha256, "bytes": len(made.data), "rounds": list(made.covers),
    }  # fmt: skip


def _row(row: Json, who: Json) -> Json:
    """A row for machines: what it is called, then everything the standings say, the explanation last."""
    told = {key: row[key] for key in ("steps", "story")}
    return {"place": row["place"], "entry": row["entry"], "number": row["number"], **who} | {
        key: value for key, value in row.items() if key not in told
    } | {"status": row.get("status")} | told  # fmt: skip


def _line(row: Json, who: Json, lang: str) -> Line:
    score = row["score"] or (say_status(row["status"], lang) if row.get("status") else "")
    return Line(
        row["place"], row["number"], who.get("name"), who.get("unit"), who.get("title"), score, row["story"][lang]
    )
