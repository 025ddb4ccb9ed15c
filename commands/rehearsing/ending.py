"""A rehearsal from beginning to end: made up, judged while the server is killed, released, and compared row by row."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import httpx

from commands.rehearsing import comparing
from commands.rehearsing.judging import judge, sit_down
from commands.rehearsing.killing import ANY
from commands.rehearsing.mortal import AFTER, BEFORE
from commands.replaying import checking
from commands.replaying.desk import Desk
from commands.replaying.errors import ReplayError
from commands.replaying.listeners import listening
from commands.replaying.plan import Plan
from commands.replaying.playing import Event, Report, Times, messages, must_be_the_same_database, spread
from commands.replaying.preparing import Prepared, prepare, scorekeeper
from commands.replaying.site import Site
from contest import facts as stored_facts
from contest import proving
from contest.models import Contest
from contest.rules import Facts, Rules, compute, outcome_json
from contest.rules.comparing import first_difference
from web.db import reading


@dataclass(frozen=True)
class _Show:
    """What the hall saw when the scores went out."""

    times: Times
    cut: int = 0
    frames: frozenset[bytes] = frozenset()


def rehearse(site: Site, rules: Rules, facts: Facts, *, listeners: int, kills: int, seed: int) -> Report:
    """Rehearse on a server, killing it so often where it is our own, and report.

    Needs an app context. Raises ReplayError, ContestError.
    """
    began = time.perf_counter()
    prepared = prepare(site.engine, rules, facts, name="rehearsal")
    try:
        with httpx.Client(base_url=site.url, timeout=30, trust_env=False) as http:
            must_be_the_same_database(http, prepared)
            judges = sit_down(site, prepared, seed=seed)
            try:
                killed = judge(site, judges, kills=kills, seed=seed)
            finally:
                judges.close()
            sent = [each for tablet in judges.tablets for each in tablet.sent]
            with reading(site.engine) as db:
                stored = comparing.read_back(db, db.get_one(Contest, prepared.contest_id), prepared.plan, sent)
            show, equal = _Show(Times()), False
            if not stored.lost and all(each.is_acknowledged for each in sent):
                show = _release(site, prepared, listeners)
                equal = checking.board_equals(http, prepared.slug, set(show.frames), rules, facts, prepared.plan)
    except httpx.HTTPError as error:
        raise ReplayError(f"the server stopped answering: {error or type(error).__name__}") from error
    with reading(site.engine) as db:
        contest = db.get_one(Contest, prepared.contest_id)
        proof = proving.prove(db, contest)
        recount = outcome_json(compute(rules, stored_facts.read(db, contest)))
        differs = first_difference(outcome_json(compute(rules, facts)), recount)
    return {
        "contest": prepared.slug, "listeners": listeners, "turns": len(prepared.plan.turns),
        "held": len(prepared.plan.held), "tablets": len(judges.tablets), "kills": sum(killed.values()),
        "kills_before_commit": killed.get(BEFORE, 0), "kills_between_commit_and_answer": killed.get(AFTER, 0),
        "kills_at_any_moment": killed.get(ANY, 0),
        **messages(sent), "stored": stored.stored, "lost": stored.lost, "doubled": stored.doubled,
        **spread("ack", [each.milliseconds for each in sent if each.milliseconds is not None]),
        **spread("frame", show.times.after_answer), **spread("press_to_frame", show.times.after_press),
        "frames_missed": show.times.missed, "streams_cut": show.cut, "final_frame_equals_recount": equal,
        "standings_equal_recount": differs is None, "ledger_rows": proof.rows,
        "ledger_fault": None if proof.fault is None else f"{proof.fault.seq}: {proof.fault.what}",
        "seconds": round(time.perf_counter() - began, 2),
    }  # fmt: skip


def is_right(report: Report) -> bool:
    """Whether nothing was lost or doubled, and ledger, standings and board say the same."""
    return (
        not report["lost"] and not report["doubled"] and report["ledger_fault"] is None
        and bool(report["standings_equal_recount"]) and bool(report["final_frame_equals_recount"])
    )  # fmt: skip


def _release(site: Site, prepared: Prepared, listeners: int) -> _Show:
    """Call everybody, add what was measured, release: the scores go out to open phones, as on the day."""
    plan = Plan([replace(turn, sheets=()) for turn in prepared.plan.turns])
    with (
        httpx.Client(base_url=site.url, timeout=30, trust_env=False) as http,
        scorekeeper(site.engine, prepared.slug) as who, listening(site.url, prepared.slug, listeners) as hall,
    ):  # fmt: skip
        desk = Desk(site.url, prepared.slug)
        desk.sign_in(who)
        event = Event(site, replace(prepared, plan=plan), desk, hall)
        event.play()
        return _Show(event.times, hall.cut, frozenset(event.last_frames(http)))
