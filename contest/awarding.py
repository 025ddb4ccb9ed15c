"""Give the awards of a sealed round by the rule file, and publish them: two acts, so that a ceremony comes between."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from contest import facts, ledger, queries, sealing
from contest.errors import StepNotAllowed
from contest.ledger import Actor
from contest.models import Action, Award, Certificate, Contest, Entry, Round, RoundState, RuleVersion, Seal
from contest.naming import clean_paragraphs
from contest.refusals import AwardsFixed, AwardsMissing, DateRefused, StandingsMoved
from contest.rules import AwardRules, GivenAward, Outcome, Rules, compute, outcome_json

NOTICE_WORKING_DAYS = 5
NOTICE_CLOSES = time(18)
LONGEST_OBJECTION = 1000


@dataclass(frozen=True)
class Proposal:
    """The awards a sealed round would be given now: `given` in the order of the rule file, `awards` their rules."""

    seal: Seal
    rules: Rules
    outcome: Outcome
    awards: Sequence[AwardRules]
    given: Sequence[GivenAward]

    @property
    def wanted(self) -> dict[str, tuple[str, int | None]]:
        """Award and place by entry code; no place where a ruling gave the award to one outside the ranking."""
        return {entry: (one.award, place) for one in self.given for entry, place in one.entries}


@dataclass(frozen=True)
class Change:
    """An entry whose award differs from the seal before: the titles, None for no award."""

    entry: Entry
    before: Award | None
    after: Award | None


def awards_of_round(rules: Rules, code: str) -> list[AwardRules]:
    """The awards that are given on this round's seal; those of a result out of several rounds on the last one's."""
    last = rules.result.rounds[-1]
    return [award for award in rules.awards if award.round == code or (award.round is None and code == last)]


def propose(db: Session, contest: Contest, *, round_: Round) -> Proposal:
    """Who gets what by the newest rules, if these rank as the seal does, else by the rules of the seal.

    Raises StepNotAllowed where the round (or one that decides with it) is not sealed, AwardsMissing, StandingsMoved.
    """
    seal = sealing.last_seal(db, round_)
    if seal is None or not round_.is_official:
        raise StepNotAllowed(state=round_.state.value, to=RoundState.SEALED.value)
    found = facts.read(db, contest)
    newest = queries.rule_version(db, contest)
    for version in (newest, db.get_one(RuleVersion, seal.rule_version_id)):
        rules = queries.rules_of(version)
        outcome = compute(rules, found)
        if ranks_as_sealed(outcome, seal):
            break
    else:
        raise StandingsMoved
    awards = awards_of_round(rules, round_.code)
    if not awards:
        raise AwardsMissing(why="rules")
    if any(award.round is None for award in awards):
        _all_official(db, contest, rules)
    ids = {award.id for award in awards}
    return Proposal(seal, rules, outcome, awards, [one for one in outcome.awards if one.award in ids])


def ranks_as_sealed(outcome: Outcome, seal: Seal) -> bool:
    """Whether an outcome has the places, scores and statuses that were sealed."""
    return _places(outcome_json(outcome)["rounds"].get(seal.round.code)) == _places(json.loads(seal.standings))


def give(db: Session, contest: Contest, *, round_: Round, by: Actor, now: datetime) -> list[Award]:
    """Write the awards on the round's newest seal; a second time changes nothing.

    Awards of an earlier seal stay as they were. Raises what `propose` raises, and AwardsFixed where this seal already
    has other awards which are public or on a certificate.
    """
    ledger.lock(db, contest)
    proposal = propose(db, contest, round_=round_)
    standing = given_on(db, proposal.seal)
    if {award.entry.code: (award.code, award.place) for award in standing} == proposal.wanted and standing:
        return standing
    if standing:
        _withdraw(db, contest, proposal.seal)
    entries = {e.code: e for e in db.scalars(select(Entry).where(Entry.contest_id == contest.id))}
    ranks = {award.id: rank for rank, award in enumerate(proposal.rules.awards, start=1)}
    titles = {award.id: award.title for award in proposal.awards}
    made = [
        Award(
            contest_id=contest.id, seal_id=proposal.seal.id, entry_id=entries[code].id, code=award,
            title=titles[award].zh, title_en=titles[award].en, rank=ranks[award], place=place, given_at=now,
        )
        for code, (award, place) in proposal.wanted.items()
    ]  # fmt: skip
    db.add_all(made)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.AWARDS_GIVEN, subject=f"round:{round_.public_id}", now=now,
        payload={
            "seal": proposal.seal.public_id, "number": proposal.seal.number, "rules": proposal.rules.sha256,
            "awards": [[award.code, entries[code].public_id, award.place] for code, award in
                       zip(proposal.wanted, made, strict=True)],
        },
    )  # fmt: skip
    return given_on(db, proposal.seal)


def given_on(db: Session, seal: Seal) -> list[Award]:
    """The awards that rest on a seal, the highest first, then by place."""
    statement = select(Award).where(Award.seal_id == seal.id).options(joinedload(Award.entry))
    return list(db.scalars(statement.order_by(Award.rank, Award.place, Award.entry_id)))


def standing_awards(db: Session, contest: Contest) -> list[Award]:
    """The awards that count: of each round those on its newest seal that has any."""
    found = db.scalars(
        select(Award).join(Award.seal).where(Award.contest_id == contest.id)
        .options(joinedload(Award.entry), joinedload(Award.seal).joinedload(Seal.round))
        .order_by(Award.rank, Award.place, Award.entry_id)
    ).all()  # fmt: skip
    newest: dict[int, int] = {}
    for award in found:
        newest[award.seal.round_id] = max(award.seal.number, newest.get(award.seal.round_id, 0))
    return [award for award in found if award.seal.number == newest[award.seal.round_id]]


def changes(db: Session, seal: Seal) -> list[Change]:
    """What the awards on a seal changed against the seal before it that had awards; empty for the first."""
    earlier = db.scalars(
        select(Seal).where(Seal.round_id == seal.round_id, Seal.number < seal.number).order_by(Seal.number.desc())
    )
    before = next((awards for each in earlier if (awards := given_on(db, each))), [])
    after = given_on(db, seal)
    if not before or not after:
        return []
    old, new = ({award.entry_id: award for award in awards} for awards in (before, after))
    entries = {award.entry_id: award.entry for award in (*after, *before)}
    return [
        Change(entry, old.get(id), new.get(id)) for id, entry in entries.items() if _code(old, id) != _code(new, id)
    ]


def publish(db: Session, contest: Contest, *, by: Actor, now: datetime) -> None:
    """Let the public read the awards; a second time changes nothing. Raises AwardsMissing where none are given.

    The notice runs five working days where nobody has set its end, or where that end has passed.
    """
    ledger.lock(db, contest)
    if contest.awards_published_at is not None:
        return
    awards = standing_awards(db, contest)
    if not awards:
        raise AwardsMissing(why="given")
    contest.awards_published_at = now
    if contest.notice_closes_at is None or contest.notice_closes_at <= now:
        contest.notice_closes_at = default_close(contest, now)
    ledger.append(
        db, contest, by=by, action=Action.AWARDS_PUBLISHED, subject=f"contest:{contest.public_id}", now=now,
        payload={
            "seals": sorted({award.seal.public_id for award in awards}),
            "closes_at": ledger.instant(contest.notice_closes_at),
        },
    )  # fmt: skip


def hide(db: Session, contest: Contest, *, by: Actor, now: datetime) -> None:
    """Take the awards back from the public; a second time changes nothing."""
    ledger.lock(db, contest)
    if contest.awards_published_at is None:
        return
    contest.awards_published_at = None
    ledger.append(
        db, contest, by=by, action=Action.AWARDS_HIDDEN, subject=f"contest:{contest.public_id}", payload={}, now=now
    )


def set_notice(db: Session, contest: Contest, *, closes_at: datetime | None, objection: str, now: datetime) -> None:
    """Until when the notice runs, and how to object to it. Raises DateRefused for an end in the past, TextRefused."""
    ledger.lock(db, contest)
    written = clean_paragraphs(objection, field="objection", most=LONGEST_OBJECTION)
    if closes_at is not None and closes_at != contest.notice_closes_at and closes_at <= now:
        raise DateRefused(field="closes_at", why="past")
    contest.notice_closes_at, contest.objection = closes_at, written


def default_close(contest: Contest, now: datetime) -> datetime:
    """When a notice that begins now ends: 18:00 of the fifth working day after it, Monday to Friday."""
    local = now.astimezone(ZoneInfo(contest.time_zone))
    day, left = local.date(), NOTICE_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return datetime.combine(day, NOTICE_CLOSES, ZoneInfo(contest.time_zone))


def _withdraw(db: Session, contest: Contest, seal: Seal) -> None:
    """Make room for other awards on the same seal, as the rules' awards have changed since."""
    if contest.awards_published_at is not None:
        raise AwardsFixed(why="published")
    on_seal = select(Award.id).where(Award.seal_id == seal.id)
    if db.scalar(select(Certificate.id).where(Certificate.award_id.in_(on_seal)).limit(1)) is not None:
        raise AwardsFixed(why="certified")
    db.execute(delete(Award).where(Award.seal_id == seal.id))
    db.flush()


def _all_official(db: Session, contest: Contest, rules: Rules) -> None:
    for round_ in db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)):
        if round_.code in rules.result.rounds and not round_.is_official:
            raise StepNotAllowed(state=round_.state.value, to=RoundState.SEALED.value)


def _places(standings: object) -> object:
    rows = standings.get("standings") if isinstance(standings, dict) else None
    if not isinstance(rows, list):
        return None
    return {row["entry"]: (row["place"], row["score"], row.get("status")) for row in rows}


def _code(awards: Mapping[int, Award], entry_id: int) -> str | None:
    found = awards.get(entry_id)
    return None if found is None else found.code
