"""Builder of a contest of two rounds: a preliminary that is over, and a final that waits for whom it sends on."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from contest import absences, queries, sealing, showing
from contest.ledger import SYSTEM
from contest.models import Contest, RoundState
from tests.builders import NOW, RULES, add_contest, final_facts
from tests.tablets import running, submit_all

# Entry 01 is best, 02 and 03 share the second place, 05 withdraws.
CONTENT = {"01": "29.00", "02": "25.00", "03": "25.00", "04": "20.00", "05": "10.00"}


def two_rounds(db: Session, advance: bytes = b"") -> Contest:
    """A contest of a preliminary of five, judged and locked, and a final with nobody in it.

    `advance` is what the rule file says about who goes on, if it says anything.
    """
    rules = RULES.replace(b"[rounds.final]", b"[rounds.semi]").replace(b"[rounds.final.panel]", b"[rounds.semi.panel]")
    end = RULES.index(b"[[awards]]")
    last = RULES[RULES.index(b"[rounds.final]"):end] + advance + b'\n[result]\nrounds = ["final"]\n'
    both = rules[:rules.index(b"[[awards]]")] + last
    given = final_facts(5, 5)
    made = add_contest(
        db, slug="two", rules=both, state=RoundState.JUDGING,
        facts=replace(
            given, appearances=tuple(replace(each, round="semi") for each in given.appearances),
            sittings=tuple(replace(each, round="semi") for each in given.sittings),
        ),
    )  # fmt: skip
    queries.round_of(db, made, "final").state = RoundState.DRAFT
    for each in running(db, made, "semi"):
        if each.entry.code == "05":
            absences.withdraw(
                db, made, round_=each.round, entry=each.entry, reason="生病", by=SYSTEM, now=NOW
            )
            continue
        submit_all(db, made, each, content=CONTENT[each.entry.code])
        showing.release(db, made, appearance=each, by=SYSTEM, now=NOW)
    sealing.move(db, made, round_=queries.round_of(db, made, "semi"), to=RoundState.LOCKED, by=SYSTEM, now=NOW)
    return made
