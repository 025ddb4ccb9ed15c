"""Verbs: write the next rules of a contest in a draft, which nothing follows until it is put in force or proposed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from contest import queries
from contest.models import Account, Contest, RuleDraft
from contest.refusals import DraftMoved
from contest.rules import Rules, read_rules

NOTHING = ""  # What an editor has seen who found no draft.


def read_draft(db: Session, contest: Contest) -> RuleDraft | None:
    """The contest's draft with who saved it last; None where nobody edits the rules."""
    return db.scalars(_draft(contest).options(joinedload(RuleDraft.account))).one_or_none()


def save_draft(
    db: Session, contest: Contest, *, source: bytes, seen: str, account: Account, now: datetime
) -> RuleDraft:
    """Write the draft anew: `source` is a whole rule file, `seen` the tag of the save that the editor looks at.

    `seen` is NOTHING where the editor found no draft. Saving what is stored already changes nothing.
    Raises RuleFileError where the engine does not read the file, DraftMoved where it is no longer what was seen.
    """
    read_rules(source)
    draft = _locked(db, contest)
    if draft is not None and draft.source == source:
        return draft
    _check_seen(draft, seen)
    if draft is None:
        base = queries.rule_version(db, contest)
        draft = RuleDraft(contest_id=contest.id, base_id=base.id, version=0)
        db.add(draft)
    draft.source, draft.account_id, draft.changed_at = source, account.id, now
    draft.version += 1
    db.flush()
    db.refresh(draft)
    return draft


def drop_draft(db: Session, contest: Contest, *, seen: str | None = None) -> None:
    """Forget the draft; without one nothing happens. Raises DraftMoved where `seen` is no longer what is stored."""
    draft = _locked(db, contest)
    if draft is None:
        return
    if seen is not None:
        _check_seen(draft, seen)
    db.delete(draft)
    db.flush()


def draft_as_seen(db: Session, contest: Contest, *, seen: str) -> RuleDraft:
    """The draft, held until the transaction ends. Raises DraftMoved where it is not the save that was `seen`."""
    draft = _locked(db, contest)
    if draft is None:
        raise DraftMoved(who=None, at=None)
    _check_seen(draft, seen)
    return draft


def rules_of_draft(draft: RuleDraft) -> Rules:
    """What the draft says. Raises RuleFileError where a newer engine no longer reads it."""
    return read_rules(draft.source)


def _draft(contest: Contest) -> Select[RuleDraft]:
    return select(RuleDraft).where(RuleDraft.contest_id == contest.id)


def _locked(db: Session, contest: Contest) -> RuleDraft | None:
    # Two editors who save at once wait for each other here; of two who begin a draft at once the table's own
    # constraint lets one in, and the other is asked to try again.
    found = db.scalars(_draft(contest).with_for_update().execution_options(populate_existing=True))
    return found.one_or_none()


def _check_seen(draft: RuleDraft | None, seen: str) -> None:
    if (NOTHING if draft is None else draft.tag) == seen:
        return
    if draft is None:
        raise DraftMoved(who=None, at=None)
    raise DraftMoved(who=draft.account.display_name, at=draft.changed_at)
