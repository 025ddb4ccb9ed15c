"""What several printed sheets say about a contest: title and round, day and place, a sheet's short code."""

from __future__ import annotations

from flask_babel import format_date
from flask_babel import gettext as _

from contest.models import Contest, LedgerHead
from organizer.paper_rows import Running
from web.words import language, shown_time


def title_of(contest: Contest, running: Running | None) -> str:
    """The contest and the round, as titles of sheets begin."""
    title = contest.title_en if language() == "en" and contest.title_en else contest.title
    rehearsal = _("（演练）") if contest.rehearsal else ""
    if running is None:
        return f"{title}{rehearsal}"
    round_ = running.rules.rounds[running.round.code].title.in_(language())
    if language() == "en":
        return f"{title}, {round_}{rehearsal}: "
    return f"{title}{round_}{rehearsal}"


def contest_facts(contest: Contest) -> list[str]:
    """The day and the place, where they are known."""
    found = []
    if contest.starts_at is not None:
        day = format_date(contest.starts_at, "long")
        found.append(_("日期：%(day)s", day=day))
    if contest.place:
        found.append(_("地点：%(place)s", place=contest.place))
    return found


def printed_at(head: LedgerHead) -> str:
    """What every sheet with marks, or room for them, says of the record at its printing: the ledger's head."""
    return str(_("打印时台账共 %(count)s 行，最新摘要 %(hash)s", count=head.seq, hash=head.hash))


def short_code(kind: str, contest: Contest, page: int | str) -> str:
    """What a sheet is called on the phone: kind, day, page."""
    day = shown_time(contest.starts_at, contest.time_zone, "MMdd") if contest.starts_at else contest.slug[:8].upper()
    return f"{kind}-{day}-{page}"
