"""What an organizer is reminded of, each with the way to mend it; the same number of queries whatever there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from contest import consenting
from contest import queries as shared
from contest.models import (
    Account,
    Consent,
    Contest,
    Duty,
    Entry,
    Material,
    Membership,
    Panel,
    Registration,
    RegistrationState,
    Role,
    Seat,
    SeatRole,
    Sitting,
    Slot,
    StoredFile,
)  # fmt: skip
from contest.rules import Rules
from organizer.today import Today
from web import fonts, links

SOON = timedelta(days=3)
FULL_MARKS = 100
PRINT_WIDTH, PRINT_HEIGHT = 600, 800
MOST_NAMED = 12


@dataclass(frozen=True)
class Alert:
    """Something that is not right yet: "bad" or "due", what, why, and the page that mends it."""

    level: str
    icon: str
    title: str
    text: str
    address: str | None = None
    action: str = ""


def alerts(db: Session, contest: Contest, shown: Today, *, lang: str, now: datetime) -> list[Alert]:
    """The reminders of a contest, the graver ones first."""
    rules = shared.rules_of(shared.rule_version(db, contest))
    found = [
        *_rules(contest, rules, lang), *_judges(db, contest, rules, lang), *_dates(contest, shown, now),
        *_registrations(contest, shown), *_consents(db, contest, now), *_photos(db, contest), *_glyphs(db, contest),
        *_office(db, contest), *_addresses(contest),
    ]  # fmt: skip
    return sorted(found, key=lambda alert: alert.level != "bad")


def _step(contest: Contest, step: str) -> str:
    return url_for("organizer.step", slug=contest.slug, step=step)


def _setup(contest: Contest, part: str) -> str:
    return url_for("organizer.setup", slug=contest.slug, _anchor=part)


def _rules(contest: Contest, rules: Rules, lang: str) -> list[Alert]:
    found = []
    for round_ in rules.rounds.values():
        if round_.sheet_max is not None and round_.sheet_max != FULL_MARKS:
            total = format(round_.sheet_max.normalize(), "f")
            found.append(Alert(
                "bad", "alert", _("评分总分为 %(found)s，应为 100", found=total),
                _("%(round)s各项满分相加不是 100 分", round=round_.title.in_(lang)), _step(contest, "rules"),
                _("去修改"),
            ))  # fmt: skip
    return found


def _judges(db: Session, contest: Contest, rules: Rules, lang: str) -> list[Alert]:
    seated = (
        select(func.count(Seat.id.distinct())).join(Seat.panel).join(Sitting, Sitting.seat_id == Seat.id)
        .where(Panel.contest_id == contest.id, Seat.role == SeatRole.SCORING).group_by(Panel.id)
    )  # fmt: skip
    panels = list(db.scalars(seated))
    address = url_for("organizer.people", slug=contest.slug)
    if not panels:
        return [Alert("due", "users", _("还没有评委"), _("没有评委就不能打印评委卡和开始评分"), address, _("去添加"))]
    wanted = max((round_.panel.size or 0 for round_ in rules.rounds.values()), default=0)
    if min(panels) < wanted:
        title = _("评委只有 %(found)s 人，规则要 %(wanted)s 人", found=min(panels), wanted=wanted)
        return [Alert("due", "users", title, _("补齐评委，或把规则里的评委人数改小"), address, _("去添加"))]
    return []


def _dates(contest: Contest, shown: Today, now: datetime) -> list[Alert]:
    found = []
    if contest.published_at is None:
        text = _("别人还看不到比赛页面，也不能报名")
        found.append(Alert("due", "eye-off", _("比赛还没有发布"), text, _step(contest, "publish"), _("检查并发布")))
    if contest.starts_at is None or contest.registration_closes_at is None:
        title, text = _("日期还没有填全"), _("报名起止和比赛开始时间决定页面上的按钮和倒计时")
        found.append(Alert("due", "calendar", title, text, _step(contest, "basics"), _("去填写")))
    closes, drafts = contest.registration_closes_at, shown.registrations.drafts
    if closes is not None and now < closes <= now + SOON and drafts:
        title = ngettext("报名快截止，还有 %(num)s 份没有提交", "报名快截止，还有 %(num)s 份没有提交", drafts)
        text = _("截止后这些报名表不能再提交，可以延长报名时间")
        found.append(Alert("due", "clock", title, text, _step(contest, "basics"), _("改截止时间")))
    return found


def _registrations(contest: Contest, shown: Today) -> list[Alert]:
    late = shown.registrations.waiting_long
    if not late:
        return []
    title = ngettext("%(num)s 份报名表等了超过 3 天", "%(num)s 份报名表等了超过 3 天", late)
    address = url_for("organizer.entries", slug=contest.slug)
    return [Alert("bad", "clock", title, _("选手看不到结果，也不能修改"), address, _("去审核"))]


def _consents(db: Session, contest: Contest, now: datetime) -> list[Alert]:
    """Accepted entries whose guardian has taken the consent back."""
    standing = select(Consent.registration_id).where(Consent.withdrawn_at.is_(None))
    lost = db.scalars(
        select(Registration).where(
            Registration.contest_id == contest.id, Registration.state == RegistrationState.APPROVED,
            Registration.consents.any(), Registration.id.not_in(standing),
        ).options(joinedload(Registration.entry), selectinload(Registration.consents))
    )  # fmt: skip
    return [
        Alert(
            "bad", "shield", _("监护人撤回了同意：%(number)s 号", number=each.entry.code if each.entry else ""),
            _("请联系监护人，恢复同意或为选手办理退赛"),
            f"/admin/contests/{contest.slug}/entries/{each.public_id}", _("去处理"),
        )
        for each in lost if consenting.lost_consent(each, now=now) is not None
    ]  # fmt: skip


def _photos(db: Session, contest: Contest) -> list[Alert]:
    small = db.scalar(
        select(func.count(Material.id)).join(Material.registration).join(Material.file)
        .where(
            Registration.contest_id == contest.id, Material.slot == Slot.PHOTO, Material.replaced_at.is_(None),
            (StoredFile.width < PRINT_WIDTH) | (StoredFile.height < PRINT_HEIGHT),
        )
    )  # fmt: skip
    if not small:
        return []
    title = ngettext("%(num)s 张照片低于打印要求", "%(num)s 张照片低于打印要求", small)
    text = _("胸牌至少需要 %(width)s×%(height)s", width=PRINT_WIDTH, height=PRINT_HEIGHT)
    return [Alert("due", "eye", title, text, url_for("organizer.entries", slug=contest.slug), _("去查看"))]


def _glyphs(db: Session, contest: Contest) -> list[Alert]:
    names = db.scalars(select(Entry.name).where(Entry.contest_id == contest.id, Entry.name.is_not(None)))
    try:
        missing = fonts.missing("".join(str(name) for name in names))
    except fonts.NoFont:
        text = _("打印证书前，请在服务器上安装中文字体")
        return [Alert("bad", "printer", _("这台服务器没有中文字体"), text)]
    if not missing:
        return []
    shown = _("、").join(missing[:MOST_NAMED])
    text = _("证书上会印成方框，请换用字形相同的常用字，或安装含这些字的字体")
    return [Alert("bad", "printer", _("姓名里有字体没有的字：%(shown)s", shown=shown), text)]


def _office(db: Session, contest: Contest) -> list[Alert]:
    if not contest.one_person or organizers(db, contest) < 2:
        return []
    text = _("已经有两位组委会成员，可以恢复两人封存")
    return [Alert("due", "shield", _("单人办公还开着"), text, _setup(contest, "office"), _("去关闭"))]


def organizers(db: Session, contest: Contest) -> int:
    """How many accounts organize a contest: by a duty in it, or by working for its organization."""
    duties = select(Duty.account_id).where(Duty.contest_id == contest.id, Duty.role == Role.ORGANIZER)
    works = select(Membership.account_id).where(Membership.organization_id == contest.organization_id)
    counted = select(func.count(Account.id)).where(
        Account.id.in_(duties) | Account.id.in_(works), Account.disabled_at.is_(None)
    )
    return db.scalar(counted) or 0


def _addresses(contest: Contest) -> list[Alert]:
    if not links.only_here():
        return []
    text = _("手机扫不开评委卡和选手码。正式比赛请用 make venue 启动，或写明 CONTEST_PUBLIC_URL")
    return [Alert("due", "qr", _("二维码只有这台电脑能打开"), text)]
