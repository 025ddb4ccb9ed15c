"""When a task is due, from the words people write: 今天 17:00, 5月底, 下周五, 2026-05-14, end of May."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

END_OF_DAY = time(23, 59)
# A day without a year that lies further back than this means the next year's.
MOST_DAYS_PAST = 180
CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
ENGLISH_WEEKDAYS = [name.lower() for name in calendar.day_name]
ENGLISH_MONTHS = [name.lower() for name in calendar.month_name]
DAYS = {
    "今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2,
    "the day after tomorrow": 2,
}  # fmt: skip
PARTS = {"初": 5, "上旬": 10, "中旬": 20, "中": 15}


def due_at(words: str, *, now: datetime, zone: str) -> datetime | None:
    """The instant that words name in the contest's time zone, the end of the day where they name no hour.

    None where the words name no date: they are kept as they are, and nothing becomes overdue.
    """
    text = words.strip().lower()
    clock = CLOCK.search(text)
    at = time(int(clock[1]), int(clock[2])) if clock else END_OF_DAY
    rest = (text[: clock.start()] + text[clock.end() :] if clock else text).strip()
    today = now.astimezone(ZoneInfo(zone)).date()
    if not rest and clock:
        day: date | None = today
    else:
        try:
            day = next((found for read in READERS if (found := read(rest, today)) is not None), None)
        except ValueError:
            return None  # 2月30日
    return datetime.combine(day, at, ZoneInfo(zone)) if day is not None else None


def _named(text: str, today: date) -> date | None:
    for word in sorted(DAYS, key=len, reverse=True):
        if word in text:
            return today + timedelta(days=DAYS[word])
    return None


def _full(text: str, _today: date) -> date | None:
    found = re.search(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})", text)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _part_of_month(text: str, today: date) -> date | None:
    found = re.search(r"(?:(\d{1,2})|(本|这个|下个?|))月\s*(底|末|下旬|中旬|上旬|初|中)", text)
    if found is None:
        return None
    if found[1]:
        year, month = today.year, int(found[1])
    else:
        ahead = 1 if (found[2] or "").startswith("下") else 0
        year, month = today.year + (today.month + ahead > 12), (today.month + ahead - 1) % 12 + 1
    last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 1
    return _near(date(year, month, PARTS.get(found[3], last)), today)


def _month_and_day(text: str, today: date) -> date | None:
    found = re.search(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?", text)
    found = found or re.fullmatch(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})", text)
    return _near(date(today.year, int(found[1]), int(found[2])), today) if found else None


def _weekday(text: str, today: date) -> date | None:
    found = re.search(r"(本|这|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])", text)
    if found:
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(days=WEEKDAYS[found[2]] + (7 if found[1] == "下" else 0))
        return day if found[1] or day >= today else day + timedelta(days=7)
    for at, name in enumerate(ENGLISH_WEEKDAYS):
        if re.search(rf"\b{name}\b", text):
            return today + timedelta(days=(at - today.weekday()) % 7)
    return None


def _english(text: str, today: date) -> date | None:
    for month, name in enumerate(ENGLISH_MONTHS):
        if not name or not re.search(rf"\b{name[:3]}(?:{name[3:]})?\b", text):
            continue
        if "end" in text:
            return _near(date(today.year, month, calendar.monthrange(today.year, month)[1]), today)
        day = re.search(r"\b(\d{1,2})\b", text)
        return _near(date(today.year, month, int(day[1])), today) if day else None
    return None


def _near(day: date, today: date) -> date:
    """A day of this year, of the next one where it is long past."""
    if (today - day).days <= MOST_DAYS_PAST:
        return day
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return date(day.year + 1, day.month, min(day.day, last))


READERS: tuple[Callable[[str, date], date | None], ...] = (
    _full, _named, _part_of_month, _month_and_day, _weekday, _english,
)  # fmt: skip
