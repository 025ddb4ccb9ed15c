"""The desk's words for times: how a clock reads, what its rule makes of it, what a deduction's reason says."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from contest.clocking import SECOND, Segment
from web.words import language


def reading(seconds: int) -> str:
    """Seconds as a clock shows them: 4:06."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def timed(time: timedelta) -> str:
    """The reason of a deduction that the clock proposed."""
    return str(_("计时 %(time)s", time=reading(time // SECOND)))


def verdict(part: Segment) -> str:
    """What the rule makes of a stopped part: over or under by how much, and what that costs."""
    if part.proposed is None:
        return ""
    seconds, clock = part.before // SECOND, part.clock
    if part.proposed:
        costs = _signed(format(part.proposed, "f"))
        if clock.under is not None and seconds < clock.under:
            return str(_("少 %(seconds)s 秒，建议 %(value)s", seconds=clock.under - seconds, value=costs))
        return str(_("超 %(seconds)s 秒，建议 %(value)s", seconds=seconds - clock.limit, value=costs))
    if seconds > clock.limit:
        return str(_("超 %(seconds)s 秒，不扣分", seconds=seconds - clock.limit))
    return str(_("时间正常"))


def clock_said(part: Segment) -> str:
    """What a press of the clock did."""
    title = part.clock.title.in_(language())
    if part.runs:
        return str(_("%(part)s 开始计时", part=title))
    return str(_("%(part)s 停在 %(time)s", part=title, time=reading(part.before // SECOND)))


def _signed(value: str) -> str:
    return f"−{value[1:]}" if value.startswith("-") else f"+{value}"
