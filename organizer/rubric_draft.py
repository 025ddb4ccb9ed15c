"""What the rubric page edits: the rules as they stand, the draft over them, the form or the file that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from contest import composing, drafting, settling
from contest import queries as shared
from contest.composing import Plan
from contest.models import Contest, Round, RuleDraft, RuleVersion
from contest.rules import Criterion, RuleFileError, Rules, read_rules
from contest.rules.reading import MAX_BYTES
from organizer import rubric_words, rules_form
from organizer.rubric_stages import number
from organizer.typed import Typed
from web.words import language

ROW = ("code", "title", "title_en", "most", "hint", "hint_en")


@dataclass(frozen=True)
class Desk:
    """A contest's rules on the desk: what counts, what is being written, and the round that is looked at."""

    contest: Contest
    version: RuleVersion
    draft: RuleDraft | None
    rules: Rules
    code: str
    plan: Plan | None
    marked: bool
    stale: bool

    @property
    def source(self) -> bytes:
        """The rule file that is edited: the draft's, else the one that counts."""
        return self.version.source if self.draft is None else self.draft.source

    @property
    def tag(self) -> str:
        """Which save of the draft the page shows."""
        return drafting.NOTHING if self.draft is None else self.draft.tag

    @property
    def differs(self) -> bool:
        """Whether the draft says anything else than what counts."""
        return self.draft is not None and self.draft.source != self.version.source

    @property
    def stored_round(self) -> Round | None:
        """The contest's round of this code, which a draft may not have made yet."""
        return next((each for each in self.contest.rounds if each.code == self.code), None)


@dataclass(frozen=True)
class Preset:
    """A rule file to begin with: its name in the folder, its title, and what it says in one line."""

    name: str
    title: str
    said: str


def open_desk(db: Session, contest: Contest, asked: str | None) -> Desk:
    """The desk of a contest at a round (its code; without one, or an unknown one, the first). Raises RulesUnusable."""
    version, draft = shared.rule_version(db, contest), drafting.read_draft(db, contest)
    rules = _readable(draft) or shared.rules_of(version)
    if draft is not None and rules.data != draft.source:
        draft = None  # A newer engine no longer reads it: what counts is shown, and the next save begins anew.
    code = asked if asked is not None and asked in rules.rounds else next(iter(rules.rounds))
    return Desk(
        contest, version, draft, rules, code, editable(rules.data), settling.is_marked(db, contest),
        draft is not None and draft.base_id != version.id,
    )  # fmt: skip


def _readable(draft: RuleDraft | None) -> Rules | None:
    try:
        return None if draft is None else drafting.rules_of_draft(draft)
    except RuleFileError:
        return None


@lru_cache(maxsize=32)
def editable(source: bytes) -> Plan | None:
    """The plan that the form can change; None where the file says more than the form has fields for."""
    plan = composing.plan_of(source)
    return plan if plan is not None and all(rules_form.fits(each) for each in plan.rounds) else None


def read_form(desk: Desk, typed: Typed) -> bytes | None:
    """The rule file of what was typed about the round; None where something does not fit, said in `typed.errors`."""
    plan = desk.plan
    own = plan.round(desk.code) if plan is not None else None
    if plan is None or own is None:
        typed.refuse("form", _("这份规则不能用表单改，请改规则文件。"))
        return None
    at = f"{desk.code}-criterion-"
    for row in range(rules_form.MOST_CRITERIA):
        if typed.values.get(f"{at}{row}-most", "").strip() and not typed.values.get(f"{at}{row}-title", "").strip():
            typed.refuse(f"{at}{row}-title", _("请填写评分项的名称，或删除这一项。"))
    in_force = shared.rules_of(desk.version)
    others = [each.code for round_ in plan.rounds if round_ is not own for each in round_.criteria]
    taken = [*others, *(each.id for round_ in in_force.rounds.values() for each in round_.criteria)]
    made = rules_form.read_round(typed, own, taken)
    if typed.errors:
        return None
    if made == own:
        return desk.source  # The file's remarks stay where the form says nothing else.
    try:
        rounds = tuple(made if each is own else each for each in plan.rounds)
        return composing.compose(replace(plan, rounds=rounds))
    except RuleFileError as error:
        typed.refuse("form", error.in_(language()))
        return None


def read_file(typed: Typed) -> bytes | None:
    """The rule file that was typed or uploaded, looked at by its content; None where it cannot be used."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        data = upload.stream.read(MAX_BYTES + 1)
        typed.values["text"] = data.decode("utf-8", "replace") if len(data) <= MAX_BYTES else ""
    else:
        data = typed.values.get("text", "").replace("\r\n", "\n").encode()
    return data if _reads(data, typed) else None


def read_preset(typed: Typed) -> bytes | None:
    """The bytes of the chosen preset; None where there is none of this name."""
    names = {path.stem: path for path in _preset_files()}
    path = names.get(typed.values.get("preset", ""))
    if path is None:
        typed.refuse("preset", _("请选择一个模板。"))
        return None
    data = path.read_bytes()
    return data if _reads(data, typed) else None


def _reads(data: bytes, typed: Typed) -> bool:
    try:
        read_rules(data)
    except RuleFileError as error:
        typed.refuse("text", error.in_(language()))
        return False
    return True


def presets() -> Iterator[Preset]:
    """The rule files that come with the software, by name."""
    for path in _preset_files():
        try:
            rules = read_rules(path.read_bytes())
        except RuleFileError:
            continue
        last = list(rules.rounds.values())[-1]
        lines = {line.title: line.parts for line in rubric_words.method(rules, last)[:3]}
        yield Preset(path.stem, rules.title.in_(language()), " · ".join(parts[0] for parts in lines.values() if parts))


def _preset_files() -> list[Path]:
    return sorted(composing.PRESETS.glob("*.toml"))


def stored_form(desk: Desk) -> Typed:
    """The form as the rules fill it."""
    return rules_form.stored(desk.plan) if desk.plan is not None else Typed()


def rows(desk: Desk, typed: Typed) -> int:
    """How many rows of criteria the form has."""
    at = f"{desk.code}-criterion-"
    return sum(f"{at}{row}-title" in typed.values for row in range(rules_form.MOST_CRITERIA))


def arrange(desk: Desk, typed: Typed, act: str) -> None:
    """Add, remove or move a row of criteria in what was typed: "add", "remove:2", "up:2", "down:2"."""
    at, count = f"{desk.code}-criterion-", rows(desk, typed)
    verb, _colon, where = act.partition(":")
    row = int(where) if where.isascii() and where.isdigit() and len(where) < 3 else 0
    order = list(range(count))
    if verb == "add" and count < rules_form.MOST_CRITERIA:
        order.append(count)
    elif verb == "remove" and row < count and count > 1:
        order.remove(row)
    elif verb in ("up", "down") and 0 <= (other := row + (1 if verb == "down" else -1)) < count and row < count:
        order[row], order[other] = order[other], order[row]
    before = {name: value for name, value in typed.values.items() if name.startswith(at)}
    for name in before:
        del typed.values[name]
    for now, then in enumerate(order):
        for part in ROW:
            typed.values[f"{at}{now}-{part}"] = before.get(f"{at}{then}-{part}", "")


def bands(criterion: Criterion) -> list[str]:
    """The ranges of a criterion's bands, the best first: 27–30."""
    return [
        f"{number(band.low)}–{number(band.high)}" for band in criterion.bands
    ]  # fmt: skip
