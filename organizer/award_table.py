"""The award room's reads: the ranking of a sealed round with its cut lines, what was given, what a new seal changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import awarding, queries, sealing
from contest.awarding import Change, Proposal
from contest.errors import ContestError
from contest.models import Appearance, Award, Contest, Round, Seal
from contest.rules import AwardRules, Rules, Standing, Step, say_status, story


@dataclass(frozen=True)
class Line:
    """An entry in the ranking, and the award it would get."""

    place: int | None
    number: str
    name: str | None
    unit: str | None
    score: Decimal | None
    status: str | None
    award: str | None
    tied: bool


@dataclass(frozen=True)
class Cut:
    """The line under the last entry of an award: how many got it, their share of those ranked, the gap to the next."""

    award: str
    title: str
    level: int
    count: int
    percent: int
    least: Decimal | None
    gap: Decimal | None
    told: str


@dataclass(frozen=True)
class Table:
    """One ranking: a division's, or that of all; its lines, and the awards in order with the line each ends after."""

    division: str | None
    lines: Sequence[Line]
    cuts: Sequence[tuple[int, Cut]]

    def after(self, at: int) -> list[Cut]:
        """The cut lines under the line with this position."""
        return [cut for line, cut in self.cuts if line == at]

    @property
    def ranked(self) -> int:
        """How many entries have a place."""
        return sum(line.place is not None for line in self.lines)


@dataclass(frozen=True)
class AwardRoom:
    """All that the room shows of one round; `problem` says why there is no proposal."""

    round: Round
    title: str
    seal: Seal | None
    tables: Sequence[Table]
    ties: Sequence[tuple[bool, str, str]]
    given: Sequence[Award]
    earlier: Sequence[Award]
    changes: Sequence[Change]
    problem: ContestError | None
    same: bool


def award_rounds(db: Session, contest: Contest) -> list[Round]:
    """The rounds the rule file has awards for; without any, the last round, so that the room can say so."""
    rules = queries.rules_of(queries.rule_version(db, contest))
    rounds = list(db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)))
    return [each for each in rounds if awarding.awards_of_round(rules, each.code)] or rounds[-1:]


def award_room(db: Session, contest: Contest, round_: Round, lang: str) -> AwardRoom:
    """A round's awards as they would be given now, beside what has been given."""
    rules = queries.rules_of(queries.rule_version(db, contest))
    title, seal = rules.rounds[round_.code].title.in_(lang), sealing.last_seal(db, round_)
    given = awarding.given_on(db, seal) if seal is not None else []
    rest = [] if given else [a for a in awarding.standing_awards(db, contest) if a.seal.round_id == round_.id]
    changes = awarding.changes(db, seal) if seal is not None else []
    try:
        proposal = awarding.propose(db, contest, round_=round_)
    except ContestError as problem:
        return AwardRoom(round_, title, seal, [], [], given, rest, changes, problem, same=False)
    people = {each.entry.code: each for each in queries.appearances_in_order(db, round_)}
    tables = [
        _table(proposal, division, standings, people, lang) for division, standings in _rankings(proposal, round_.code)
    ]
    same = {a.entry.code: (a.code, a.place) for a in given} == proposal.wanted and bool(given)
    ties = _ties([s for _, standings in _rankings(proposal, round_.code) for s in standings], people, lang)
    return AwardRoom(round_, title, seal, tables, ties, given, rest, changes, None, same)


def _rankings(proposal: Proposal, code: str) -> list[tuple[str | None, list[Standing]]]:
    """The standings the awards are given out of: each division's where one is given per division, else all together."""
    several = all(award.round is None for award in proposal.awards)
    standings = list(proposal.outcome.standings if several else proposal.outcome.rounds[code].standings)
    divisions = list(dict.fromkeys(standing.division for standing in standings))
    if any(one.division is not None for one in proposal.given):
        return [(code, [s for s in standings if s.division == code]) for code in divisions]
    if len(divisions) > 1:
        place = {entry: at for one in proposal.given for entry, at in one.entries}
        far = len(standings) + 1
        standings.sort(key=lambda s: (s.place is None, place.get(s.entry, far), -(s.score or 0), s.entry))
    return [(None, standings)]


def _table(
    proposal: Proposal, division: str | None, standings: Sequence[Standing], people: Mapping[str, Appearance],
    lang: str,
) -> Table:
    awards = {award.id: award for award in proposal.awards}
    here = [one for one in proposal.given if one.division in (None, division)]
    # A place across divisions would not fit a division's own table.
    got = {e: (one.award, place if division is None else None) for one in here for e, place in one.entries}
    lines = [_line(standing, got, awards, people, lang) for standing in standings]
    ranked = sum(line.place is not None for line in lines)
    at = {standing.entry: index for index, standing in enumerate(standings)}
    cuts, end = [], -1
    for level, one in enumerate(here):
        mine = [at[entry] for entry, _ in one.entries if entry in at]
        end = max(mine, default=end)
        after = lines[end + 1] if end + 1 < len(lines) and lines[end + 1].place is not None else None
        least = lines[end].score if mine else None
        gap = least - after.score if least is not None and after is not None and after.score is not None else None
        cuts.append((end, Cut(
            one.award, one.title.in_(lang), level, len(mine), round(100 * len(mine) / ranked) if ranked else 0, least,
            gap, story(one.steps, lang),
        )))  # fmt: skip
    return Table(_division(proposal.rules, division, lang), lines, cuts)


def _division(rules: Rules, code: str | None, lang: str) -> str | None:
    return rules.division_title(code, lang) if code is not None else None


def _line(
    standing: Standing, got: Mapping[str, tuple[str, int | None]], awards: Mapping[str, AwardRules],
    people: Mapping[str, Appearance], lang: str,
) -> Line:
    award, place = got.get(standing.entry, (None, None))
    appearance = people.get(standing.entry)
    entry = appearance.entry if appearance is not None else None
    return Line(
        place or standing.place, appearance.number if appearance else standing.entry, entry.name if entry else None,
        entry.unit if entry else None, standing.score,
        None if standing.status is None else say_status(standing.status, lang),
        awards[award].title.in_(lang) if award else None, any(step.code == "tied" for step in standing.steps),
    )  # fmt: skip


def _ties(
    standings: Sequence[Standing], people: Mapping[str, Appearance], lang: str
) -> list[tuple[bool, str, str]]:
    """Who was tied: whether the place is still shared, the number, and in words what was compared."""
    found = []
    for standing in standings:
        codes = [step.code for step in standing.steps]
        if "tied" in codes:
            steps: list[Step] = list(standing.steps)[codes.index("tied"):]
            appearance = people.get(standing.entry)
            number = standing.entry if appearance is None else appearance.number
            found.append(("shared" in codes, number, story(steps, lang)))
    return found
