"""The tablet's message: its shape checked once, so that the verbs work on typed values."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from contest.errors import Malformed
from contest.models import SheetKind
from contest.rules import MarkError, RoundRules
from contest.rules.shape import Missing

VERSION = 1
MOST_MESSAGES = 200
LONGEST_NOTE = 2000
DEEPEST = 10
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class TabletMessage:
    """One whole-sheet snapshot as a tablet sent it. `n` rises by one per lease; `base` is the last version it saw.

    `epoch` is the life of the server in which a sheet was confirmed that is offered again; empty for all others.
    """

    uid: str
    n: int
    submits: bool
    sheet: SheetKind
    round: str
    entry: str
    attempt: int
    rules: int
    base: int
    marks: Mapping[str, str | None]
    note: str
    epoch: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why a message can never count: a reason code and its arguments."""

    code: str
    args: Mapping[str, str | int]


def read_id(raw: object) -> tuple[str, Mapping[str, object]]:
    """A raw message and its id. Raises Malformed where it has none that could be answered.

    Only the usual lower-case form is an id: of two spellings of one, a tablet would not find its answer.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("id"), str):
        raise Malformed(what="messages[].id")
    if not _is_uuid(raw["id"]):
        raise Malformed(what="messages[].id")
    if _is_deeper(raw, DEEPEST):
        raise Malformed(what="messages")
    return raw["id"], raw


def read_message(raw: Mapping[str, object]) -> TabletMessage:
    """A raw message as a typed one. Raises Malformed naming the first part that does not fit."""
    kind = _one_of(raw, "kind", ("save", "submit"))
    note = raw.get("note") or ""
    if not isinstance(note, str) or len(note) > LONGEST_NOTE or _unstorable(note):
        raise Malformed(what="note")
    return TabletMessage(
        uid=read_id(raw)[0], n=_number(raw, "n", least=1), submits=kind == "submit",
        sheet=SheetKind(_one_of(raw, "sheet", ("mark", "review"))),
        round=_text(raw, "round"), entry=_text(raw, "entry"), attempt=_number(raw, "attempt", least=1),
        rules=_number(raw, "rules", least=1),
        base=_number(raw, "base", least=0), marks=_marks(raw), note=note,
        epoch=_text(raw, "epoch") if raw.get("epoch") is not None else "",
    )  # fmt: skip


def check_marks(message: TabletMessage, rules: RoundRules) -> dict[str, Decimal] | Refusal:
    """The given marks as decimals, in the order of the rule's criteria, or why they can never count."""
    by_id = {criterion.id: criterion for criterion in rules.criteria}
    unknown = next((name for name in message.marks if name not in by_id), None)
    if unknown is not None:
        return Refusal("criterion_unknown", {"criterion": unknown[:64]})
    given: dict[str, Decimal] = {}
    for criterion_id, criterion in by_id.items():
        text = message.marks.get(criterion_id)
        if text is None:
            continue
        try:
            given[criterion_id] = criterion.check(text)
        except MarkError as error:
            limits = {key: str(value) for key, value in error.wanted_args.items() if value is not None}
            return Refusal(error.code, limits | {"criterion": criterion_id})
    missing = [criterion_id for criterion_id in by_id if criterion_id not in given]
    if message.submits and missing and rules.panel.missing is Missing.INCOMPLETE:
        return Refusal("incomplete", {"criterion": missing[0], "count": len(missing)})
    return given


def _text(raw: Mapping[str, object], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= 64 or _unstorable(value):
        raise Malformed(what=key)
    return value


def _one_of(raw: Mapping[str, object], key: str, allowed: tuple[str, ...]) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise Malformed(what=key)
    return value


def _number(raw: Mapping[str, object], key: str, *, least: int) -> int:
    value = raw.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST_NUMBER:
        raise Malformed(what=key)
    return value


def _marks(raw: Mapping[str, object]) -> dict[str, str | None]:
    marks = raw.get("marks")
    if not isinstance(marks, Mapping) or len(marks) > 100:
        raise Malformed(what="marks")
    for criterion, mark in marks.items():
        if len(criterion) > 64 or _unstorable(criterion):
            raise Malformed(what="marks")
        if mark is not None and not (isinstance(mark, str) and len(mark) <= 20 and not _unstorable(mark)):
            raise Malformed(what="marks")
    return dict(marks)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _is_deeper(value: object, levels: int) -> bool:
    """Whether lists and maps are nested so deep that writing them down again could fail."""
    level = [value]
    for _ in range(levels):
        maps = [each.values() for each in level if isinstance(each, Mapping)]
        lists = [each for each in level if isinstance(each, list)]
        level = [each for inner in (*maps, *lists) for each in inner]
    return bool(level)


def _unstorable(text: str) -> bool:
    """Whether a database would refuse it: a NUL or half of a surrogate pair."""
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
