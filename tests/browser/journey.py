"""The journey's people, its talks and marks, and what one scene leaves for the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from playwright.sync_api import Page

from tests.browser.applicant import Applicant
from tests.browser.pads import Pad
from tests.browser.venue import Venue

Open = Callable[..., Page]
Look = Callable[[Page, str], None]
SLUG = "xinghe-2026"
TITLE = "第八届星河市科普讲解大赛"
ORGANIZATION = "星河市科学技术协会"
JUDGES = ("许清和", "顾清禾", "韩知白", "陶望", "唐一苇", "罗星", "梁予安")
STAFF = {"chief": ("苏总裁判", "chief"), "keeper": ("乔木", "scorekeeper"), "steward": ("李志愿", "steward")}
NOTE = "漏记一次科技常识扣分，已更正。"
DESK = {"viewport": {"width": 1440, "height": 900}}
CHILD, RETURNED, LATE = 3, 5, 11
CONTESTANTS = (
    ("沈知遥", "月球的土，能种菜吗？"), ("周以宁", "一颗疫苗的长征"), ("石北辰", "听，地磁场在说话"),
    ("林小满", "蚂蚁怎么找到回家的路"), ("阿依努尔·艾山", "沙漠里的一滴水"), ("龚𬭎", "船为什么不沉"),
    ("林疏桐", "古建筑里的力学"), ("程岫", "雷声里的秘密"), ("顾南枝", "为什么星星会眨眼"),
    ("许望舒", "潮汐与月亮的约定"), ("韩㛃", "看不见的光"), ("叶闻笛", "声音可以有形状吗"),
)  # fmt: skip

# Six sheets each: the mean without the highest and the lowest is 96 − number; nos. 4 and 5 have the same mean, and
# no. 4 the higher second-highest sheet.
SPREAD = ("0.50", "0.30", "0.10", "-0.10", "-0.30", "-0.50")
CLOSER = ("0.40", "0.20", "0.10", "-0.10", "-0.20", "-0.40")
TOTALS = {
    number: [str(Decimal(96 - min(number, 4) - max(0, number - 5)) + Decimal(each))
             for each in (CLOSER if number == 5 else SPREAD)]
    for number in range(1, 13)
}  # fmt: skip


def marks_of(number: int, seat: int) -> dict[str, str]:
    """The four marks of a judge for a number; their sum is the sheet's total."""
    delivery = Decimal(TOTALS[number][seat - 1]) - Decimal("67.5")
    return {"content": "29.5", "delivery": str(delivery), "presence": "9.5", "random": "28.5"}


@dataclass
class Day:
    """What the story needs from scene to scene."""

    venue: Venue
    open: Open
    look: Look
    organizer: Page
    applicants: list[Applicant] = field(default_factory=list)
    staff: dict[str, Page] = field(default_factory=dict)
    pads: dict[int, Pad] = field(default_factory=dict)
    code: str = ""

    def ends(self) -> None:
        """Close every browser while the server is there: a page that loses its server complains."""
        browser = self.organizer.context.browser
        for context in browser.contexts if browser else []:
            context.close()

    @property
    def base(self) -> str:
        """The server's address."""
        return self.venue.base

    def desk(self, path: str) -> str:
        """An address of the organizer's contest."""
        return f"{self.base}/admin/contests/{SLUG}{path}"
