"""The record's lines in words: number, when, who, what, before and after, why; for its page, its print, its tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import changes, queries
from contest.changes import Change, Named
from contest.models import Account, Contest, LedgerRow, Panel, Seat
from contest.rules import Rules
from organizer.audit_filter import Asked
from web.change_parts import before_after
from web.changes import kind_words, offices, round_title, sentence, who
from web.words import shown_time
from web.workbooks import Page, defused

# What one spreadsheet and one printed record hold at most; a narrower filter gets the rest.
MOST_IN_TABLE, MOST_PRINTED = 10_000, 2_000


@dataclass(frozen=True)
class Line:
    """A row of the ledger as it is read: `changed` is what it is, before and after, for each thing it changed."""

    change: Change
    who: str
    office: str
    what: str
    about: str
    changed: Sequence[tuple[str, str, str]]
    typed: str

    @property
    def paper(self) -> str:
        """Who typed and who confirmed it, where it came from paper."""
        if not self.change.on_paper:
            return ""
        return str(_("纸质：%(typed)s 录入，%(confirmed)s 确认", typed=self.typed, confirmed=self.who))


def lines(db: Session, contest: Contest, rows: Sequence[LedgerRow]) -> list[Line]:
    """These rows in words."""
    rules = queries.rules_of(queries.rule_version(db, contest))
    record = changes.read(db, contest, rows)
    return [_line(each, record.named, rules) for each in record.changes]


def _line(change: Change, named: Named, rules: Rules) -> Line:
    entry = change.entry
    about = [
        round_title(rules, change.round.code) if change.round is not None else "",
        change.appearance.number if change.appearance is not None else entry.code if entry is not None else "",
        entry.name or "" if entry is not None else "",
        _("第 %(seat)s 席", seat=change.seat.number) if change.seat is not None else "",
    ]  # fmt: skip
    return Line(
        change, who(change.actor, named), offices(change.actor, named), sentence(change, rules),
        " · ".join(part for part in about if part), before_after(change, rules),
        who(change.typed, named) if change.typed else "",
    )  # fmt: skip


def people(db: Session, contest: Contest) -> list[tuple[str, str]]:
    """Whom the record can be asked about: the seats, and the accounts that did anything."""
    seats = db.scalars(
        select(Seat).join(Seat.panel).where(Panel.contest_id == contest.id).order_by(Panel.code, Seat.number)
        .options(joinedload(Seat.panel))
    ).all()  # fmt: skip
    panels = {seat.panel_id for seat in seats}
    acted = db.scalars(
        select(LedgerRow.actor).where(LedgerRow.contest_id == contest.id, LedgerRow.actor.startswith("account:"))
        .distinct()
    ).all()  # fmt: skip
    accounts = db.scalars(
        select(Account).where(Account.public_id.in_([actor.partition(":")[2] for actor in acted]))
        .order_by(Account.display_name)
    ).all()  # fmt: skip
    return [
        *((f"account:{each.public_id}", each.display_name) for each in accounts),
        *((f"seat:{each.public_id}", " ".join(part for part in (
            each.panel.code if len(panels) > 1 else "", _("第 %(seat)s 席", seat=each.number)
        ) if part)) for each in seats),
    ]  # fmt: skip


def rounds(contest: Contest, rules: Rules) -> list[tuple[str, str]]:
    """The contest's rounds by code, in words."""
    return [(each.code, round_title(rules, each.code)) for each in contest.rounds]


def in_words(asked: Asked, shown: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The filter as the printed record says it."""
    named = {"kind": kind_words(), "round": dict(shown["rounds"]), "who": dict(shown["people"])}
    # A name that the address has and the contest has not is said as it was typed.
    labels = {
        "kind": _("类别"), "round": _("轮次"), "who": _("人员"), "contestant": _("选手"), "since": _("自"),
        "until": _("至"),
    }  # fmt: skip
    values = {name: value for name, value in asked.values.items() if name not in asked.wrong}
    values |= {name: values[name].replace("T", " ") for name in ("since", "until") if name in values}
    said = [f"{labels[name]} {named.get(name, {}).get(value, value)}" for name, value in values.items()]
    return str(_("；").join(said) or _("全部记录"))


def fault_word(what: str) -> str:
    """What is wrong with the first row that does not fit, by the fault's code."""
    words: dict[str, str] = {
        "missing": _("这个行号没有记录"), "prev": _("它没有接在前一行之后"), "payload": _("内容和写入时不同"),
        "words": _("旁边保存的文字和写入时不同"), "hash": _("这一行和写入时不同"),
        "head": _("它不是台账指明的最后一行"), "seal": _("它对应的封存和保存的不同"),
        "seal_rules": _("封存的评分规则不是它写明的那一版"), "seal_standings": _("封存的成绩和它写明的不同"),
        "seal_recount": _("按这一行之前的记录重算，和封存的成绩不同"),
        "sheet": _("它记下的评分表和现在保存的不同"),
        "sheet_unrecorded": _("有一张计分的评分表指向它，但它没有记这张表"),
        "adjustment": _("它记下的加减分和现在保存的不同"),
        "adjustment_unrecorded": _("有一项计分的加减分没有任何记录"),
        "ruling": _("它记下的裁定现在没有生效"), "ruling_unrecorded": _("有一项生效的裁定没有任何记录"),
    }  # fmt: skip
    return words.get(what, what)


def table(contest: Contest, found: Sequence[Line], count: int) -> Page:
    """The record as a worksheet; a row that changed several things has a line for each of them in its cells.

    `count` is how many rows there are: where not all of them are here, the last line says so.
    """
    heads = [
        _("台账行号"), _("时间"), _("人员"), _("身份"), _("事项"), _("对象"), _("改前"), _("改后"), _("原因"),
        _("纸质"), _("设备"), _("摘要"),
    ]  # fmt: skip
    cells = []
    for line in found:
        change = line.change
        before = "\n".join(f"{what}：{old}" for what, old, _new in line.changed)
        after = "\n".join(f"{what}：{new}" for what, _old, new in line.changed)
        cells.append([
            change.seq, shown_time(change.at, contest.time_zone), line.who, line.office, line.what, line.about, before,
            after, change.reason, line.paper, change.device.partition(":")[0], change.digest,
        ])  # fmt: skip
    if count > len(found):
        cells.append(["", _("只有最新 %(num)s 条，其余请缩小范围再导出。", num=len(found)), *[""] * (len(heads) - 2)])
    return Page(_("操作记录"), heads, cells, widths=(10, 20, 16, 16, 30, 26, 40, 40, 30, 26, 12, 20))


def as_csv(page: Page) -> bytes:
    """The same as comma-separated text that spreadsheet programs open with its characters whole and run nothing of."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (page.heads, *page.rows):
        writer.writerow([defused(each) for each in row])
    return out.getvalue().encode("utf-8-sig")
