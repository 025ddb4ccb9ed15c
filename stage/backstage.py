"""Reads of those beside the stage: the caller's list, and the card the MC reads from. No score that is not out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from contest import board, calling, releasing, showing
from contest import queries as shared
from contest.models import Appearance, Audience, Contest, ReleaseMode, Round


@dataclass(frozen=True)
class Calls:
    """The caller's list: who is on, who comes, who is off again or out."""

    round: Round | None
    round_title: str
    on: Appearance | None
    coming: Sequence[Appearance]
    over: Sequence[Appearance]
    out: set[int]
    in_vain: int = calling.CALLS_IN_VAIN


@dataclass(frozen=True)
class Card:
    """The MC's card: who is on, who comes next, and the last released score as it is read aloud."""

    round_title: str
    judging: bool
    on: Appearance | None
    next: Appearance | None
    released: Appearance | None
    script: Sequence[str]
    waits: bool
    held: bool


def calls(db: Session, contest: Contest, *, lang: str) -> Calls:
    """The caller's list of the round that is on."""
    stage = showing.stage_of(db, contest)
    if stage.round is None:
        return Calls(None, "", None, [], [], set())
    order, out = shared.appearances_in_order(db, stage.round), calling.out_of(db, stage.round)
    coming = calling.to_come(order, stage.appearance, out)
    known = {each.id for each in coming}
    return Calls(
        stage.round, _title(db, contest, stage.round, lang), stage.appearance, coming,
        [each for each in order if each.id not in known and each.id != stage.appearance_id], out,
    )  # fmt: skip


def card(db: Session, contest: Contest, *, lang: str) -> Card:
    """The MC's card. Its score comes from the public's own bytes, so nothing can be read aloud before it is out."""
    stage = showing.stage_of(db, contest)
    on, round_ = stage.appearance, stage.round
    if round_ is None:
        return Card("", False, None, None, None, [], False, False)
    order = shared.appearances_in_order(db, round_)
    coming = calling.to_come(order, on, calling.out_of(db, round_))
    row = _last_row(db, contest, round_)
    released = next((each for each in order if row is not None and each.entry.code == row["entry"]), None)
    return Card(
        _title(db, contest, round_, lang), round_.is_judging, on, next(iter(coming), None), released,
        script(row, lang) if row is not None and released is not None else [],
        waits=on is not None and not on.is_released,
        held=contest.release_mode is ReleaseMode.HELD and not releasing.is_opened(db, round_),
    )  # fmt: skip


def script(row: Mapping[str, Any], lang: str) -> list[str]:
    """A released row as sentences to read aloud, in the order in which they are said."""
    if row["score"] is None:
        return []
    said = [
        *(_("去掉一个最高分 %(score)s 分", score=s["score"]) for s in row["sheets"] if s["dropped"] == "high"),
        *(_("去掉一个最低分 %(score)s 分", score=s["score"]) for s in row["sheets"] if s["dropped"] == "low"),
    ]
    if row["sheets"] and row["panel"]:
        said.append(_("%(title)s %(score)s 分", title=_panel_title(row, lang), score=row["panel"]))
    for each in row["adjustments"]:
        title, value = each["title"][lang], str(each["value"])
        if value.startswith("-"):
            said.append(_("%(title)s，扣 %(value)s 分", title=title, value=value[1:]))
        else:
            said.append(_("%(title)s，%(value)s", title=title, value=value))
    said.append(_("最后得分 %(score)s 分", score=row["score"]))
    if row["place"] is not None:
        said.append(_("目前排名第 %(place)s 名", place=row["place"]))
    return said


def _panel_title(row: Mapping[str, Any], lang: str) -> str:
    """What the panel's number is called; a board that an older version made does not say it."""
    title: Mapping[str, str] = row.get("panel_title") or {}
    return title.get(lang, "") or _("评委分")


def _last_row(db: Session, contest: Contest, round_: Round) -> dict[str, Any] | None:
    """The newest release as the public's board has it; the frame may have cut its details to fit."""
    stored = board.frame_of(db, contest, Audience.PUBLIC)
    if stored is None:
        return None
    last = json.loads(stored.frame)["release"]
    rounds = {each["code"]: each["rows"] for each in json.loads(stored.board)["rounds"]}
    rows: list[dict[str, Any]] = rounds.get(round_.code, []) if last is not None else []
    return next((row for row in rows if last is not None and row["entry"] == last["entry"]), None)


def _title(db: Session, contest: Contest, round_: Round, lang: str) -> str:
    rules = shared.rules_of(shared.rule_version(db, contest))
    return rules.rounds[round_.code].title.in_(lang)
