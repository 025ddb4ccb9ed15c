"""What a contest still lacks before it is published: a short list, each line with the step that mends it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import queries as shared
from contest.models import Contest, Panel, Seat, Sitting
from organizer.alerts import FULL_MARKS, organizers


@dataclass(frozen=True)
class Line:
    """A line of the checklist: whether it is good, what it says, and the step it belongs to."""

    good: bool
    text: str
    step: str


def readiness(db: Session, contest: Contest, *, lang: str) -> list[Line]:
    """The checklist of a contest. Nothing on it forbids publishing."""
    rules = shared.rules_of(shared.rule_version(db, contest))
    totals = all(round_.sheet_max in (None, FULL_MARKS) for round_ in rules.rounds.values())
    wanted = max((round_.panel.size or 0 for round_ in rules.rounds.values()), default=0)
    seated = db.scalar(
        select(func.count(Seat.id.distinct())).join(Seat.panel).join(Sitting, Sitting.seat_id == Seat.id)
        .where(Panel.contest_id == contest.id)
    ) or 0  # fmt: skip
    dates = contest.registration_opens_at is not None and contest.registration_closes_at is not None
    placed, two = bool(contest.starts_at and contest.place), organizers(db, contest) > 1
    judges = _("评委 %(found)s 人，规则要 %(wanted)s 人", found=seated, wanted=wanted)
    titles = _("、").join(round_.title.in_(lang) for round_ in rules.rounds.values())
    return [
        Line(dates, _("报名起止时间已填写") if dates else _("还没有填写报名起止时间"), "basics"),
        Line(placed, _("比赛时间和地点已填写") if placed else _("还没有填写比赛时间或地点"), "basics"),
        Line(bool(contest.contact), _("联系方式已填写") if contest.contact else _("还没有填写联系方式"), "basics"),
        Line(True, _("轮次：%(titles)s", titles=titles), "rounds"),
        Line(totals, _("各轮评分总分都是 100") if totals else _("有一轮的评分总分不是 100"), "rules"),
        Line(bool(rules.awards), _("奖项已设置") if rules.awards else _("还没有设置奖项"), "rules"),
        Line(seated >= max(wanted, 1), judges, "people"),
        Line(two, _("有两位组委会成员，可以两人封存") if two else _("组委会只有一人，封存成绩需要两人"), "people"),
    ]  # fmt: skip
