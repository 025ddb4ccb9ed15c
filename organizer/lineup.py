"""The order page's reads: a round's order with withdrawals and breaks, its draws, and who may be sent on to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import advancing, drawing, ordering
from contest import queries as shared
from contest.models import (
    Action,
    Appearance,
    AppearanceStatus,
    Break,
    Contest,
    Draw,
    Entry,
    LedgerRow,
    Panel,
    Round,
    RoundState,
    Ruling,
)  # fmt: skip
from contest.rules import story


@dataclass(frozen=True)
class Place:
    """A line of the order: who, whether withdrawn and why, and the break that follows."""

    appearance: Appearance
    withdrawal: Ruling | None
    pause: Break | None

    @property
    def may_change(self) -> bool:
        """Whether it can still withdraw or come last: whoever was on stage cannot."""
        return self.appearance.status not in ordering.ON_OR_PAST and not self.appearance.is_released


@dataclass(frozen=True)
class PastDraw:
    """A draw or an arrangement, who made it, why it was made anew, and the lines that draw it again."""

    draw: Draw
    reason: str
    recipe: Sequence[str]


@dataclass(frozen=True)
class Cut:
    """A preview of who goes on: the ranking of the round before and the chosen ones."""

    source: Round
    source_title: str
    ready: bool
    sealed: bool
    rows: Sequence[advancing.Ranked]
    chosen: frozenset[int]
    tied: bool
    most: int
    ties: str
    divided: bool
    by_rule: Sequence[str]


@dataclass(frozen=True)
class Order:
    """All that the order page shows of one round."""

    round: Round
    title: str
    rounds: Sequence[tuple[Round, str]]
    places: Sequence[Place]
    breaks: Sequence[Break]
    waiting: Sequence[Entry]
    gone: Mapping[int, Ruling]
    panels: Sequence[Panel]
    draw: Draw | None
    draws: Sequence[PastDraw]
    may_lay: bool
    running: bool
    divisions: Mapping[str, str]
    cut: Cut | None
    sent_on: Sequence[Ruling]

    @property
    def published(self) -> bool:
        """Whether the order is known: drawn or arranged and published, or imported with the contest."""
        return bool(self.places) and (self.draw is None or self.draw.published_at is not None)


def order(
    db: Session, contest: Contest, *, asked: str | None, most: int | None, ties: str, lang: str
) -> Order | None:
    """The order of the round asked for by code, else of the first one that is not over; None without any round."""
    rules = shared.rules_of(shared.rule_version(db, contest))
    rounds = db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)).all()
    if not rounds:
        return None
    unfinished = next((each for each in rounds if each.state in ordering.LAID), rounds[0])
    at = next((each for each in rounds if each.code == asked), unfinished)
    titles = {code: round_.title.in_(lang) for code, round_ in rules.rounds.items()}
    appearances = shared.appearances_in_order(db, at)
    gone = ordering.withdrawn(db, contest, at)
    breaks = db.scalars(select(Break).where(Break.round_id == at.id).order_by(Break.after)).all()
    there = {each.entry_id for each in appearances}
    draws = db.scalars(
        select(Draw).where(Draw.round_id == at.id).order_by(Draw.number.desc()).options(joinedload(Draw.account))
    ).all()  # fmt: skip
    return Order(
        round=at, title=titles[at.code], rounds=[(each, titles[each.code]) for each in rounds],
        places=_places(appearances, gone, breaks), breaks=breaks,
        waiting=[entry for entry in ordering.taking_part(db, contest, at) if entry.id not in there], gone=gone,
        panels=db.scalars(select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.code)).all(),
        draw=draws[0] if draws else None, draws=_past(db, contest, at, draws), may_lay=_may_lay(at, appearances),
        running=at.state in (*ordering.LAID, RoundState.JUDGING),
        divisions={code: title.in_(lang) for code, title in rules.divisions.items()},
        cut=_cut(db, contest, at, titles, most, ties, lang) if at.position > 1 and not appearances else None,
        sent_on=advancing.sent_on(db, at),
    )  # fmt: skip


def _places(
    appearances: Sequence[Appearance], gone: Mapping[int, Ruling], breaks: Sequence[Break]
) -> list[Place]:
    """The lines of the order; a break follows the last one at or before its place."""
    follows: dict[int, Break] = {}
    for pause in breaks:
        before = [each for each in appearances if each.position <= pause.after]
        if before:
            follows[before[-1].id] = pause
    return [Place(each, gone.get(each.entry_id), follows.get(each.id)) for each in appearances]


def _may_lay(round_: Round, appearances: Sequence[Appearance]) -> bool:
    begun = any(each.status in (AppearanceStatus.ON_STAGE, AppearanceStatus.DONE) for each in appearances)
    return round_.state in ordering.LAID and not begun


def _past(db: Session, contest: Contest, round_: Round, draws: Sequence[Draw]) -> list[PastDraw]:
    rows = db.scalars(
        select(LedgerRow.payload).where(
            LedgerRow.contest_id == contest.id, LedgerRow.action.in_((Action.ORDER_DRAWN, Action.ORDER_CHANGED)),
            LedgerRow.subject == f"round:{round_.public_id}",
        )
    )  # fmt: skip
    reasons: dict[str, str] = {}
    for text in rows:
        payload = json.loads(text or "{}")
        if payload.get("draw") and payload.get("reason"):
            reasons[payload["draw"]] = payload["reason"]
    return [
        PastDraw(
            each, reasons.get(each.public_id, ""),
            drawing.recipe(each.seed, drawing.groups_of(each)) if each.is_drawn and not each.by_hand else (),
        )
        for each in draws
    ]  # fmt: skip


def _cut(
    db: Session, contest: Contest, round_: Round, titles: Mapping[str, str], most: int | None, ties: str,
    lang: str,
) -> Cut | None:
    source = advancing.source_of(db, contest, round_)
    if source is None:
        return None
    ready = source.state in advancing.RANKED
    rows = advancing.ranking(db, contest, source) if ready else []
    placed = sum(row.place is not None for row in rows)
    number = most or len(advancing.sent_on(db, round_)) or source.advances or min(10, placed) or 10
    lists = advancing.by_rule(db, contest, source, round_) if ready else ()
    ties = ties or (advancing.BY_RULE if lists else "all")
    if ties == advancing.BY_RULE:
        codes = {code for one in lists for code, _ in one.entries}
        kept = [row for row in rows if row.entry.code in codes]
    else:
        kept = advancing.cut(rows, most=number, ties=ties)
    return Cut(
        source=source, source_title=titles[source.code], ready=ready, sealed=source.is_official, rows=rows,
        chosen=frozenset(row.entry.id for row in kept), most=number,
        tied=ties != advancing.BY_RULE and advancing.tied_at(rows, most=number),
        ties=ties, divided=len({row.division for row in rows}) > 1,
        by_rule=[story(one.steps, lang) for one in lists],
    )  # fmt: skip
