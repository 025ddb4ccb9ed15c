"""Several hands that change the rules at one moment: one proposal, one version, and words for whoever came too late."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from contest import amending, ledger, queries
from contest.errors import ContestError
from contest.ledger import SYSTEM
from contest.models import Account, Base, RuleChange, RuleVersion
from contest.rules import read_rules
from settings import Settings
from tests.amended import ALL_COUNT
from tests.builders import NOW, add_contest
from web.db import open_engine, reading, writing

HANDS = 4


@pytest.fixture
def engine(database_url, tmp_path):
    made = open_engine(Settings(instance=tmp_path, database_url=database_url))
    Base.metadata.create_all(made)
    with writing(made) as db:
        add_contest(db)
        db.add_all([
            Account(username=f"p{n}", display_name=f"p{n}", password_hash="", created_at=NOW) for n in range(HANDS + 1)
        ])  # fmt: skip
    yield made
    made.dispose()


def at_once(engine, act: Callable[..., object]) -> Counter[str]:
    """How each of several accounts fared that did the same at one moment."""
    together = threading.Barrier(HANDS)

    def one(name: str) -> str:
        together.wait()
        try:
            with writing(engine) as db:
                account = db.scalars(select(Account).where(Account.username == name)).one()
                contest = queries.contest_by_slug(db, "xinghe")
                ledger.lock(db, contest)  # as live.changing does before a route reads anything
                act(db, contest, account)
        except ContestError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(HANDS) as threads:
        return Counter(threads.map(one, [f"p{n}" for n in range(1, HANDS + 1)]))


def propose(db, contest, account):
    new = read_rules(ALL_COUNT)
    return amending.propose(db, contest, rules=new, reason="核对通知", account=account, by=SYSTEM, now=NOW)


def test_of_several_proposals_at_once_one_is_made(engine):
    assert at_once(engine, propose) == {"done": 1, "already_proposed": HANDS - 1}
    with reading(engine) as db:
        assert len(db.scalars(select(RuleChange)).all()) == 1


def test_of_several_confirmations_at_once_one_makes_a_version(engine):
    with writing(engine) as db:
        proposer = db.scalars(select(Account).where(Account.username == "p0")).one()
        change = propose(db, queries.contest_by_slug(db, "xinghe"), proposer).public_id

    def confirm(db, contest, account):
        amending.confirm(db, contest, public_id=change, account=account, by=SYSTEM, now=NOW)

    assert at_once(engine, confirm) == {"done": 1, "nothing_proposed": HANDS - 1}
    with reading(engine) as db:
        assert db.scalars(select(RuleVersion.number).order_by(RuleVersion.number)).all() == [1, 2]
        assert ledger.verify(db, queries.contest_by_slug(db, "xinghe")) is None
