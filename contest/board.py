"""Standings → the prebuilt frame and board of each audience: the only bytes that screens and phones ever get.

`refresh` is called after each committed change. It builds the three audiences' bytes and raises an audience's revision
only where its own bytes changed: a shared counter would tell the public that hidden marks move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import calling, clocking, facts, ledger, queries, sealing, showing, staging
from contest.anonymity import labelled
from contest.models import (
    Action,
    Appearance,
    Audience,
    Contest,
    Frame,
    LedgerRow,
    Round,
    Ruling,
    RulingKind,
    Sitting,
    Stage,
    Visibility,
)  # fmt: skip
from contest.rows import TOP_KEYS, Json, as_bytes, both, breakdown, fitted, row_json, text, who
from contest.rules import Memory, Outcome, Rules, Status, compute
from contest.visibility import Surface, may_see

TOP = 10

# Only these can change what a released board says; a sheet that comes in cannot.
MOVES_THE_BOARD = [action for action in Action if action not in (
    Action.SHEET_SUBMITTED, Action.SEAT_TAKEN, Action.MESSAGE_STRAYED, Action.CARD_REVOKED, Action.APPROVAL_PROPOSED,
    Action.CHECKED_IN, Action.CHECK_IN_UNDONE, Action.CLOCK_PRESSED, Action.CLOCK_UNDONE,
)]  # fmt: skip


@dataclass(frozen=True)
class Released:
    """The standings of what is released, as the ledger's row `key` left them, and each audience's rows in words."""

    key: str
    outcome: Outcome
    memory: Memory
    rows: dict[tuple[str, Audience], list[Json]] = field(default_factory=dict)


@dataclass
class Scenery:
    """What all audiences' bytes are made from, read once."""

    contest: Contest
    rules: Rules
    stage: Stage
    rounds: list[Round]
    appearances: dict[str, list[Appearance]]
    released: Released
    seals: dict[str, int | None]
    untold: set[str] = field(default_factory=set)  # the rounds whose order is not published yet
    missing: list[int] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    clock: Json | None = None
    next: Appearance | None = None


_released: dict[str, Released] = {}


def refresh(db: Session, contest: Contest, *, now: datetime) -> list[Frame]:
    """Rebuild the audiences' bytes; return the frames that changed, with their new revisions."""
    ledger.lock(db, contest)
    scenery = _scenery(db, contest)
    stored = {frame.audience: frame for frame in db.scalars(select(Frame).where(Frame.contest_id == contest.id))}
    changed = []
    for audience in Audience:
        frame_body = fitted(_frame(db, scenery, audience))
        board_body = as_bytes(_board(scenery, audience))
        row = stored.get(audience)
        if row is not None and (_body(row.frame), _body(row.board)) == (frame_body, board_body):
            continue
        if row is None:
            row = Frame(contest_id=contest.id, audience=audience, revision=0, built_at=now)
            db.add(row)
        row.revision += 1
        row.frame, row.board = _numbered(row.revision, frame_body), _numbered(row.revision, board_body)
        row.built_at = now
        changed.append(row)
    db.flush()
    return changed


def frame_of(db: Session, contest: Contest, audience: Audience) -> Frame | None:
    """The stored bytes of one audience."""
    statement = select(Frame).where(Frame.contest_id == contest.id, Frame.audience == audience)
    return db.scalars(statement).one_or_none()


def revision_of(db: Session, slug: str, audience: Audience) -> tuple[str, int] | None:
    """A contest's epoch and an audience's revision, without the bytes.

    None where there are none yet, and for the public of a contest that is not published.
    """
    statement = select(Contest.epoch, Frame.revision).join(Frame, Frame.contest_id == Contest.id)
    if audience is Audience.PUBLIC:
        statement = statement.where(Contest.published_at.is_not(None))
    row = db.execute(statement.where(Contest.slug == slug, Frame.audience == audience)).one_or_none()
    return None if row is None else (row[0], row[1])


def _scenery(db: Session, contest: Contest) -> Scenery:
    stage = db.scalars(
        select(Stage).where(Stage.contest_id == contest.id).options(joinedload(Stage.appearance))
    ).one()  # fmt: skip
    rules = queries.rules_of(queries.rule_version(db, contest))
    rounds = list(db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)))
    rounds.sort(key=lambda each: (each.id != stage.round_id, each.position))
    seals = {each.code: sealing.last_seal(db, each) for each in rounds if each.is_official}
    scenery = Scenery(
        contest, rules, stage, rounds,
        {each.code: list(queries.appearances_in_order(db, each)) for each in rounds},
        _what_is_released(db, contest, rules), {code: seal.number if seal else None for code, seal in seals.items()},
    )  # fmt: skip
    scenery.untold = {each.code for each in rounds if not queries.order_is_known(db, each)}
    if stage.appearance is not None:
        scenery.missing = showing.missing_seats(db, stage.appearance)
        scenery.sittings = queries.sittings_for(db, stage.appearance)
        own = queries.round_rules(rules, stage.appearance)
        scenery.clock = staging.clock_json(clocking.read(db, own, stage.appearance))
    if stage.round is not None:
        out = calling.out_of(db, stage.round)
        scenery.next = next(iter(calling.to_come(scenery.appearances[stage.round.code], stage.appearance, out)), None)
    return scenery


def _what_is_released(db: Session, contest: Contest, rules: Rules) -> Released:
    """The standings of what is released, computed again only when the ledger says that they may have moved.

    A row's hash rests on chance (its salt), so what a transaction computed and then rolled back is never found again.
    The memory needs no such care: it answers for equal facts only, whoever read them.
    """
    newest = select(LedgerRow.hash).where(LedgerRow.contest_id == contest.id, LedgerRow.action.in_(MOVES_THE_BOARD))
    key = db.scalar(newest.order_by(LedgerRow.seq.desc()).limit(1)) or ""
    known = _released.get(contest.public_id)
    if known is not None and known.key == key:
        return known
    left = select(Ruling.id).where(
        Ruling.kind == RulingKind.WITHDRAWN, Ruling.cancelled_at.is_(None), Ruling.entry_id == Appearance.entry_id,
        (Ruling.round_id == Appearance.round_id) | Ruling.round_id.is_(None),
    )  # fmt: skip
    # Whoever withdrew is named as such at once, without a score and without a place.
    released = select(Appearance.id).join(Appearance.round).where(
        Round.contest_id == contest.id, (Appearance.visibility == Visibility.RELEASED) | left.exists()
    )  # fmt: skip
    memory = known.memory if known is not None else Memory()
    outcome = compute(rules, labelled(facts.read(db, contest, appearances=set(db.scalars(released)))), memory)
    _released[contest.public_id] = Released(key, outcome, memory)
    return _released[contest.public_id]


def _frame(db: Session, scenery: Scenery, audience: Audience) -> Json:
    stage, round_ = scenery.stage, scenery.stage.round
    appearances = scenery.appearances[round_.code] if round_ is not None else []
    released = sum(each.is_released for each in appearances)
    frame: Json = {
        "v": 1, "audience": audience.value, "contest": _contest(scenery.contest),
        "round": _round(scenery, round_) if round_ is not None else None,
        "scene": staging.scene_json(stage, audience),
        "now": who(stage.appearance, audience), "next": who(_next(scenery, audience), audience),
        "dots": [], "release": None, "top": [], "counts": {"released": released, "appearances": len(appearances)},
    }  # fmt: skip
    if stage.appearance is not None and may_see(Surface.DOTS, audience, stage.appearance):
        numbers = sorted({sitting.seat.number for sitting in scenery.sittings})
        frame["dots"] = [{"seat": number, "submitted": number not in scenery.missing} for number in numbers]
    if round_ is not None:
        rows = _rows(scenery, round_, audience)
        frame["top"] = [{key: row[key] for key in TOP_KEYS} for row in rows[:TOP] if row["place"] is not None]
        frame["release"] = _last_release(appearances, rows)
    if audience is not Audience.PUBLIC:
        frame["clock"] = scenery.clock
    if audience is Audience.STAFF:
        frame |= _staff_only(db, scenery) | {"desk": staging.desk_version(stage, appearances)}
    return frame


def _board(scenery: Scenery, audience: Audience) -> Json:
    rounds = []
    for round_ in scenery.rounds:
        rows = _rows(scenery, round_, audience)
        appearances = scenery.appearances[round_.code]
        count = {"released": sum(each.is_released for each in appearances), "appearances": len(appearances)}
        rounds.append(_round(scenery, round_) | count | {"rows": rows})
    result = None
    if len(scenery.rounds) > 1 and any(each.place is not None for each in scenery.released.outcome.standings):
        rounds_of_it = scenery.rules.result.rounds
        last = {one.entry.code: one for code in rounds_of_it for one in scenery.appearances.get(code, [])}
        result = {"rows": [
            row_json(last[each.entry], each, audience) for each in scenery.released.outcome.standings
        ]}  # fmt: skip
    return {"v": 1, "contest": _contest(scenery.contest), "rounds": rounds, "result": result}


def _rows(scenery: Scenery, round_: Round, audience: Audience) -> list[Json]:
    """A round's released appearances in the order of their places, put into words once per state of the ledger."""
    known = scenery.released.rows
    if (round_.code, audience) not in known:
        known[round_.code, audience] = _new_rows(scenery, round_, audience)
    return known[round_.code, audience]


def _new_rows(scenery: Scenery, round_: Round, audience: Audience) -> list[Json]:
    by_entry = {each.entry.code: each for each in scenery.appearances[round_.code]}
    outcome = scenery.released.outcome.rounds[round_.code]
    rows = []
    for standing in outcome.standings:
        appearance = by_entry.get(standing.entry)
        left = standing.status == Status.WITHDRAWN and round_.code not in scenery.untold
        if appearance is None or not (left or may_see(Surface.SCORE, audience, appearance)):
            continue
        rules = queries.round_rules(scenery.rules, appearance)
        score = outcome.scores.get(standing.entry)
        shown = score if may_see(Surface.MARKS, audience, appearance) else None
        rows.append(row_json(appearance, standing, audience) | breakdown(shown, rules))
    return rows


def _last_release(appearances: Sequence[Appearance], rows: Sequence[Json]) -> Json | None:
    out = [each for each in appearances if each.is_released and each.released_at is not None]
    if not out:
        return None
    last = max(out, key=lambda each: (each.released_at, each.position))
    row = next((row for row in rows if row["entry"] == last.entry.code), None)
    return None if row is None else row | {"appearance": last.public_id, "nth": len(out)}


def _staff_only(db: Session, scenery: Scenery) -> Json:
    """The desk's part: who sits where, what is missing, and the result that a release would show."""
    appearance = scenery.stage.appearance
    if appearance is None or not may_see(Surface.JUDGES, Audience.STAFF, appearance):
        return {"seats": [], "strays": 0, "ready": None}
    sheets = queries.sheets_of(db, appearance)
    seats = []
    for sitting in scenery.sittings:
        sheet = sheets.get(sitting.id)
        submitted = sheet is not None and sheet.is_final and sheet.submitted_at is not None
        seats.append({
            "seat": sitting.seat.number, "judge": sitting.person.name, "submitted": submitted,
            "submitted_at": ledger.instant(sheet.submitted_at) if sheet and submitted and sheet.submitted_at else None,
        })  # fmt: skip
    strays = sealing.count_strays(db, appearance.round)
    return {"seats": seats, "strays": strays, "ready": _ready(db, scenery, appearance)}


def _ready(db: Session, scenery: Scenery, appearance: Appearance) -> Json | None:
    if appearance.is_released or not may_see(Surface.SCORE, Audience.STAFF, appearance, complete=not scenery.missing):
        return None
    outcome = compute(scenery.rules, facts.read(db, scenery.contest, appearances={appearance.id}))
    score = outcome.rounds[appearance.round.code].scores.get(appearance.entry.code)
    return None if score is None else {"score": text(score.score), "panel": text(score.panel)}


def _round(scenery: Scenery, round_: Round) -> Json:
    title, seal = scenery.rules.rounds[round_.code].title, scenery.seals.get(round_.code)
    return {"code": round_.code, "title": both(title), "state": round_.state.value, "seal": seal}


def _contest(contest: Contest) -> Json:
    return {"slug": contest.slug, "title": contest.title, "rehearsal": contest.rehearsal}


def _next(scenery: Scenery, audience: Audience) -> Appearance | None:
    """Who comes next; nobody but the staff is told of an order that is not published."""
    round_ = scenery.stage.round
    hidden = round_ is not None and round_.code in scenery.untold and audience is not Audience.STAFF
    return None if hidden else scenery.next


def _numbered(revision: int, body: bytes) -> bytes:
    return b'{"revision":%d,' % revision + body[1:]


def _body(numbered: bytes) -> bytes:
    return b"{" + numbered.partition(b",")[2]
