"""The results page put together: what was asked for, and all that its views show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from contest import queries, sealing
from contest.analysis import agreement, recounting, spread
from contest.analysis.agreement import Alpha
from contest.analysis.marks import Given, are_points, by_sheets, table_of
from contest.analysis.spread import Distances, Figures
from contest.models import Approval, Contest, Round
from contest.rules import Standing, story
from organizer import result_judges, result_rows, result_ties, result_ways
from organizer.result_judges import JudgeRow, Matrix, SpreadRow
from organizer.result_plots import Span, span_of
from organizer.result_rows import Seen, Table
from organizer.result_scope import Ranking, Scope, natural_round, rankings, rounds_of, scope_of
from organizer.result_ties import Tie
from organizer.result_ways import WaysTable
from organizer.result_words import Words, words_of

VIEWS = ("ranking", "ways", "judges", "spread")
WHOLE = "whole"


@dataclass(frozen=True)
class Asked:
    """What the address asks for; whatever it names that is not there counts as not asked for."""

    slug: str
    round: str = ""
    scope: str = ""
    view: str = ""
    of: str = ""
    without: str = ""
    entry: str = ""
    cuts: str = ""

    @classmethod
    def read(cls, slug: str, query: MultiDict[str, str]) -> Asked:
        """The parts of the address, cut to a length that no code exceeds."""
        return cls(slug, **{name: query.get(name, "")[:200] for name in cls.__dataclass_fields__ if name != "slug"})

    def url(self, **changed: str) -> str:
        """This address with other parts; empty ones are left out."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "slug"} | changed
        return url_for("organizer.results", slug=self.slug, **{k: v for k, v in parts.items() if v})


@dataclass(frozen=True)
class Chosen:
    """The entry beside the table: its story, its marks in figures, its standard score, its far marks."""

    standing: Standing
    called: str
    score: str
    story: str
    figures: Figures | None
    standard: str
    far: Sequence[str]


@dataclass(frozen=True)
class SealState:
    """A round on its way to the seal: what stands in the way, who has proposed, the seal it has."""

    round: Round
    title: str
    approval: Approval | None
    seal: object | None
    strays: int
    held: Sequence[str]


@dataclass(frozen=True)
class ResultPage:
    """All that the page shows. `points`: the marks may be averaged and drawn; `judged`: there are any."""

    asked: Asked
    view: str
    rounds: Sequence[tuple[str, str]]
    whole: bool
    scope: Scope
    title: str
    words: Words
    points: bool
    judged: bool
    attempts: bool
    measures: Sequence[tuple[str, str]]
    measure: str
    span: Span | None
    seats: Sequence[tuple[str, str]]
    seat: str | None
    tables: Sequence[Table]
    ties: Sequence[Tie]
    standings: Sequence[Standing]
    chosen: Chosen | None
    seals: Sequence[SealState]
    marked: bool
    distances: Distances
    ways: Sequence[WaysTable]
    judges: Sequence[JudgeRow]
    alpha: Alpha | None
    matrix: Sequence[Matrix]
    spread: Sequence[SpreadRow]

    @property
    def scored(self) -> bool:
        """Whether anybody has a score."""
        return any(standing.score is not None for standing in self.standings)

    @property
    def sealed(self) -> bool:
        """Whether what is looked at is sealed: then the page is read, and nothing on it is tried out."""
        return all(each.is_official for each in self.scope.deciding)


def result_page(db: Session, contest: Contest, asked: Asked, lang: str) -> ResultPage:
    """The page as it is asked for. Raises RulesUnusable."""
    rounds = rounds_of(db, contest)
    rules = queries.rules_of(queries.rule_version(db, contest))
    whole = asked.scope == WHOLE and len(rules.result.rounds) > 1
    scope = scope_of(db, contest, None if whole else natural_round(rounds, asked.round), rounds)
    words = words_of(db, contest, scope, lang)
    now = rankings(scope, scope.outcome, scope.facts)
    measures, measure, marks = _marks(scope, asked.of, lang)
    span = span_of(mark.value for given in marks.values() for mark in given)
    far = spread.distances(marks)
    seats = [
        seat for seat in recounting.seats(scope.facts, [each.code for each in scope.deciding])
        if any(judge in scope_judges(scope) for judge in seat.judges)
    ]  # fmt: skip
    without = next((seat for seat in seats if seat.code == asked.without), None)
    seen = Seen(scope, words, marks, span, measure or None)
    view = asked.view if asked.view in VIEWS else VIEWS[0]
    then = result_judges.recount(scope, without) if without and view == "ranking" else [None] * len(now)
    title = "" if scope.round is None else scope.rules.rounds[scope.round.code].title.in_(lang)
    return ResultPage(
        asked=asked, view=view, rounds=[(each.code, rules.rounds[each.code].title.in_(lang)) for each in rounds],
        whole=len(rules.result.rounds) > 1, scope=scope, title=title, words=words,
        points=scope.round_rules is None or are_points(scope.round_rules),
        judged=scope.round_rules is None or scope.round_rules.is_judged,
        attempts=scope.round_rules is not None and scope.round_rules.attempts is not None,
        measures=measures, measure=measure,
        span=span, seats=[(seat.code, words.seat(seat)) for seat in seats],
        seat=words.seat(without) if without else None,
        tables=[
            result_rows.table(ranking, other, seen) for ranking, other in zip(now, then, strict=True)
        ] if view == "ranking" else [],
        ties=result_ties.ties(now, words), standings=[each for ranking in now for each in ranking.standings],
        chosen=_chosen(now, asked.entry, marks, far, words),
        seals=[_seal_state(db, scope, each, lang) for each in scope.deciding], marked=bool(scope_judges(scope)),
        distances=far, ways=result_ways.ways(scope, now, marks, words) if view == "ways" else [],
        judges=result_judges.judge_rows(marks, far, words) if view == "judges" else [],
        alpha=agreement.alpha(marks) if view == "judges" else None,
        matrix=result_judges.matrix(scope, now, seats, words) if view == "judges" else [],
        spread=result_judges.spread_rows(now, marks, far, words) if view == "spread" else [],
    )  # fmt: skip


def scope_judges(scope: Scope) -> frozenset[str]:
    """The judges whose marks count in what is looked at, by code."""
    codes = {each.code for each in scope.deciding}
    return frozenset(mark.judge for mark in scope.facts.marks if mark.round in codes)


def _marks(
    scope: Scope, asked: str, lang: str
) -> tuple[list[tuple[str, str]], str, Mapping[str, Sequence[Given]]]:
    """What can be looked at (whole sheets, each criterion), what is, and the marks of it."""
    rules = scope.round_rules
    if rules is None or scope.round is None or not are_points(rules):
        return [], "", {}
    criteria = [(criterion.id, criterion.title.in_(lang)) for criterion in rules.criteria]
    whole = by_sheets(rules.panel)
    measures = [("", "")] if whole else []
    measures += criteria if len(criteria) > 1 or not whole else []
    measure = asked if asked in dict(measures) else measures[0][0] if measures else ""
    return measures, measure, table_of(scope.outcome.rounds[scope.round.code].scores, measure or None)


def _chosen(
    now: Sequence[Ranking], asked: str, marks: Mapping[str, Sequence[Given]], far: Distances, words: Words
) -> Chosen | None:
    """The entry asked for, else the first of the first ranking."""
    every = [standing for ranking in now for standing in ranking.standings]
    standing = next((each for each in every if each.entry == asked), next(iter(every), None))
    if standing is None:
        return None
    given = marks.get(standing.entry)
    standard = spread.standard_scores(marks).get(standing.entry)
    return Chosen(
        standing, words.called(standing.entry), "" if standing.score is None else f"{standing.score:f}",
        story(standing.steps, words.lang), spread.figures([mark.value for mark in given]) if given else None,
        "" if standard is None else result_judges.plain(standard),
        result_judges.far_marks(far, standing.entry, words),
    )  # fmt: skip


def _seal_state(db: Session, scope: Scope, round_: Round, lang: str) -> SealState:
    seal = sealing.last_seal(db, round_) if round_.is_official else None
    held = [line.appearance.number for line in scope.lines if line.holds_the_seal] if scope.round is round_ else []
    return SealState(
        round_, scope.rules.rounds[round_.code].title.in_(lang), queries.open_approval(db, round_), seal,
        sealing.count_strays(db, round_), held,
    )  # fmt: skip
