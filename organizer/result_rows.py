"""The ranking of the results page: a row per entry, the award lines between them, what a missing seat would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from contest.analysis.marks import Given, on_own_scale
from contest.analysis.recounting import Move, holders, moves
from contest.models import Appearance
from contest.rules import EntryScore, GivenAward, RoundRules, Standing, say, say_status, story
from organizer.progress import Progress
from organizer.result_plots import Plot, Span, plot
from organizer.result_scope import Ranking, Scope, rounds_scores
from organizer.result_words import Words, fine


@dataclass(frozen=True)
class Row:
    """An entry: how its score came about, what stands between it and the next, and what a recount would change."""

    entry: str
    place: int | None
    shown: str
    number: str
    name: str | None
    unit: str | None
    division: str | None
    plot: Plot | None
    panel: str
    adjusted: str
    parts: Mapping[str, str]
    details: Sequence[tuple[str, bool]]
    score: str
    status: str
    tied: bool
    shared: bool
    ruled: str
    taken: bool
    edge: str
    edge_kind: str
    move: Move | None
    change: str


@dataclass(frozen=True)
class Cut:
    """An award's line: after which row, how many get it, of those ranked how many per cent, the lowest score."""

    award: str
    title: str
    level: int
    after: int
    count: int
    percent: int
    least: str
    told: str


@dataclass(frozen=True)
class Table:
    """One ranking with its rows and award lines. `lower`: in this ranking the lower score is the better one."""

    title: str
    across: bool
    rows: Sequence[Row]
    cuts: Sequence[Cut]
    ranked: int
    free: int
    lower: bool

    def after(self, at: int) -> list[Cut]:
        """The award lines under the row with this position; -1 is above the first."""
        return [cut for cut in self.cuts if cut.after == at]

    @property
    def rest(self) -> int:
        """How many of those ranked get none of these awards."""
        return self.free - sum(cut.count for cut in self.cuts)


@dataclass(frozen=True)
class Seen:
    """What the rows are made from beside a ranking: people, marks and the recount of a chosen seat."""

    scope: Scope
    words: Words
    marks: Mapping[str, Sequence[Given]]
    span: Span | None
    measure: str | None


def table(ranking: Ranking, recount: Ranking | None, seen: Seen) -> Table:
    """A ranking's table; `recount`: the same ranking without a seat."""
    lang, rules = seen.words.lang, seen.scope.rules
    standings = ranking.standings
    moved = {} if recount is None else moves(standings, recount.standings)
    now, then = holders(ranking.awards), {} if recount is None else holders(recount.awards)
    titles = {one.award: one.title.in_(lang) for one in ranking.awards}
    rows = []
    for at, standing in enumerate(standings):
        after = standings[at + 1] if at + 1 < len(standings) else None
        kind, edge = _edge(standing, after, standings, seen.words)
        changed = recount is not None and now.get(standing.entry) != then.get(standing.entry)
        change = _change(titles.get(now.get(standing.entry, "")), titles.get(then.get(standing.entry, "")))
        rows.append(_row(
            standing, seen, taken=standing.entry in ranking.taken, edge=edge, edge_kind=kind,
            move=moved.get(standing.entry), change=change if changed else "",
        ))  # fmt: skip
    title = rules.division_title(ranking.division, lang) if ranking.division else ""
    ranked = sum(row.place is not None for row in rows)
    free = sum(row.place is not None and not row.taken for row in rows)
    how = rules.result.ranking if seen.scope.round_rules is None else seen.scope.round_rules.ranking
    lower = not how.higher_wins
    return Table(title, ranking.across, rows, _cuts(ranking.awards, rows, ranked, lang), ranked, free, lower)


def _row(
    standing: Standing, seen: Seen, *, taken: bool, edge: str, edge_kind: str, move: Move | None, change: str
) -> Row:
    scope, words = seen.scope, seen.words
    rules = scope.round_rules
    line = words.lines.get(standing.entry)
    appearance = line.appearance if line is not None else None
    score = None if scope.round is None else scope.outcome.rounds[scope.round.code].scores.get(standing.entry)
    codes = {step.code for step in standing.steps}
    return Row(
        entry=standing.entry, place=standing.place, shown=_place(standing), number=words.number(standing.entry),
        name=appearance.entry.name if appearance else None, unit=appearance.entry.unit if appearance else None,
        division=_division(scope, standing, appearance, words.lang), plot=_plot(standing.entry, score, seen),
        panel="" if score is None or score.panel is None else format(score.panel, "f"),
        adjusted="" if rules is None else _adjusted(rules, score),
        parts=rounds_scores(scope, standing.entry) if scope.round is None else {},
        details=[] if rules is None or score is None else details(rules, score, words.lang),
        score="" if standing.score is None else format(standing.score, "f"), status=_status(standing, line, words.lang),
        tied="tied" in codes, shared="shared" in codes, ruled=_ruled(standing),
        taken=taken, edge=edge, edge_kind=edge_kind, move=move,
        change=change,
    )  # fmt: skip


def _place(standing: Standing) -> str:
    """The place as it is told: with the mean of a shared one where the rules say so."""
    if standing.place is None:
        return "—"
    return str(standing.place) if standing.mean_place is None else format(standing.mean_place.normalize(), "f")


def _ruled(standing: Standing) -> str:
    """What the rules alone say, where a ruling gave the place."""
    if not standing.ruled:
        return ""
    if standing.computed_place is None:
        return str(_("名次由裁定给出；按规则不排名"))
    return str(_("名次由裁定给出；按规则是第 %(place)s 名", place=standing.computed_place))


def details(rules: RoundRules, score: EntryScore, lang: str) -> list[tuple[str, bool]]:
    """What stands in place of a panel's number, and whether it counts: the attempts, or the recorded values."""
    if rules.attempts is not None:
        return [("—" if one.score is None else f"{one.score:f}", one.counted) for one in score.attempts]
    if rules.is_judged:
        return []
    titles = {kind.id: kind.title.in_(lang) for kind in (*rules.adjustments, *rules.measured)}
    recorded = {one.kind: one.value for one in (*score.adjustments, *score.measured)}
    return [(f"{titles.get(kind, kind)} {value:f}", True) for kind, value in recorded.items()]


def _division(scope: Scope, standing: Standing, appearance: Appearance | None, lang: str) -> str | None:
    code = standing.division or (appearance.entry.division if appearance else None)
    return scope.rules.division_title(code, lang) if code else None


def _plot(entry: str, score: EntryScore | None, seen: Seen) -> Plot | None:
    marks = seen.marks.get(entry)
    if not marks or seen.span is None or score is None:
        return None
    rules = seen.scope.round_rules
    value = next((each.mean for each in score.components if each.criterion == seen.measure), None)
    if seen.measure is None and rules is not None and on_own_scale(rules) and str(rules.panel.take) != "sum":
        value = score.panel
    return plot(marks, seen.span, value, seen.words)


def _adjusted(rules: RoundRules, score: EntryScore | None) -> str:
    """What came on or off after the panel: the sum of what is added, then the factors."""
    if score is None or score.score is None:
        return ""
    adding = {kind.id for kind in rules.adjustments if str(kind.apply) == "add"}
    total = sum((one.value for one in score.adjustments if one.kind in adding), Decimal(0))
    parts = [f"{fine(total, rules.places):+f}".replace("-", "−") if total else "0"]
    parts += [f"×{one.value:f}" for one in score.adjustments if one.kind not in adding]
    return " ".join(parts)


def _status(standing: Standing, line: Progress | None, lang: str) -> str:
    if standing.status is None:
        return ""
    if line is not None and not line.out and not line.is_complete:
        return str(_("已评 %(done)s/%(all)s", done=line.submitted, all=line.expected))
    return say_status(standing.status, lang)


def _change(before: str | None, after: str | None) -> str:
    return str(_("%(before)s → %(after)s", before=before or _("无奖"), after=after or _("无奖")))


def _edge(
    standing: Standing, after: Standing | None, standings: Sequence[Standing], words: Words
) -> tuple[str, str]:
    """What lies between a row and the next: a shared place, a broken tie, or so many points."""
    if after is None or after.place is None or standing.score is None or after.score is None:
        return "", ""
    if after.block != standing.block:
        return "block", str(_("以下没有进入下一轮，分数另有尺度，不和上面相比"))
    if after.place == standing.place:
        count = sum(each.place == standing.place for each in standings)
        return "shared", str(_("第 %(place)s 名 %(count)s 人并列，规则不把并列拆开", place=standing.place, count=count))
    if after.score == standing.score:
        args = {"place": after.place, "score": format(after.score, "f"), "how": _how(standing, after, words)}
        return "broken", str(_("第 %(place)s 名同为 %(score)s，%(how)s", **args))
    return "gap", str(_("下一名差 %(gap)s", gap=format(abs(standing.score - after.score), "f")))


def _how(standing: Standing, after: Standing, words: Words) -> str:
    """The comparison that put one entry before another of the same score."""
    label = words.number(after.entry)
    told = [
        step for step in standing.steps if step.code.startswith("by_")
        and any(other[0] in (label, after.entry) for other in step.args.get("others", ()))
    ]  # fmt: skip
    return say(told[-1], words.lang) if told else str(_("已按规则分出先后"))


def percent_of(count: int, ranked: int) -> int:
    """How many of a hundred, half up; the page's script reckons the same."""
    return (200 * count + ranked) // (2 * ranked) if ranked else 0


def _cuts(awards: Sequence[GivenAward], rows: Sequence[Row], ranked: int, lang: str) -> list[Cut]:
    at = {row.entry: place for place, row in enumerate(rows)}
    cuts, end = [], -1
    for level, one in enumerate(awards):
        mine = [at[entry] for entry, _place in one.entries if entry in at]
        end = max([end, *mine])
        cuts.append(Cut(
            one.award, one.title.in_(lang), level, end, len(mine), percent_of(len(mine), ranked),
            rows[end].score if mine else "", story(one.steps, lang),
        ))  # fmt: skip
    return cuts
