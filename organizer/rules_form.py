"""The rules of a contest as a form: a plan becomes fields, what was typed becomes a plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from flask_babel import gettext as _

from contest import composing
from contest.composing import AwardPlan, CriterionPlan, Plan, RoundPlan
from organizer.typed import Typed

MOST_CRITERIA, MOST_AWARDS, MOST_JUDGES, MOST_DIVISIONS = 8, 6, 30, 8
DROPS, DECIMALS = ("0", "1", "2"), ("0", "1", "2", "3")
SIZES = ("count", "share", "rest")
AWARD_CODES = ("first", "second", "third", "fourth", "fifth", "sixth")


def stored(plan: Plan) -> Typed:
    """A plan as the form of its rules holds it."""
    typed = Typed()
    put = typed.values
    for round_ in plan.rounds:
        at = f"{round_.code}-"
        put |= {
            f"{at}step": str(round_.step), f"{at}judges": str(round_.judges), f"{at}drop": str(round_.drop),
            f"{at}decimals": str(round_.decimals), f"{at}ties": round_.ties, f"{at}quiz": "1" * round_.quiz,
            f"{at}time": "1" * round_.time,
        }  # fmt: skip
        for number, each in enumerate(round_.criteria):
            own = f"{at}criterion-{number}-"
            put |= {
                f"{own}code": each.code, f"{own}title": each.title, f"{own}title_en": each.title_en,
                f"{own}most": _plain(each.most), f"{own}hint": each.hint, f"{own}hint_en": each.hint_en,
            }  # fmt: skip
    for number, award in enumerate(plan.awards):
        own = f"award-{number}-"
        put |= {
            f"{own}title": award.title, f"{own}title_en": award.title_en, f"{own}size": award.size,
            f"{own}number": "" if award.size == "rest" else _plain(award.number),
        }  # fmt: skip
    return typed


def read_rules_form(typed: Typed, plan: Plan) -> Plan:
    """The plan with what was typed about its rounds and awards; what does not fit stands in `typed.errors`."""
    rounds = tuple(read_round(typed, round_) for round_ in plan.rounds)
    awards = tuple(award for at in range(MOST_AWARDS) if (award := _award(typed, at)) is not None)
    shares = sum((award.number for award in awards if award.size == "share"), Decimal(0))
    if shares > 100:
        typed.refuse("award-0-number", _("各奖的百分比加起来不能超过 100。"))
    if any(award.size == "rest" for award in awards[:-1]):
        typed.refuse("award-0-size", _("「其余」只能用在最后一个奖。"))
    return replace(plan, rounds=rounds, awards=awards)


def read_rounds_form(typed: Typed, plan: Plan) -> tuple[Plan, int | None]:
    """The plan with the rounds that were chosen and its divisions, and how many advance out of a preliminary."""
    chosen = typed.choice("rounds", ("final", "two"))
    if chosen != ("two" if len(plan.rounds) > 1 else "final"):
        fresh = composing.preset(chosen)
        own = plan.round(composing.FINAL)
        kept = tuple(own if own and round_.code == composing.FINAL else round_ for round_ in fresh.rounds)
        plan = replace(plan, rounds=kept, kinds={**fresh.kinds, **plan.kinds})
    advances = typed.integer("advances", 1, 9999) if chosen == "two" else None
    divisions: list[tuple[str, str]] = []
    for at in range(MOST_DIVISIONS):
        name, english = typed.line(f"division-{at}", most=40), typed.line(f"division-{at}-en", most=60)
        if name and name in [code for code, _english in divisions]:
            typed.refuse(f"division-{at}", _("「%(name)s」已经有了，请换一个。", name=name))
        elif name:
            divisions.append((name, english))
    return replace(plan, divisions=tuple(divisions)), advances


def stored_rounds(plan: Plan, advances: int | None) -> Typed:
    """A plan as the form of its rounds holds it."""
    typed = Typed({"rounds": "two" if len(plan.rounds) > 1 else "final", "advances": str(advances or "")})
    for at, (name, english) in enumerate(plan.divisions):
        typed.values |= {f"division-{at}": name, f"division-{at}-en": "" if english == name else english}
    return typed


def fits(plan: RoundPlan) -> bool:
    """Whether the form has a field and an option for everything that a round says."""
    return (
        len(plan.criteria) <= MOST_CRITERIA and plan.judges <= MOST_JUDGES and plan.step in composing.STEPS
        and str(plan.drop) in DROPS and str(plan.decimals) in DECIMALS
    )  # fmt: skip


def read_round(typed: Typed, plan: RoundPlan, taken: Collection[str] = ()) -> RoundPlan:
    """The round with what was typed about it; what does not fit stands in `typed.errors`.

    A new criterion gets a code that neither the plan nor `taken` knows: marks are kept by these codes.
    """
    at = f"{plan.code}-"
    step = Decimal(typed.choice(f"{at}step", tuple(str(step) for step in composing.STEPS)))
    judges = typed.integer(f"{at}judges", 1, MOST_JUDGES, needed=True) or plan.judges
    drop = int(typed.choice(f"{at}drop", DROPS))
    if judges <= 2 * drop:
        typed.refuse(f"{at}judges", _("去掉的分数不能多于评委人数。"))
    criteria, own_codes = [], {each.code for each in plan.criteria}
    codes = own_codes | set(taken)
    for number in range(MOST_CRITERIA):
        own = f"{at}criterion-{number}-"
        title = typed.line(f"{own}title", most=40)
        if not title:
            continue
        most = typed.decimal(f"{own}most", 1000)
        if most is not None and most % step:
            typed.refuse(f"{own}most", _("满分要是最小刻度 %(step)s 的整数倍。", step=step))
        code = typed.values.get(f"{own}code", "")
        if code not in own_codes:
            code = next(name for n in range(1, 99) if (name := f"{plan.code}_{n}") not in codes)
            codes.add(code)
        texts = {name: typed.line(f"{own}{name}", most=100) for name in ("title_en", "hint", "hint_en")}
        most = most or Decimal(1)
        criteria.append(CriterionPlan(code, title, texts["title_en"], most, texts["hint"], texts["hint_en"]))
    if not criteria:
        typed.refuse(f"{at}criterion-0-title", _("至少要有一个评分项。"))
    if len({each.code for each in criteria}) < len(criteria):
        typed.refuse(f"{at}criterion-0-title", _("评分项重复了，请刷新页面后重填。"))
    return replace(
        plan, criteria=tuple(criteria) or plan.criteria, step=step, judges=judges, drop=drop,
        decimals=int(typed.choice(f"{at}decimals", DECIMALS)), ties=typed.choice(f"{at}ties", tuple(composing.TIES)),
        quiz=typed.ticked(f"{at}quiz") and composing.QUIZ in plan_kinds(plan), time=typed.ticked(f"{at}time"),
    )  # fmt: skip


def plan_kinds(plan: RoundPlan) -> tuple[str, ...]:
    """The penalties a round may use: a quiz is asked in a final."""
    return (composing.QUIZ, "time") if plan.code == composing.FINAL else ("time",)


def _award(typed: Typed, at: int) -> AwardPlan | None:
    own = f"award-{at}-"
    title = typed.line(f"{own}title", most=40)
    if not title:
        return None
    size = typed.choice(f"{own}size", SIZES)
    number: Decimal | int | None = Decimal(0)
    if size == "count":
        number = typed.integer(f"{own}number", 1, 9999, needed=True)
    elif size == "share":
        number = typed.decimal(f"{own}number", 100)
    least = 0 if size == "rest" else 1
    return AwardPlan(AWARD_CODES[at], title, typed.line(f"{own}title_en", most=60), size, Decimal(number or least))


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
