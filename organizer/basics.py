"""The basics of a contest as a form: what was typed becomes Basics; and a free address for a new contest."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.entering import SLUG
from contest.models import Contest
from contest.settling import MOST_PLACES, OLDEST, Basics
from organizer.typed import Typed, local

MASKS = ("18", "14", "0")


def read_basics(typed: Typed, zone: str) -> Basics:
    """The basics as typed; what does not fit stands in `typed.errors`."""
    starts = typed.moment("starts_at", zone)
    opens, closes = typed.moment("registration_opens_at", zone), typed.moment("registration_closes_at", zone)
    low, high = typed.integer("min_age", 0, OLDEST), typed.integer("max_age", 0, OLDEST)
    if opens is not None and closes is not None and opens >= closes:
        typed.refuse("registration_closes_at", _("截止要晚于开始。"))
    if closes is not None and starts is not None and closes > starts:
        typed.refuse("registration_closes_at", _("报名要在比赛开始之前截止。"))
    if low is not None and high is not None and low > high:
        typed.refuse("max_age", _("最大年龄不能小于最小年龄。"))
    return Basics(
        title=typed.line("title", needed=True), title_en=typed.line("title_en"), edition=typed.line("edition", most=64),
        place=typed.line("place"), contact=typed.line("contact"), summary=typed.paragraphs("summary"),
        summary_en=typed.paragraphs("summary_en"), starts_at=starts, registration_opens_at=opens,
        registration_closes_at=closes, quota=typed.integer("quota", 1, MOST_PLACES), min_age=low, max_age=high,
        mask_below=int(typed.choice("mask_below", MASKS)),
    )  # fmt: skip


def stored(contest: Contest) -> Typed:
    """A contest's basics as the form holds them."""
    zone = contest.time_zone
    values = {name: getattr(contest, name) for name in (
        "title", "title_en", "edition", "place", "contact", "summary", "summary_en", "quota", "min_age", "max_age",
        "mask_below", "slug",
    )}  # fmt: skip
    typed = Typed({name: "" if value is None else str(value) for name, value in values.items()})
    for name in ("starts_at", "registration_opens_at", "registration_closes_at"):
        typed.values[name] = local(getattr(contest, name), zone)
    return typed


def proposed_slug(db: Session, now: datetime) -> str:
    """A free address: the year, and the next number where it is taken."""
    base = f"lecture-{now.year}"
    taken = set(db.scalars(select(Contest.slug).where(Contest.slug.startswith(base))))
    number = 2
    slug = base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def slug_problem(db: Session, slug: str) -> str:
    """What is wrong with an address for a new contest; empty where it is free."""
    if not SLUG.fullmatch(slug) or slug == "new":
        return str(_("只能用小写字母、数字和连字符，例如 xinghe-2026。"))
    if db.scalar(select(Contest.id).where(Contest.slug == slug)) is not None:
        return str(_("「%(name)s」已经有了，请换一个。", name=slug))
    return ""
