"""What a newer seal says otherwise than the one before it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contest import queries as shared
from contest.models import Seal


@dataclass(frozen=True)
class Change:
    """One entry whose place or score differs between two seals."""

    label: str
    place_before: int | None
    place: int | None
    score_before: str | None
    score: str | None


def standings(seal: Seal) -> list[dict[str, object]]:
    """A seal's rows, as they were stored."""
    rows: list[dict[str, object]] = json.loads(seal.standings)["standings"]
    return rows


def differences(db: Session, before: Seal, after: Seal) -> Sequence[Change]:
    """The entries whose place or score a newer seal changed, in its order; those that are gone come last."""
    old = {str(row["entry"]): row for row in standings(before)}
    new = {str(row["entry"]): row for row in standings(after)}
    labels = {
        each.entry.code: " ".join(filter(None, (each.number, each.entry.name)))
        for each in shared.appearances_in_order(db, after.round)
    }
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        was, is_ = old.get(code, {}), new.get(code, {})
        if (was.get("place"), was.get("score")) != (is_.get("place"), is_.get("score")):
            found.append(Change(
                labels.get(code, code), was.get("place"), is_.get("place"), was.get("score"), is_.get("score"),  # type: ignore[arg-type]
            ))  # fmt: skip
    return found
