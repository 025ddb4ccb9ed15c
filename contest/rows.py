"""The JSON pieces of frames and boards: an entry, a released row, how a score came about."""

from __future__ import annotations

from contest.models import Appearance, Entry
from contest.rules import EntryScore, RoundRules, Standing, Text, story

Json = dict[str, object]
TOP_KEYS = ("place", "entry", "number", "name", "title", "unit", "division", "score")


def entry_json(entry: Entry) -> Json:
    """What an entry is called."""
    return {
        "entry": entry.code, "name": entry.name, "title": entry.title, "unit": entry.unit, "division": entry.division,
    }  # fmt: skip


def who(appearance: Appearance | None) -> Json | None:
    """Who is on stage, or comes next."""
    if appearance is None:
        return None
    return entry_json(appearance.entry) | {"appearance": appearance.public_id, "number": appearance.number}


def row_json(appearance: Appearance, standing: Standing) -> Json:
    """A released appearance with its place, its score and the sentence that explains it."""
    return entry_json(appearance.entry) | {
        "number": appearance.number, "note": appearance.note or None, "place": standing.place,
        "status": standing.status, "score": text(standing.score),
        "story": {"zh": story(standing.steps, "zh"), "en": story(standing.steps, "en")},
    }  # fmt: skip


def breakdown(score: EntryScore | None, rules: RoundRules) -> Json:
    """How a score came about: whole sheets where those are trimmed, else components."""
    if score is None:
        return {"panel": None, "adjustments": [], "sheets": [], "components": []}
    titles = {each.id: each.title for each in rules.adjustments}
    criteria = {each.id: each.title for each in rules.criteria}
    whole = [sheet for sheet in score.sheets if sheet.total is not None]
    return {
        "panel": text(score.panel),
        "adjustments": [{"title": both(titles[each.kind]), "value": text(each.value)} for each in score.adjustments],
        "sheets": [{"seat": _seat(s.seat), "score": text(s.total), "dropped": s.dropped} for s in whole],
        "components": [] if whole else [
            {
                "title": both(criteria[c.criterion]), "value": text(c.mean), "factor": text(c.factor),
                "scaled": text(c.value),
            }
            for c in score.components
        ],
    }  # fmt: skip


def both(words: Text) -> Json:
    """A text of the rule file in both languages."""
    return {"zh": words.zh, "en": words.en}


def text(value: object) -> str | None:
    """A decimal as the string people read, or None."""
    return None if value is None else format(value, "f")


def _seat(seat: str | None) -> int | str | None:
    return int(seat) if seat is not None and seat.isdigit() else seat
