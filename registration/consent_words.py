"""What a guardian reads before consenting, on the page and on the printed form alike; its version is WORDING."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from contest import answers
from contest.models import Consent, Registration
from contest.naming import clean
from contest.visibility import mask
from web.words import title_of


def child(registration: Registration) -> str:
    """The contestant's name as the page of a link shows it: a link may fall into other hands."""
    name = clean(answers.read(registration.answers).get("name", ""))
    return mask(name) if name else ""


def relation(word: str) -> str:
    """A guardian's relation to the child in words."""
    words: dict[str, str] = {"father": _("父亲"), "mother": _("母亲"), "guardian": _("其他监护人")}
    return str(words.get(word, ""))


def sections(registration: Registration, *, now: datetime) -> list[tuple[str, str]]:
    """Headings and paragraphs: what is collected, who sees it, what is public, how long, how to withdraw."""
    contest = registration.contest
    office = contest.organization.name
    contact = _("联系方式：%(contact)s。", contact=contest.contact) if contest.contact else ""
    return [
        (_("为什么需要您同意"), _(
            "孩子未满 14 周岁。依照《个人信息保护法》，处理孩子的个人信息须先取得监护人同意。"
            "不同意，报名就不能提交，已填的内容不会进入审核。"
        )),
        (_("收集什么"), _(
            "孩子的姓名、性别、出生日期、手机、学校或单位、讲解题目、照片、幻灯片和自我介绍视频，"
            "指导老师和监护人的姓名与电话，比赛中的得分与奖项。选填的可以不填。"
        )),
        (_("谁能看到"), _(
            "%(office)s的赛事工作人员看到报名内容；评委看到号码、姓名、题目、单位和作品；比赛现场的大屏显示姓名、题目、单位和得分。",
            office=office,
        )),
        (_("哪些会公开"), _public(registration, now)),
        (_("保存多久"), _(
            "用于这次比赛的报名、评审、公示和发证。事情办完后，由%(office)s删除照片、电话和出生日期；证书编号和核验信息长期保留，以便查验。",
            office=office,
        )),
        (_("怎样撤回"), _(
            "随时可以用同一个链接撤回，也可以要求查看、更正或删除。审核前撤回，报名退回到未完成；审核后撤回，%(office)s会与您联系处理。%(contact)s",
            office=office, contact=contact,
        )),
    ]  # fmt: skip


def said(consent: Consent) -> str:
    """Who consented and how, in a line for the contestant's own page."""
    who = " ".join(part for part in (relation(consent.relation), consent.guardian) if part)
    if consent.material_id is not None:
        return str(_("%(who)s 的签字同意书已上传", who=who))
    return str(_("%(who)s 已在线同意", who=who))


def heading(registration: Registration) -> str:
    """Whose registration it is about."""
    name = child(registration)
    title = title_of(registration.contest)
    return str(_("%(name)s报名参加%(title)s", name=name, title=title) if name else title)


def _public(registration: Registration, now: datetime) -> str:
    """What the internet reads: the family name alone, unless the contest masks only younger ones."""
    contest, given = registration.contest, answers.read(registration.answers)
    born = answers.birth_date(given)
    day = (contest.starts_at or now).astimezone(ZoneInfo(contest.time_zone)).date()
    if born is not None and answers.age_on(born, day) >= contest.mask_below:
        return str(_(
            "网上公布姓名、题目、单位、组别、得分和奖项。电话、出生日期和监护人信息不公开。"
            "照片和影像只按报名表里的「肖像授权」使用。"
        ))  # fmt: skip
    name = child(registration) or _("张*")
    return str(_(
        "网上公布的姓名只写作「%(name)s」，另有题目、单位、组别、得分和奖项。电话、出生日期和监护人信息不公开。"
        "照片和影像只按报名表里的「肖像授权」使用。", name=name,
    ))  # fmt: skip
