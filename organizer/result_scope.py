"""What the results page looks at: a round or the result out of several, its facts, its rules, what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import awarding, facts, queries, sealing
from contest.models import Audience, Contest, Round, RoundState, RuleVersion, Seal
from contest.rules import Facts, GivenAward, Outcome, RoundRules, Rules, Standing, compute
from contest.visibility import Surface, may_see
from organizer.progress import Progress, progress

UNDER_WAY = (RoundState.JUDGING, RoundState.LOCKED)


@dataclass(frozen=True)
class Scope:
    """A round, or with `round` None the contest's result out of `deciding` rounds, as it stands now.

    `facts` hold no marks of appearances whose marks may not be seen yet; `lines` are the appearances of the rounds.
    `moved`: the marks no longer give what was sealed.
    """

    round: Round | None
    deciding: Sequence[Round]
    rules: Rules
    version: RuleVersion
    seal: Seal | None
    moved: bool
    facts: Facts
    outcome: Outcome
    lines: Sequence[Progress]

    @property
    def round_rules(self) -> RoundRules | None:
        """The round's rules; None for a result out of several rounds."""
        return None if self.round is None else self.rules.rounds[self.round.code]

    @property
    def running(self) -> Sequence[Progress]:
        """The appearances that are to be judged: without those that a ruling takes out of the ranking."""
        return [line for line in self.lines if not line.out]

    @property
    def complete(self) -> int:
        """How many of them have every sheet in; where nobody sits on a panel, how many have a score."""
        return sum(line.is_complete and (line.expected > 0 or self._has_score(line)) for line in self.running)

    def _has_score(self, line: Progress) -> bool:
        found = self.outcome.rounds[line.appearance.round.code].scores.get(line.appearance.entry.code)
        return found is not None and found.score is not None


@dataclass(frozen=True)
class Ranking:
    """One ranking with the awards that are given out of it; `taken`: who has an award out of another one."""

    division: str | None
    across: bool
    standings: Sequence[Standing]
    awards: Sequence[GivenAward]
    taken: frozenset[str]


def rounds_of(db: Session, contest: Contest) -> list[Round]:
    """The contest's rounds in order."""
    return list(db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)))


def natural_round(rounds: Sequence[Round], asked: str | None) -> Round | None:
    """The round asked for, else the one that is judged or locked, else the last official one, else the first."""
    found = [each for each in rounds if each.code == asked]
    found += [each for each in rounds if each.state in UNDER_WAY]
    found += [each for each in reversed(rounds) if each.is_official]
    return next(iter([*found, *rounds]), None)


def scope_of(db: Session, contest: Contest, round_: Round | None, rounds: Sequence[Round]) -> Scope:
    """What there is of a round, or with None of the whole contest. Raises RulesUnusable."""
    newest = queries.rule_version(db, contest)
    decide = queries.rules_of(newest).result.rounds
    deciding = [each for each in rounds if each.code in decide] if round_ is None else [round_]
    lines = progress(db, contest)
    found = _visible(facts.read(db, contest), [line for of in lines.values() for line in of])
    seal = sealing.last_seal(db, round_) if round_ is not None and round_.is_official else None
    version, outcome, moved = newest, compute(queries.rules_of(newest), found), False
    if seal is not None and not awarding.ranks_as_sealed(outcome, seal):
        version = db.get_one(RuleVersion, seal.rule_version_id)
        outcome = compute(queries.rules_of(version), found)
        moved = not awarding.ranks_as_sealed(outcome, seal)
    return Scope(
        round_, deciding, queries.rules_of(version), version, seal, moved, found, outcome,
        [line for each in deciding for line in lines.get(each.id, [])],
    )  # fmt: skip


def _visible(found: Facts, lines: Sequence[Progress]) -> Facts:
    hidden = {
        (line.appearance.round.code, line.appearance.entry.code) for line in lines
        if not may_see(Surface.REVIEW, Audience.STAFF, line.appearance, complete=line.is_complete)
    }  # fmt: skip
    kept = tuple(mark for mark in found.marks if (mark.round, mark.entry) not in hidden)
    return replace(found, marks=kept)


def rankings(scope: Scope, outcome: Outcome, with_facts: Facts) -> list[Ranking]:
    """The rankings of an outcome of these facts: of all together where an award is given across, else by division."""
    code = None if scope.round is None else scope.round.code
    standings = outcome.standings if code is None else outcome.rounds[code].standings
    ids = {award.id for award in scope.rules.awards if _is_of(award.round, code, scope.rules)}
    awards = [one for one in outcome.awards if one.award in ids]
    divisions = list(dict.fromkeys(standing.division for standing in standings))
    if len(divisions) <= 1:
        return [_ranking(None, False, standings, awards, awards)]
    across = [one for one in awards if one.division is None]
    found = []
    if across:
        found.append(_ranking(None, True, _overall(scope.rules, code, with_facts), across, awards))
    if len(across) < len(awards) or not across:
        found += [
            _ranking(
                division, False, [each for each in standings if each.division == division],
                [one for one in awards if one.division == division], awards,
            ) for division in divisions
        ]  # fmt: skip
    return found


def _is_of(award_round: str | None, code: str | None, rules: Rules) -> bool:
    """Whether an award is given out of what is looked at; of one deciding round that round is the result."""
    return award_round == code or (award_round is None and rules.result.rounds == (code,))


def _ranking(
    division: str | None, across: bool, standings: Sequence[Standing], awards: Sequence[GivenAward],
    every: Sequence[GivenAward],
) -> Ranking:
    own = {(one.award, one.division) for one in awards}
    taken = {entry for one in every if (one.award, one.division) not in own for entry, _ in one.entries}
    return Ranking(division, across, standings, awards, frozenset(taken))


def _overall(rules: Rules, code: str | None, found: Facts) -> Sequence[Standing]:
    """The ranking across divisions, which the engine makes where the rules' result asks for it."""
    result = replace(rules.result, overall=True)
    if code is not None:
        result = replace(result, rounds=(code,), weights=None, rounding=None)
    return compute(replace(rules, result=result, awards=()), found).overall or ()


def rounds_scores(scope: Scope, entry: str) -> Mapping[str, str]:
    """What an entry got in each deciding round, by round code, as text."""
    found = {}
    for each in scope.deciding:
        score = scope.outcome.rounds[each.code].scores.get(entry)
        found[each.code] = "—" if score is None or score.score is None else format(score.score, "f")
    return found
