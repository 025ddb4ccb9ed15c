"""What a tablet's messages speak of, read at once: answers already given, appearances, the judge's own sheets on them.

A message alone would cost a statement for each of these, and twenty messages twenty times as many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from contest.errors import Malformed
from contest.messages import TabletMessage, read_id, read_message
from contest.models import (
    Appearance,
    Assignment,
    Contest,
    Entry,
    Lease,
    Mark,
    Message,
    MessageResult,
    Round,
    Sheet,
    SheetKind,
)  # fmt: skip

APPLIED = (MessageResult.SAVED, MessageResult.SUBMITTED)


@dataclass(frozen=True)
class Arrived:
    """A message as it came, and as it was understood: None, and `what` does not fit, where it was not."""

    uid: str
    raw: Mapping[str, object]
    message: TabletMessage | None
    what: str = ""


@dataclass
class Target:
    """An appearance that messages name: this judge's sheet on it, the highest `n` of this lease that was applied to
    that sheet, and whether no others than this judge are assigned to it.
    """

    appearance: Appearance
    sheet: Sheet | None
    last: int
    assigned: bool


def read(raw: object) -> Arrived:
    """A raw message, understood. Raises Malformed where it has no id that could be answered."""
    uid, parts = read_id(raw)
    try:
        return Arrived(uid, parts, read_message(parts))
    except Malformed as error:
        return Arrived(uid, parts, None, str(error.args_["what"]))


class Batch:
    """What is known of one request's messages, read after the contest's lock; whoever changes it keeps it up."""

    def __init__(self, db: Session, contest: Contest, lease: Lease, arrived: Sequence[Arrived]) -> None:
        uids = {each.uid for each in arrived}
        known = db.execute(_known(), {"sitting": lease.sitting_id, "uids": sorted(uids)})
        self.answers: dict[str, str] = {row.uid: row.answer for row in known}
        new = [each.message for each in arrived if each.message is not None and each.uid not in self.answers]
        self._targets = _targets(db, contest, lease, new) if new else {}

    def target(self, message: TabletMessage) -> Target | None:
        """What a message speaks of; None where the contest has no such appearance."""
        return self._targets.get((message.round, message.entry))


def _targets(
    db: Session, contest: Contest, lease: Lease, messages: Sequence[TabletMessage]
) -> dict[tuple[str, str], Target]:
    rows = db.execute(_statement(), {
        "contest": contest.id, "lease": lease.id, "sitting": lease.sitting_id,
        "rounds": sorted({each.round for each in messages}), "entries": sorted({each.entry for each in messages}),
    })  # fmt: skip
    return {
        (appearance.round.code, appearance.entry.code): Target(appearance, sheet, highest or 0, bool(assigned))
        for appearance, sheet, highest, assigned in rows.unique()
    }


# Statements are made once: putting one together takes as long as asking it.


@cache
def _known() -> Select[str, str]:
    uids: BindParameter[str] = bindparam("uids", expanding=True)
    return select(Message.uid, Message.answer).where(Message.sitting_id == bindparam("sitting"), Message.uid.in_(uids))


@cache
def _statement() -> Select[Any]:
    last = select(func.max(Message.n)).where(
        Message.sheet_id == Sheet.id, Message.lease_id == bindparam("lease"), Message.result.in_(APPLIED)
    ).correlate(Sheet).scalar_subquery()  # fmt: skip
    of_it = Assignment.appearance_id == Appearance.id
    assigned = or_(~exists().where(of_it), exists().where(of_it, Assignment.sitting_id == bindparam("sitting")))
    own = and_(
        Sheet.appearance_id == Appearance.id, Sheet.sitting_id == bindparam("sitting"), Sheet.attempt == 1,
        Sheet.kind == SheetKind.MARK,
    )  # fmt: skip
    return (
        select(Appearance, Sheet, last, assigned)
        .join(Appearance.round).join(Appearance.entry).outerjoin(Sheet, own).outerjoin(Sheet.marks)
        .where(
            Round.contest_id == bindparam("contest"), Round.code.in_(bindparam("rounds", expanding=True)),
            Entry.code.in_(bindparam("entries", expanding=True)),
        )
        .order_by(Mark.id)
        .options(contains_eager(Appearance.round), contains_eager(Appearance.entry), contains_eager(Sheet.marks))
    )  # fmt: skip
