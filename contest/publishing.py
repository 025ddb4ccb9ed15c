"""What everybody may have of a published round: its places with every step, and the bundle that recounts them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from contest import anonymity, awarding, facts, keeping, ledger, queries, sealing
from contest.errors import NotFound
from contest.models import Appearance, Audience, Contest, Entry, LedgerRow, Round, RoundState, RuleVersion, Seal
from contest.rules import Facts, Outcome, Rules, RulesError, Standing, Text, compute, outcome_json, story
from contest.rules.comparing import covering
from contest.rules.folder import read_source
from contest.rules.saying import LANGUAGES, page
from contest.rules.sources import Zip, zip_bytes
from contest.rules.writing import folder_files
from contest.showing import is_out
from contest.visibility import Surface, may_see, shown_name

Json = dict[str, Any]
# Of an entry a bundle says its code and its division; the other columns are not even there.
NOT_PUBLIC = ("unit", "name", "title")
KEPT = 32


@dataclass(frozen=True)
class Bundle:
    """The .zip of a contest folder: `covers` its rounds by code, `data` the same bytes for the same seals."""

    covers: tuple[str, ...]
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """The hash that is shown beside it, in hex."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Result:
    """A published round as it was sealed. `rows` are in the order of the seal, with steps where the facts give them.

    There is no bundle where a recount of what is public would not give the sealed places: the rules compare with a
    round that is not published, or the seal is older than the facts that are kept with a seal.
    """

    code: str
    title: Text
    seal: int
    sealed_at: datetime
    rules_sha256: str
    ledger_head: str
    rows: Sequence[Json]
    bundle: Bundle | None


@dataclass(frozen=True)
class Published:
    """All published rounds by position, and the result out of several of them where all of those are published."""

    rounds: Sequence[Result]
    combined: Sequence[Json] | None = None

    def of(self, code: str) -> Result:
        """A published round by its code. Raises NotFound."""
        found = next((each for each in self.rounds if each.code == code), None)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True)
class _Recount:
    """What the public facts of some rounds give by the rules of a seal."""

    covers: tuple[str, ...]
    seals: Mapping[str, Seal]
    version: RuleVersion
    rules: Rules
    facts: Facts
    outcome: Outcome
    agrees: bool
    awards_agree: bool

    @property
    def whole(self) -> bool:
        """Whether it has every round that decides the contest."""
        return set(self.rules.result.rounds) <= set(self.covers)


_known: dict[object, Published] = {}


def published(db: Session, contest: Contest) -> Published:
    """What of the contest is published now; made once for each state of its ledger."""
    newest = select(LedgerRow.hash).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq.desc()).limit(1)
    rounds = _rounds(db, contest)
    key = (contest.public_id, db.scalar(newest), tuple(rounds), contest.awards_published_at)
    if key not in _known:
        made = _make(db, contest, rounds)
        while len(_known) >= KEPT:
            _known.pop(next(iter(_known)), None)
        _known[key] = made
    return _known[key]


def bundle_of(db: Session, contest: Contest, code: str) -> Bundle:
    """The bundle of a published round. Raises NotFound where there is none, whatever the reason."""
    found = published(db, contest).of(code).bundle
    if found is None:
        raise NotFound
    return found


def entries(db: Session, contest: Contest, codes: Collection[str]) -> dict[str, Json]:
    """What an entry is called in public, by its code."""
    found = db.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.code.in_(codes)))
    return {
        entry.code: {
            "name": shown_name(entry, Audience.PUBLIC), "unit": entry.unit, "title": entry.title,
        } for entry in found
    }  # fmt: skip


def _rounds(db: Session, contest: Contest) -> dict[str, frozenset[str]]:
    """The rounds whose result is public, with the entries whose scores are out; the others are outside the ranking."""
    rounds = db.scalars(
        select(Round).where(Round.contest_id == contest.id, Round.state == RoundState.PUBLISHED)
        .order_by(Round.position)
    )  # fmt: skip
    found: dict[str, frozenset[str]] = {}
    for round_ in rounds:
        appearances = db.scalars(
            select(Appearance).where(Appearance.round_id == round_.id)
            .options(joinedload(Appearance.entry), joinedload(Appearance.round))
        ).all()  # fmt: skip
        shown = {one.id for one in appearances if may_see(Surface.RESULT, Audience.PUBLIC, one)}
        if appearances and all(one.id in shown or is_out(db, one) for one in appearances):
            found[round_.code] = frozenset(one.entry.code for one in appearances if one.id in shown)
    return found


def _make(db: Session, contest: Contest, rounds: Mapping[str, frozenset[str]]) -> Published:
    seals = {code: sealing.last_seal(db, queries.round_of(db, contest, code)) for code in rounds}
    sealed = {code: seal for code, seal in seals.items() if seal is not None}
    if not sealed:
        return Published(())
    given = {
        (award.code, award.entry.code, award.place) for award in awarding.standing_awards(db, contest)
    } if contest.awards_published_at else None  # fmt: skip
    together = _recount(db, contest, sealed, rounds, given)
    if together is not None and together.agrees:
        bundle = _bundle(together, awards=given is not None)
        results = [_result(code, seal, together, bundle) for code, seal in sealed.items()]
        return Published(tuple(results), _combined(together))
    results = []
    for code, seal in sealed.items():
        one = _recount(db, contest, {code: seal}, rounds, given)
        if one is not None:
            results.append(_result(code, seal, one, _bundle(one, awards=given is not None) if one.agrees else None))
    return Published(tuple(results))


def _result(code: str, seal: Seal, recount: _Recount, bundle: Bundle | None) -> Result:
    told = recount.outcome.rounds[code].standings if recount.agrees else ()
    return Result(
        code, recount.rules.rounds[code].title, seal.number, seal.sealed_at, seal.rules_sha256, seal.ledger_hash,
        _rows(_sealed_rows(seal), told, recount.facts, code), bundle,
    )  # fmt: skip


def _combined(recount: _Recount) -> list[Json] | None:
    """The result out of several rounds; None where one round is the result, or where one of them is not there."""
    rounds = recount.rules.result.rounds
    if not recount.whole or len(rounds) == 1:
        return None
    return _rows(outcome_json(recount.outcome)["standings"], recount.outcome.standings, recount.facts, rounds[-1])


def _recount(
    db: Session, contest: Contest, seals: Mapping[str, Seal], rounds: Mapping[str, frozenset[str]],
    given: Collection[tuple[str, str, int | None]] | None,
) -> _Recount | None:
    """Recount these rounds by the newest seal's rules, or by the newest rules where only those give the awards given.

    None where no rule file has all of them.
    """
    last = max(seals.values(), key=lambda seal: (seal.sealed_at, seal.id))
    whole = keeping.unpack(last.facts) if last.facts is not None else facts.read(db, contest)
    shown = {(code, entry) for code in seals for entry in rounds[code]}
    public = anonymity.public(whole, rounds=set(seals), shown=shown)
    tried = []
    for version in (db.get_one(RuleVersion, last.rule_version_id), queries.rule_version(db, contest)):
        rules = queries.rules_of(version)
        if not set(seals) <= set(rules.rounds):
            continue
        outcome = compute(rules, public)
        agrees = all(_same(_sealed_rows(seal), outcome, code) for code, seal in seals.items())
        awards = given is None or given == {
            (one.award, entry, place) for one in outcome.awards for entry, place in one.entries
        }
        tried.append(_Recount(tuple(seals), seals, version, rules, public, outcome, agrees, awards))
        if agrees and awards:
            break
    best = (one for one in sorted(tried, key=lambda one: (one.agrees, one.awards_agree), reverse=True))
    return next(best, None)  # Of equal ones the first: the rules of the seal.


def _sealed_rows(seal: Seal) -> list[Json]:
    rows: list[Json] = json.loads(seal.standings).get("standings", [])
    return rows


def _same(sealed: Sequence[Json], outcome: Outcome, code: str) -> bool:
    """Whether places, scores and statuses are those of the seal."""
    found = {
        each.entry: (each.place, None if each.score is None else format(each.score, "f"), each.status)
        for each in outcome.rounds[code].standings
    }
    return found == {row["entry"]: (row["place"], row["score"], row.get("status")) for row in sealed}


def _rows(sealed: Sequence[Json], told: Sequence[Standing], facts: Facts, code: str) -> list[Json]:
    """Rows of a result: the place as it was sealed, and the one explanation that every page shows."""
    numbers = {one.entry: one.number for one in facts.appearances if one.round == code}
    steps = {one.entry: one.steps for one in told}
    again = {row["entry"]: row["steps"] for row in _told_rows(told)}
    return [
        {key: value for key, value in row.items() if key != "steps"} | {
            "number": numbers.get(row["entry"]) or row["entry"],
            "steps": again.get(row["entry"], []),
            "story": {lang: story(steps.get(row["entry"], ()), lang) for lang in LANGUAGES},
        }
        for row in sealed
    ]  # fmt: skip


def _told_rows(told: Sequence[Standing]) -> list[Json]:
    rows: list[Json] = outcome_json(Outcome(tuple(told), {}, None))["standings"]
    return rows


def _bundle(recount: _Recount, *, awards: bool) -> Bundle | None:
    """The contest folder of these rounds with what was sealed, and how to recount it. `awards`: are they public?"""
    last = max(recount.seals.values(), key=lambda seal: (seal.sealed_at, seal.id))
    covers = None if set(recount.covers) >= set(recount.rules.rounds) else list(recount.covers)
    result = covering(outcome_json(recount.outcome), recount.rules, covers)
    if not (awards and recount.awards_agree):
        result.pop("awards", None)
    facts_alone = folder_files(recount.facts, recount.version.source, None, without=NOT_PUBLIC)
    recorded = {
        **({"covers": covers} if covers is not None else {}),
        "seals": {
            code: {"number": seal.number, "sealed_at": ledger.instant(seal.sealed_at), "ledger_head": seal.ledger_hash}
            for code, seal in recount.seals.items()
        },
        # A mark that was altered may change no place; its file is not the one that was published all the same.
        "files": {name: sha256(data).hexdigest() for name, data in facts_alone.items()},
        **result,
    }  # fmt: skip
    files = folder_files(recount.facts, recount.version.source, recorded, last.ledger_hash, NOT_PUBLIC)
    readme = "\n\n".join(
        page(
            "readme", lang, title=recount.rules.title,
            rounds=[recount.rules.rounds[code].title for code in recount.covers],
            rules=recount.rules.sha256, head=last.ledger_hash,
        ) for lang in LANGUAGES
    )  # fmt: skip
    data = zip_bytes({"README.txt": readme.encode(), **files})
    return Bundle(recount.covers, data) if _confirmed(recount, data) else None


def _confirmed(recount: _Recount, data: bytes) -> bool:
    """Whether the file itself gives the same result: what nobody can recount is not offered to anybody."""
    try:
        again = compute(recount.rules, read_source(Zip(data, "bundle.zip"), recount.rules))
    except RulesError:
        return False
    return outcome_json(again) == outcome_json(recount.outcome)
