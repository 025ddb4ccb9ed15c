"""The JSON pieces of frames and boards: an entry, a released row, how a score came about."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from contest.models import Appearance, Audience, Entry
from contest.rules import EntryScore, RoundRules, Standing, Text, say_panel, story
from contest.visibility import shown_name

Json = dict[str, object]
# What every page gets on every change; with its number and its revision it stays below 4 KB.
LARGEST_FRAME = 4060
# What may be cut to fit: texts that people wrote, which the board carries in full.
CUT = {"name", "number", "title", "unit", "division", "judge", "note", "zh", "en"}
TOP_KEYS = ("place", "entry", "number", "name", "title", "unit", "division", "score")


def entry_json(entry: Entry, audience: Audience) -> Json:
    """What an entry is called for this audience."""
    return {
        "entry": entry.code, "name": shown_name(entry, audience), "title": entry.title, "unit": entry.unit,
        "division": entry.division,
    }  # fmt: skip


def who(appearance: Appearance | None, audience: Audience) -> Json | None:
    """Who is on stage, or comes next."""
    if appearance is None:
        return None
    return entry_json(appearance.entry, audience) | {"appearance": appearance.public_id, "number": appearance.number}


def row_json(appearance: Appearance, standing: Standing, audience: Audience) -> Json:
    """A released appearance with its place, its score and the sentence that explains it."""
    return entry_json(appearance.entry, audience) | {
        "number": appearance.number, "note": appearance.note or None, "place": standing.place,
        "status": standing.status, "score": text(standing.score),
        "story": {"zh": story(standing.steps, "zh"), "en": story(standing.steps, "en")},
    }  # fmt: skip


def breakdown(score: EntryScore | None, rules: RoundRules) -> Json:
    """How a score came about: whole sheets where those are trimmed, else components."""
    if score is None:
        return {"panel": None, "panel_title": None, "adjustments": [], "sheets": [], "components": []}
    titles = {each.id: each.title for each in rules.adjustments}
    criteria = {each.id: each.title for each in rules.criteria}
    whole = [sheet for sheet in score.sheets if sheet.total is not None]
    return {
        "panel": text(score.panel) if rules.is_judged else None,
        "panel_title": {lang: say_panel(rules, lang) for lang in ("zh", "en")},
        "adjustments": [
            {"title": both(titles[each.kind]), "value": text(as_fine_as(each.value, score.panel))}
            for each in score.adjustments if each.value
        ] + [
            {"title": both(each.title), "value": text(as_fine_as(each.value, score.panel))} for each in score.carried
        ],
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


def as_fine_as(value: Decimal, other: Decimal | None) -> Decimal:
    """A value with at least as many decimals as another, for figures that stand below each other: −1.00 under 89.20."""
    return value if other is None or _places(value) >= _places(other) else value.quantize(other)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _seat(seat: str | None) -> int | str | None:
    return int(seat) if seat is not None and seat.isdigit() else seat


def as_bytes(value: Json) -> bytes:
    """The bytes that are stored, compared and sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def fitted(frame: Json) -> bytes:
    """The frame's bytes, lightened step by step until they fit; what is left out is on the board."""
    body = as_bytes(frame)
    for lighten in LIGHTER:
        if len(body) <= LARGEST_FRAME:
            break
        frame = lighten(frame)
        body = as_bytes(frame)
    return body


def _without_story(frame: Json) -> Json:
    return _with_release(frame, {"story": None})


def _with_short_rows(frame: Json) -> Json:
    kept = {"place", "entry", "number", "name", "score"}
    return frame | {"top": [{key: row[key] for key in row if key in kept} for row in _top(frame)]}


def _cut_at(most: int) -> Callable[[Json], Json]:
    def cut(frame: Json) -> Json:
        return {key: _cut(key, value, most) for key, value in frame.items()}

    return cut


def _cut(key: str, value: object, most: int) -> object:
    if isinstance(value, dict):
        return {inner: _cut(inner, each, most) for inner, each in value.items()}
    if isinstance(value, list):
        return [_cut(key, each, most) for each in value]
    return value[: most - 1] + "…" if key in CUT and isinstance(value, str) and len(value) > most else value


def _without_breakdown(frame: Json) -> Json:
    return _with_release(
        frame, {"panel": None, "panel_title": None, "sheets": [], "components": [], "adjustments": []}
    )


def _with_three_rows(frame: Json) -> Json:
    return frame | {"top": _top(frame)[:3]}


def _without_rows(frame: Json) -> Json:
    return frame | {"top": []}


def _with_release(frame: Json, changed: Json) -> Json:
    release = frame["release"]
    return frame | {"release": release | changed} if isinstance(release, dict) else frame


def _top(frame: Json) -> list[Json]:
    top = frame["top"]
    return top if isinstance(top, list) else []


LIGHTER = (
    _without_story, _with_short_rows, _cut_at(60), _cut_at(24), _cut_at(10), _without_breakdown, _with_three_rows,
    _without_rows,
)  # fmt: skip
