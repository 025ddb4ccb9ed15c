"""Rule files from plain answers: a frozen plan of rounds, criteria and awards becomes a rule file's bytes, and back.

Everything here is pure. What a plan does not say (texts of penalties, talk clocks) comes from the presets or from the
file that the plan was read from; a file that says more than a plan can is left alone (`plan_of` gives None).
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from contest import rules as engine
from contest.rules import RuleFileError, Rules, read_rules

PRESETS = Path(engine.__file__).parent / "presets"
PRELIMINARY, FINAL = "preliminary", "final"
STEPS = (Decimal("0.5"), Decimal("0.1"), Decimal("0.01"))
QUIZ = "quiz"
TIME_KINDS = {FINAL: ("time_own", "time_random"), PRELIMINARY: ("time_own",)}
TIES: dict[str, tuple[dict[str, Any], ...]] = {
    "marks": ({"by": "marks", "of": "all", "from": 2}, {"by": "lots"}),
    "criterion": ({"by": "criterion"}, {"by": "marks", "of": "all", "from": 2}, {"by": "lots"}),
    "lots": ({"by": "lots"},),
    "shared": (),
}
BANDS = (
    ({"zh": "优", "en": "Excellent"}, Decimal("0.9")), ({"zh": "良", "en": "Good"}, Decimal("0.75")),
    ({"zh": "中", "en": "Fair"}, Decimal("0.6")), ({"zh": "弱", "en": "Weak"}, Decimal(0)),
)  # fmt: skip
BAND_STEP, LEAST_BANDED, WHOLE_FROM = Decimal("0.5"), Decimal(4), Decimal(20)
Table = Mapping[str, Any]


@dataclass(frozen=True)
class CriterionPlan:
    """What one mark is given for: its name in the files, what people read, and the highest mark."""

    code: str
    title: str
    title_en: str
    most: Decimal
    hint: str = ""
    hint_en: str = ""


@dataclass(frozen=True)
class RoundPlan:
    """A round: `drop` highest and as many lowest sheets are left out; `ties` is one of TIES; the rest as it says."""

    code: str
    title: str
    title_en: str
    criteria: tuple[CriterionPlan, ...]
    step: Decimal
    judges: int
    drop: int
    decimals: int
    ties: str
    quiz: bool
    time: bool

    @property
    def total(self) -> Decimal:
        """What a judge's sheet can reach."""
        return sum((criterion.most for criterion in self.criteria), Decimal(0))


@dataclass(frozen=True)
class AwardPlan:
    """An award, the highest first: so many ("count"), a share of those ranked in percent ("share"), or the "rest"."""

    code: str
    title: str
    title_en: str
    size: str
    number: Decimal


@dataclass(frozen=True)
class Plan:
    """A whole rule file in plain answers. `kinds` are the penalties' tables, kept as they were read."""

    title: str
    title_en: str
    rounds: tuple[RoundPlan, ...]
    awards: tuple[AwardPlan, ...]
    divisions: tuple[tuple[str, str], ...] = ()
    kinds: Table = field(default_factory=dict)

    def round(self, code: str) -> RoundPlan | None:
        """The round of this code."""
        return next((each for each in self.rounds if each.code == code), None)


def compose(plan: Plan) -> bytes:
    """The rule file of a plan. Raises RuleFileError where the engine would not read it."""
    used = dict.fromkeys(kind for round_ in plan.rounds for kind in _kinds(round_))
    parts = ["format = 1\n", _pair("title", _text(plan.title, plan.title_en))]
    parts += [_table(("divisions", code), {"title": _text(code, en)}) for code, en in plan.divisions]
    for round_ in plan.rounds:
        parts += [_table(("criteria", each.code), _criterion(each, round_.step)) for each in round_.criteria]
    parts += [_table(("adjustments", kind), plan.kinds[kind]) for kind in used]
    for round_ in plan.rounds:
        parts += [_table(("rounds", round_.code), _round(round_))]
        parts += [_table(("rounds", round_.code, "panel"), _panel(round_))]
    if len(plan.rounds) > 1:
        parts.append(_table(("result",), {"rounds": [plan.rounds[-1].code]}))
    parts += ["\n[[awards]]\n" + "".join(_pair(*item) for item in _award(award).items()) for award in plan.awards]
    data = "".join(parts).encode()
    read_rules(data)
    return data


def preset(name: str) -> Plan:
    """A preset as a plan: "final" alone, or "two" rounds, a preliminary before the final."""
    final = _read((PRESETS / "lecture-final.toml").read_bytes())
    if name != "two":
        return final
    first = _read((PRESETS / "lecture-preliminary.toml").read_bytes())
    early = first.rounds[0]
    renamed = tuple(replace(each, code=f"pre_{each.code}") for each in early.criteria)
    rounds = (replace(early, criteria=renamed), *final.rounds)
    kinds = {**first.kinds, **final.kinds}
    return replace(final, title="科普讲解大赛", title_en="Science lecture contest", rounds=rounds, kinds=kinds)


def plan_of(source: bytes) -> Plan | None:
    """The plan that a rule file follows, None where the file says what no plan can. Raises RuleFileError."""
    wanted = read_rules(source)
    try:
        plan = _read(source)
        made = read_rules(compose(plan))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, RuleFileError):
        return None
    return plan if _bare(made) == _bare(wanted) else None




def _bare(rules: Rules) -> Rules:
    return replace(rules, sha256="", data=b"")


@cache
def _raw(source: bytes) -> dict[str, Any]:
    return tomllib.loads(source.removeprefix(b"\xef\xbb\xbf").decode(), parse_float=Decimal)


def _read(source: bytes) -> Plan:
    raw = _raw(source)
    rounds = tuple(_read_round(code, table, raw) for code, table in raw["rounds"].items())
    awards = tuple(_read_award(row) for row in raw.get("awards", ()))
    title, title_en = _both(raw["title"])
    divisions = tuple((code, _both(table["title"])[1]) for code, table in raw.get("divisions", {}).items())
    return Plan(title, title_en, rounds, awards, divisions, raw.get("adjustments", {}))


def _read_round(code: str, table: Table, raw: Table) -> RoundPlan:
    criteria, step = [], Decimal(1)
    for name in table["criteria"]:
        own = raw["criteria"][name]
        step = Decimal(own["step"])
        hint, hint_en = _both(own.get("hint", {"zh": "", "en": ""}))
        criteria.append(CriterionPlan(name, *_both(own["title"]), Decimal(own["max"]), hint, hint_en))
    kinds = [kind for part in table.get("after", ()) for kind in part.get("adjust", ())]
    panel, title = table["panel"], _both(table["title"])
    links = tuple(
        {key: value for key, value in link.items() if key not in ("criterion", "better")}
        for link in table.get("tie_break", ())
    )
    return RoundPlan(
        code, *title, tuple(criteria), step, panel["size"], panel.get("drop_high", 0), panel["round"]["decimals"],
        _ties(links), QUIZ in kinds,
        any(kind in kinds for kind in TIME_KINDS.get(code, ("time_own",))),
    )  # fmt: skip


def _ties(links: tuple[Table, ...]) -> str:
    for name, chain in TIES.items():
        if chain == links:
            return name
    raise KeyError("tie_break")


def _read_award(row: Table) -> AwardPlan:
    size = next((name for name in ("count", "share", "rest") if name in row), "top")
    number = Decimal(0) if size == "rest" else Decimal(row[size]) * (100 if size == "share" else 1)
    return AwardPlan(row["id"], *_both(row["title"]), size, number)


def _kinds(round_: RoundPlan) -> list[str]:
    time = list(TIME_KINDS.get(round_.code, ("time_own",))) if round_.time else []
    return ([QUIZ] if round_.quiz else []) + time


def _criterion(plan: CriterionPlan, step: Decimal) -> Table:
    made: dict[str, Any] = {"title": _text(plan.title, plan.title_en)}
    if plan.hint:
        made["hint"] = _text(plan.hint, plan.hint_en)
    made |= {"max": plan.most, "step": step}
    if plan.most >= LEAST_BANDED:
        grid = Decimal(1) if plan.most >= WHOLE_FROM else BAND_STEP
        starts = [(plan.most * share / grid).quantize(Decimal(1), ROUND_HALF_UP) * grid for _title, share in BANDS]
        made |= {
            "band_step": BAND_STEP,
            "bands": [{"title": title, "from": at} for (title, _share), at in zip(BANDS, starts, strict=True)],
        }
    return made


def _round(plan: RoundPlan) -> Table:
    kinds = _kinds(plan)
    links = [
        link | ({"criterion": plan.criteria[0].code} if link["by"] == "criterion" else {}) for link in TIES[plan.ties]
    ]
    after: list[Table] = [{"adjust": kinds}] if kinds else []
    return {
        "title": _text(plan.title, plan.title_en), "criteria": [each.code for each in plan.criteria],
        "after": [*after, {"floor": 0}], "tie_break": links,
    }  # fmt: skip


def _panel(plan: RoundPlan) -> Table:
    # Two of seven judges may be absent before an entry is no longer ranked; one that is dropped must leave one.
    least = max(2 * plan.drop + 1, math.ceil(plan.judges * 0.6))
    return {
        "size": plan.judges, "of": "sheets", "drop_high": plan.drop, "drop_low": plan.drop, "take": "mean",
        "round": {"decimals": plan.decimals, "mode": "half_up"}, "min_marks": least, "missing": "incomplete",
    }  # fmt: skip


def _award(plan: AwardPlan) -> Table:
    made: dict[str, Any] = {"id": plan.code, "title": _text(plan.title, plan.title_en)}
    if plan.size == "rest":
        return made | {"rest": True}
    if plan.size == "share":
        return made | {"share": plan.number / 100, "rounding": "half_up", "ties": "extend"}
    return made | {"count": int(plan.number), "ties": "extend"}


def _both(text: Any) -> tuple[str, str]:
    return (text, text) if isinstance(text, str) else (text["zh"], text["en"])


def _text(zh: str, en: str) -> Table:
    return {"zh": zh, "en": en or zh}


def _table(path: tuple[str, ...], table: Table) -> str:
    return f"\n[{'.'.join(_key(part) for part in path)}]\n" + "".join(_pair(*item) for item in table.items())


def _pair(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name, re.ASCII) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(own)}" for key, own in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(own) for own in value) + "]"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
