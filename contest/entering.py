"""Bring a contest into being: the organization that owns it, the contest, its rules, its rounds and its stage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, queries
from contest.errors import Malformed, NameTaken
from contest.ledger import Actor
from contest.models import Action, Contest, Organization, Round, RuleVersion, Stage, new_public_id
from contest.rules import Rules

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def organization_named(db: Session, name: str) -> Organization:
    """The organization of this name, made when missing. Raises Malformed for an empty or overlong name."""
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise Malformed(what="organization")
    found = db.scalars(select(Organization).where(Organization.name == name.strip())).one_or_none()
    if found is None:
        found = Organization(name=name.strip())
        db.add(found)
        db.flush()
    return found


def create_contest(
    db: Session, *, slug: str, title: str, organization: Organization, rules: Rules, by: Actor, now: datetime,
    time_zone: str = "Asia/Shanghai", rehearsal: bool = False,
) -> Contest:  # fmt: skip
    """A contest with the rounds of its rule file, all still drafts. Raises NameTaken, Malformed for a bad slug."""
    if not SLUG.fullmatch(slug):
        raise Malformed(what="slug")
    if db.scalar(select(Contest.id).where(Contest.slug == slug)) is not None:
        raise NameTaken(name=slug)
    contest = Contest(
        slug=slug, title=title, organization_id=organization.id, time_zone=time_zone, rehearsal=rehearsal,
        epoch=new_public_id(), created_at=now,
    )  # fmt: skip
    db.add(contest)
    db.flush()
    ledger.start(db, contest)
    rounds = [Round(contest_id=contest.id, code=code, position=at) for at, code in enumerate(rules.rounds, start=1)]
    db.add_all(rounds)
    db.flush()
    db.add(Stage(contest_id=contest.id, round_id=rounds[0].id, changed_at=now))
    adopt_rules(db, contest, rules=rules, by=by, now=now)
    return contest


def adopt_rules(
    db: Session, contest: Contest, *, rules: Rules, by: Actor, now: datetime,
    because: Mapping[str, object] | None = None,
) -> RuleVersion:  # fmt: skip
    """Make a rule file count from now on, as the contest's next version. `because`: what the ledger's row says more."""
    number = 1
    if db.scalar(select(RuleVersion.id).where(RuleVersion.contest_id == contest.id).limit(1)) is not None:
        number = queries.rule_version(db, contest).number + 1
    version = RuleVersion(
        contest_id=contest.id, number=number, source=rules.data, sha256=rules.sha256, created_at=now
    )  # fmt: skip
    db.add(version)
    db.flush()
    ledger.append(
        db, contest, by=by, action=Action.RULES_ADOPTED, subject=f"contest:{contest.public_id}",
        payload={"number": number, "sha256": rules.sha256, **(because or {})}, now=now,
    )  # fmt: skip
    return version
