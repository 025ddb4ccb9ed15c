"""A judge signs all own sheets of a round: what is signed, whether it still is what counts, and the signature itself.

A signature is bound to the sha256 of the canonical list of the judge's sheets, each with the number and hash of the
ledger's row that carries it. A sheet that is returned, handed in again or corrected makes another list: the signature
stays, is said to be out of date, and the judge signs again.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from contest import ledger, queries
from contest.errors import NotFound
from contest.ledger import Actor, canonical
from contest.models import (
    Action,
    Appearance,
    Assignment,
    Contest,
    Lease,
    LedgerRow,
    Panel,
    Round,
    RoundState,
    Ruling,
    Seat,
    Sheet,
    SheetState,
    Signature,
    Sitting,
)  # fmt: skip
from contest.naming import clean
from contest.refusals import SheetsChanged, SheetsNotIn, SignatureRefused, SigningClosed
from contest.showing import OFF_PANEL, OUT_OF_RANKING

SIGNABLE = (RoundState.JUDGING, RoundState.LOCKED, RoundState.SEALED)
WIDE, TALL = 1000, 300  # the box that strokes are drawn in, in units of its own
LONGEST_TEXT = 40_000
MOST_STROKES, MOST_POINTS = 120, 4000
LEAST_INK = 120  # the length of all strokes in the box's units: a dot or a tick is no name


class Signed(enum.Enum):
    """Whether a judge's sheets are signed as they count now."""

    NOT_YET = "not_yet"
    SIGNED = "signed"
    OUT_OF_DATE = "out_of_date"


@dataclass(frozen=True)
class SheetLine:
    """An appearance a judge has judged or is to judge, with the final sheet and its ledger hash, or None."""

    appearance: Appearance
    sheet: Sheet | None
    hash: str | None


@dataclass(frozen=True)
class OwnSheets:
    """A judge's sheets of a round in running order, the sha256 of their list, and the newest signature."""

    round: Round
    sitting: Sitting
    lines: Sequence[SheetLine]
    listed: str
    signature: Signature | None

    @property
    def digest(self) -> str:
        """sha256 of the canonical list, in hexadecimal."""
        return hashlib.sha256(self.listed.encode()).hexdigest()

    @property
    def missing(self) -> list[str]:
        """The numbers of the appearances without a final sheet."""
        return [line.appearance.number for line in self.lines if line.sheet is None]

    @property
    def standing(self) -> Signed:
        """Whether they are signed as they count now."""
        if self.signature is None:
            return Signed.NOT_YET
        return Signed.SIGNED if self.signature.digest == self.digest and not self.missing else Signed.OUT_OF_DATE


def own_sheets(db: Session, contest: Contest, *, sitting: Sitting | None = None) -> list[OwnSheets]:
    """Every judge's sheets (or one sitting's) by round and seat, in a number of queries that does not grow."""
    everybody = select(Sitting).join(Sitting.seat).join(Seat.panel).where(Panel.contest_id == contest.id)
    sittings = [sitting] if sitting is not None else db.scalars(
        everybody.order_by(Panel.code, Seat.number, Sitting.id)
        .options(joinedload(Sitting.seat), joinedload(Sitting.person), selectinload(Sitting.spans))
    ).all()  # fmt: skip
    appearances = db.scalars(
        select(Appearance).join(Appearance.round)
        .where(Round.contest_id == contest.id, Round.state != RoundState.DRAFT)
        .order_by(Round.position, Appearance.position, Appearance.panel_id)
        .options(joinedload(Appearance.entry), joinedload(Appearance.round))
    ).all()  # fmt: skip
    found = _Reading(db, contest, sitting)
    lines: dict[tuple[Round, Sitting], list[SheetLine]] = defaultdict(list)
    for each in appearances:
        for one in sittings:
            lines[each.round, one] += found.lines(each, one)
    return [
        OwnSheets(round_, one, own, _listed(contest, round_, one, own), found.signatures.get((round_.id, one.id)))
        for (round_, one), own in lines.items() if own
    ]  # fmt: skip


def sign(
    db: Session, contest: Contest, *, lease: Lease, round_: Round, digest: str, strokes: str, typed: str, now: datetime
) -> Signature:
    """Sign the lease's judge's sheets of a round, as listed under `digest`, by strokes (JSON) or the typed name.

    Pressed twice it is one signature. Raises NotFound where the judge has no sheet in the round, SigningClosed,
    SheetsNotIn, SheetsChanged where another list counts by now, SignatureRefused.
    """
    ledger.lock(db, contest)
    own = next((each for each in own_sheets(db, contest, sitting=lease.sitting) if each.round.id == round_.id), None)
    if own is None:
        raise NotFound
    if round_.state not in SIGNABLE:
        raise SigningClosed(state=round_.state.value)
    if own.missing:
        raise SheetsNotIn(numbers=own.missing)
    if digest != own.digest:
        raise SheetsChanged
    if own.signature is not None and own.standing is Signed.SIGNED:
        return own.signature
    drawn = read_strokes(strokes) if strokes else None
    name = None if drawn else _own_name(typed, own.sitting)
    row = ledger.append(
        db, contest, by=Actor(f"sitting:{own.sitting.public_id}", f"lease:{lease.public_id}"), now=now,
        action=Action.SHEETS_SIGNED, subject=f"round:{round_.public_id}",
        payload={
            "sitting": own.sitting.public_id, "sheets": own.digest, "count": len(own.lines),
            "signature": hashlib.sha256((drawn or name or "").encode()).hexdigest(),
        },
    )  # fmt: skip
    made = Signature(
        round_id=round_.id, sitting_id=own.sitting.id, number=(own.signature.number if own.signature else 0) + 1,
        digest=own.digest, sheets=own.listed, strokes=drawn, typed=name, ledger_seq=row.seq, signed_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def read_strokes(text: str) -> str:
    """A drawn signature as it is stored: [[x, y, x, y, …], …], whole units of a box WIDE by TALL, y downwards.

    Raises SignatureRefused where it is no such list, too large, or so short that nobody has written a name.
    """
    if len(text) > LONGEST_TEXT:
        raise SignatureRefused(why="too_long")
    try:
        strokes = json.loads(text)
    except (ValueError, RecursionError):
        raise SignatureRefused(why="unreadable") from None
    if not isinstance(strokes, list) or not all(_is_stroke(stroke) for stroke in strokes):
        raise SignatureRefused(why="unreadable")
    if len(strokes) > MOST_STROKES or sum(len(stroke) for stroke in strokes) > 2 * MOST_POINTS:
        raise SignatureRefused(why="too_long")
    if sum(_length(stroke) for stroke in strokes) < LEAST_INK:
        raise SignatureRefused(why="too_short" if strokes else "empty")
    return canonical(strokes)


def _is_stroke(stroke: object) -> bool:
    if not isinstance(stroke, list) or not stroke or len(stroke) % 2:
        return False
    return all(
        type(value) is int and 0 <= value <= (TALL if at % 2 else WIDE) for at, value in enumerate(stroke)
    )  # fmt: skip


def _length(stroke: Sequence[int]) -> int:
    """The way a stroke goes, measured along the axes."""
    return sum(abs(after - before) for before, after in zip(stroke, stroke[2:], strict=False))


def _own_name(typed: str, sitting: Sitting) -> str:
    """The typed name, if it is the judge's own; spaces and capitals do not matter."""
    name = clean(typed[:400])
    if not name:
        raise SignatureRefused(why="empty")
    if _plain(name) != _plain(clean(sitting.person.name)):
        raise SignatureRefused(why="other_name", name=sitting.person.name)
    return name


def _plain(name: str) -> str:
    return name.replace(" ", "").casefold()


def _listed(contest: Contest, round_: Round, sitting: Sitting, lines: Sequence[SheetLine]) -> str:
    sheets = [
        [line.appearance.public_id, line.sheet.attempt, line.sheet.kind.value, line.sheet.ledger_seq, line.hash]
        for line in lines if line.sheet is not None
    ]  # fmt: skip
    return canonical([1, contest.public_id, round_.code, sitting.public_id, sheets])


class _Reading:
    """Final sheets with their hashes, assignments, rulings and newest signatures, of a contest or one sitting in it."""

    def __init__(self, db: Session, contest: Contest, sitting: Sitting | None) -> None:
        self.rules = queries.rules_of(queries.rule_version(db, contest))
        self.sheets: dict[tuple[int, int], list[tuple[Sheet, str]]] = defaultdict(list)
        final = (
            select(Sheet, LedgerRow.hash).join(Sheet.appearance).join(Appearance.round)
            .join(LedgerRow, (LedgerRow.contest_id == Round.contest_id) & (LedgerRow.seq == Sheet.ledger_seq))
            .where(Round.contest_id == contest.id, Sheet.state.in_((SheetState.SUBMITTED, SheetState.LOCKED)))
            .order_by(Sheet.attempt, Sheet.kind)
        )  # fmt: skip
        if sitting is not None:
            final = final.where(Sheet.sitting_id == sitting.id)
        else:
            final = final.options(lazyload(Sheet.marks))  # Of everybody's sheets only the hashes are asked for.
        for sheet, hash_ in db.execute(final):
            self.sheets[sheet.appearance_id, sheet.sitting_id].append((sheet, hash_))
        self.assigned: dict[int, set[int]] = defaultdict(set)
        pairs = select(Assignment.appearance_id, Assignment.sitting_id).join(Assignment.appearance)
        for appearance_id, sitting_id in db.execute(
            pairs.join(Appearance.round).where(Round.contest_id == contest.id)
        ):  # fmt: skip
            self.assigned[appearance_id].add(sitting_id)
        self.rulings = db.scalars(
            select(Ruling).where(
                Ruling.contest_id == contest.id, Ruling.cancelled_at.is_(None),
                Ruling.kind.in_((*OFF_PANEL, *OUT_OF_RANKING)),
            )
        ).all()  # fmt: skip
        signed = select(Signature).join(Round, Signature.round_id == Round.id).where(Round.contest_id == contest.id)
        if sitting is not None:
            signed = signed.where(Signature.sitting_id == sitting.id)
        in_order = db.scalars(signed.order_by(Signature.number))
        self.signatures = {(each.round_id, each.sitting_id): each for each in in_order}

    def lines(self, appearance: Appearance, sitting: Sitting) -> list[SheetLine]:
        """A judge's lines of an appearance: the final sheets, or one without a sheet where one is still due."""
        given = self.sheets.get((appearance.id, sitting.id), [])
        if given:
            return [SheetLine(appearance, sheet, hash_) for sheet, hash_ in given]
        return [SheetLine(appearance, None, None)] if self._is_due(appearance, sitting) else []

    def _is_due(self, appearance: Appearance, sitting: Sitting) -> bool:
        if not queries.sits_for(sitting, appearance):
            return False
        if appearance.id in self.assigned and sitting.id not in self.assigned[appearance.id]:
            return False
        judged = appearance.round.code in self.rules.rounds
        if not judged or not queries.round_rules(self.rules, appearance).is_judged:
            return False
        return not any(_excuses(ruling, appearance, sitting) for ruling in self.rulings)


def _excuses(ruling: Ruling, appearance: Appearance, sitting: Sitting) -> bool:
    """Whether a ruling says that this judge gives this appearance no sheet, or that it gets none at all."""
    if ruling.round_id not in (None, appearance.round_id) or ruling.entry_id not in (None, appearance.entry_id):
        return False
    return ruling.sitting_id == sitting.id if ruling.sitting_id is not None else ruling.kind in OUT_OF_RANKING
