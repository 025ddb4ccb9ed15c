"""Verbs: settle what a contest is: make its draft, its basics, its rules until the first mark, its switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import composing, drafting, entering, ledger, queries
from contest.composing import Plan
from contest.errors import Malformed
from contest.ledger import Actor
from contest.models import (
    Action,
    Appearance,
    Contest,
    DivisionNote,
    Organization,
    ReleaseMode,
    Round,
    RuleVersion,
    Sheet,
    Stage,
)  # fmt: skip
from contest.naming import clean_line, clean_paragraphs
from contest.refusals import RoundInUse, RulesFixed
from contest.rules import Rules, read_rules

MOST_PLACES, OLDEST = 100_000, 120
# Positions are unique in a contest: while rounds are put in a new order they stand out of the way.
ASIDE = 1000


@dataclass(frozen=True)
class Basics:
    """What a contest is called, where and when it is, who may enter and whom to ask."""

    title: str
    title_en: str
    edition: str
    place: str
    contact: str
    summary: str
    summary_en: str
    starts_at: datetime | None
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    quota: int | None
    min_age: int | None
    max_age: int | None
    mask_below: int


def start_draft(
    db: Session, *, slug: str, basics: Basics, organization: Organization, plan: Plan, by: Actor, now: datetime
) -> Contest:
    """A contest that nobody else sees yet. Raises NameTaken, Malformed, TextRefused, RuleFileError."""
    rules = read_rules(composing.compose(plan))
    title = clean_line(basics.title, field="title")
    contest = entering.create_contest(
        db, slug=slug, title=title, organization=organization, rules=rules, by=by, now=now
    )  # fmt: skip
    set_basics(db, contest, basics)
    return contest


def set_basics(db: Session, contest: Contest, basics: Basics) -> None:
    """Write the basics. Raises TextRefused, Malformed for dates or ages that run backwards."""
    opens, closes = basics.registration_opens_at, basics.registration_closes_at
    if opens is not None and closes is not None and opens >= closes:
        raise Malformed(what="registration_closes_at")
    if basics.min_age is not None and basics.max_age is not None and basics.min_age > basics.max_age:
        raise Malformed(what="max_age")
    if basics.quota is not None and not 1 <= basics.quota <= MOST_PLACES:
        raise Malformed(what="quota")
    if not 0 <= basics.mask_below <= OLDEST:
        raise Malformed(what="mask_below")
    contest.title = clean_line(basics.title, field="title")
    contest.title_en = clean_line(basics.title_en, field="title_en", needed=False) or None
    contest.edition = clean_line(basics.edition, field="edition", most=64, needed=False)
    contest.place = clean_line(basics.place, field="place", needed=False)
    contest.contact = clean_line(basics.contact, field="contact", needed=False)
    contest.summary = clean_paragraphs(basics.summary, field="summary")
    contest.summary_en = clean_paragraphs(basics.summary_en, field="summary_en")
    contest.starts_at, contest.registration_opens_at, contest.registration_closes_at = basics.starts_at, opens, closes
    contest.quota, contest.min_age, contest.max_age = basics.quota, basics.min_age, basics.max_age
    contest.mask_below = basics.mask_below
    db.flush()


def is_marked(db: Session, contest: Contest) -> bool:
    """Whether a judge has written anything down: from then on the rules stay."""
    written = (
        select(Sheet.id).join(Sheet.appearance).join(Appearance.round).where(Round.contest_id == contest.id).limit(1)
    )
    return db.scalar(written) is not None


def change_rules(
    db: Session, contest: Contest, *, plan: Plan, advances: Mapping[str, int | None], by: Actor, now: datetime
) -> RuleVersion:  # fmt: skip
    """Let a plan be the contest's rules from now on, as a new version where it says anything else; rounds follow.

    Raises RulesFixed after the first mark, RoundInUse where a round with a running order would go, RuleFileError.
    """
    return put_in_force(
        db, contest, rules=read_rules(composing.compose(plan)), advances=advances, by=by, now=now
    )  # fmt: skip


def put_in_force(
    db: Session, contest: Contest, *, rules: Rules, advances: Mapping[str, int | None] | None = None, by: Actor,
    now: datetime,
) -> RuleVersion:  # fmt: skip
    """Let a rule file count from now on, as a new version where it is another file; rounds follow.

    `advances`: how many go on from which round (its code); without it what was set stays.
    Raises RulesFixed after the first mark, RoundInUse where a round with a running order would go.
    """
    ledger.lock(db, contest)
    if is_marked(db, contest):
        raise RulesFixed
    version = queries.rule_version(db, contest)
    if rules.sha256 != version.sha256:
        keep_rounds(db, contest, rules, begun=False)
        version = entering.adopt_rules(db, contest, rules=rules, by=by, now=now)
    if advances is not None:
        for round_ in db.scalars(select(Round).where(Round.contest_id == contest.id)):
            round_.advances = advances.get(round_.code)
    db.flush()
    return version


def put_draft_in_force(db: Session, contest: Contest, *, seen: str, by: Actor, now: datetime) -> RuleVersion:
    """Let the draft count from now on, and forget it. `seen` is its tag as the page showed it.

    Raises DraftMoved where it is another one meanwhile, RulesFixed, RoundInUse, RuleFileError.
    """
    ledger.lock(db, contest)
    draft = drafting.draft_as_seen(db, contest, seen=seen)
    version = put_in_force(db, contest, rules=drafting.rules_of_draft(draft), by=by, now=now)
    drafting.drop_draft(db, contest)
    return version


def publish(db: Session, contest: Contest, *, shown: bool, now: datetime) -> None:
    """Show the contest's page to everybody, or hide it again."""
    contest.published_at = (contest.published_at or now) if shown else None
    db.flush()


def set_release_mode(db: Session, contest: Contest, *, mode: ReleaseMode, by: Actor, now: datetime) -> None:
    """Say when scores are let out from now on, and note it; what is out stays out."""
    ledger.lock(db, contest)
    before, contest.release_mode = contest.release_mode, mode
    if before is not mode:
        ledger.append(
            db, contest, by=by, action=Action.OFFICE_CHANGED, subject=f"contest:{contest.public_id}",
            payload={"mode": [before.value, mode.value]}, now=now,
        )  # fmt: skip
    db.flush()


def set_office(db: Session, contest: Contest, *, alone: bool, by: Actor, now: datetime) -> None:
    """Let one person seal, or ask for two again; the ledger and the minutes say so."""
    ledger.lock(db, contest)
    if contest.one_person is alone:
        return
    contest.one_person = alone
    ledger.append(
        db, contest, by=by, action=Action.OFFICE_CHANGED, subject=f"contest:{contest.public_id}",
        payload={"one_person": int(alone)}, now=now,
    )  # fmt: skip


def keep_rounds(db: Session, contest: Contest, rules: Rules, *, begun: bool) -> None:
    """Keep rounds and division notes in step with the rule file: new ones appear, those it no longer names go.

    A contest that has `begun` keeps its round on stage where it still exists. Raises RoundInUse.
    """
    rounds = {round_.code: round_ for round_ in db.scalars(select(Round).where(Round.contest_id == contest.id))}
    stage = db.scalars(select(Stage).where(Stage.contest_id == contest.id)).one()
    for at, round_ in enumerate(rounds.values()):
        round_.position = ASIDE + at
    db.flush()
    for at, code in enumerate(rules.rounds, start=1):
        if code not in rounds:
            rounds[code] = Round(contest_id=contest.id, code=code)
            db.add(rounds[code])
        rounds[code].position = at
    db.flush()
    gone = [round_ for code, round_ in rounds.items() if code not in rules.rounds]
    for round_ in gone:
        if db.scalar(select(Appearance.id).where(Appearance.round_id == round_.id).limit(1)) is not None:
            raise RoundInUse(round=round_.code)
        if stage.round_id == round_.id:
            stage.round_id = rounds[next(iter(rules.rounds))].id
            db.flush()
        db.delete(round_)
    if stage.appearance_id is None and not begun:
        stage.round_id = rounds[next(iter(rules.rounds))].id
    for note in db.scalars(select(DivisionNote).where(DivisionNote.contest_id == contest.id)):
        if note.division not in rules.divisions:
            db.delete(note)
    db.flush()
    db.expire(contest, ["rounds"])
