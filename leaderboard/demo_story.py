"""What surrounds the demo final: dates around today, place, contact, delegations, milestones, tasks. All invented."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest.models import Contest, Delegation, Entry, Milestone, Task

# Days from the final, and the hour; the second pair is the end of what lasts.
MILESTONES = (
    ("公布入围名单", "Finalists announced", -10, 10, None), ("决赛材料截止", "Materials due", -7, 18, None),
    ("公开抽签", "Public draw", -1, 15, None), ("总决赛", "Final", 0, 9, None),
    ("结果公示", "Public notice of results", 2, 9, 6),
)  # fmt: skip
DELEGATIONS = (
    ("星河大学", 5), ("望海县", 4), ("云岭县", 3), ("青禾区", 3), ("南屿区", 3), ("市卫生健康委", 4), ("市教育局", 4),
    ("市气象局", 2), ("市直机关", None),
)  # fmt: skip
# Title, owner, what people wrote as the date, days from the final, done.
TASKS = (
    ("打印评委卡和评分表", "乔木", "赛前一天", -1, True), ("核对主持人串词", "林主任", "赛前一天", -1, True),
    ("证书用纸到货验收", "江晚", "决赛当天中午", 0, False), ("发布结果公示", "林主任", "赛后两天", 2, False),
)  # fmt: skip
READINGS = {"喆木·林": "zhé mù · lín", "龚𬭎": "gōng hóng", "阿依努尔·艾山": "ā yī nǔ ěr · ài shān"}


def tell(db: Session, contest: Contest, *, now: datetime) -> None:
    """Give the demo final its surroundings, as if it were held on the day of `now`."""
    zone = ZoneInfo(contest.time_zone)
    today = now.astimezone(zone).date()

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(today + timedelta(days), time(hour), zone)

    contest.title_en = "The 8th Xinghe City Science Lecture Contest"
    contest.edition = "第八届"
    contest.summary = (
        "把复杂的科学，讲成人人听得懂的故事。面向年满 16 周岁的讲解员、科研人员、教师和科学爱好者，免费参赛。"
    )
    contest.summary_en = (
        "Complex science, told as a story that everyone follows. Open to guides, researchers, teachers and science "
        "lovers aged 16 or over, free of charge."
    )
    contest.place, contest.contact = "星河市科技馆银杏报告厅", "0512-0000 1234 江晚 · 工作日 9:00–17:30"
    contest.starts_at = at(0, 9)
    contest.registration_opens_at, contest.registration_closes_at = at(-49, 9), at(-16, 18)
    contest.quota, contest.min_age = 320, 16
    contest.objection = (
        "对结果有异议的，请在公示期内向组委会书面提出，写明姓名、联系方式和依据。"
        "复核范围为计算和扣分，组委会在 5 个工作日内书面答复。"
    )
    contest.published_at = at(-49, 9)
    db.add_all(
        Milestone(
            contest_id=contest.id, title=title, title_en=english, at=at(days, hour),
            ends_at=None if until is None else at(until, 18),
        )
        for title, english, days, hour, until in MILESTONES
    )  # fmt: skip
    db.add_all(
        Delegation(contest_id=contest.id, name=name, quota=quota, position=position)
        for position, (name, quota) in enumerate(DELEGATIONS, start=1)
    )
    db.add_all(
        Task(
            contest_id=contest.id, title=title, owner=owner, due=due, due_at=at(days, 18), created_at=at(-30, 9),
            done_at=at(days - 1, 16) if done else None,
        )
        for title, owner, due, days, done in TASKS
    )  # fmt: skip
    for entry in db.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.name.in_(READINGS))):
        entry.reading = READINGS[entry.name or ""]
    db.flush()
