"""The trial beside a round's rules as the page shows it: its inputs, and what the engine made of what was typed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext as _

from contest import sampling, trying
from contest.rules import AdjustmentKind, Criterion, RoundRules, Rules, Step, say, say_status, story
from contest.rules.shape import Apply, PanelOf
from contest.trying import Tried
from organizer.typed import Typed
from web.words import language


@dataclass(frozen=True)
class Asked:
    """An input of the trial for one adjustment kind. `how`: "clock" (m:ss), "times" (of the one choice) or "value"."""

    kind: AdjustmentKind
    how: str
    label: str


@dataclass
class Trial:
    """A trial as the page shows it: the round's own rules, what is asked, what was typed, what came out."""

    rules: Rules
    round: RoundRules
    division: str
    judges: int
    whole: bool
    fielded: bool
    typed: Typed
    seed: int = 1
    entries: int = 1
    absent: list[int] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    compared: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)

    @property
    def may_switch(self) -> bool:
        """Whether marks may be typed as sums or by criterion."""
        return sampling.sums_up(self.round) and len(self.round.criteria) > 1

    @property
    def attempts(self) -> int:
        """How many attempts each entry has."""
        return sampling.attempts_of(self.round)

    @property
    def blocks(self) -> list[tuple[int, int, int]]:
        """The blocks of inputs: (number in names, entry, attempt), one for each attempt of each entry."""
        return [
            (entry * self.attempts + attempt - 1, entry, attempt)
            for entry in range(self.entries) for attempt in range(1, self.attempts + 1)
        ]  # fmt: skip

    @property
    def cells(self) -> tuple[Criterion | None, ...]:
        """What a judge's marks are typed for: each criterion, or the sheet as a whole (None)."""
        return (None,) if self.whole else self.round.criteria

    def name(self, block: int, judge: int, at: int) -> str:
        """The name of the input of a mark: a sheet as a whole has one of its own, so that both are kept."""
        return f"m-{block}-{judge}-{'s' if self.whole else at}"

    def asked(self, attempt: int) -> list[Asked]:
        """The inputs beside the marks of an attempt, in the order of the rules."""
        return [asked_for(kind) for kind in sampling.asked_values(self.round, attempt)]

    @property
    def shape(self) -> str:
        """What the inputs depend on: where it changes, the page needs other inputs."""
        cells = [(each.id, each.title.zh, str(each.max), str(each.step)) if each else () for each in self.cells]
        kinds = [(each.kind.id, each.how, each.label) for each in self.asked(1)]
        whole = (cells, kinds, self.judges, self.entries, self.attempts, self.whole)
        return f"{zlib.crc32(repr(whole).encode()):x}"

    def limits(self, cell: Criterion | None) -> tuple[Decimal, Decimal]:
        """The lowest and the highest mark of an input."""
        return (cell.min, cell.max) if cell else sampling.sheet_limits(self.round)

    def dropped(self, entry: int, attempt: int, judge: int, cell: Criterion | None) -> str:
        """Whether a typed mark is left out: "high", "low" or ""."""
        if entry >= len(self.tried):
            return ""
        score = self.tried[entry].score
        part = next((each for each in score.attempts if each.attempt == attempt), None)
        sheets, components = (part.sheets, part.components) if part else (score.sheets, score.components)
        if self.round.panel.of is PanelOf.SHEETS:
            return next((each.dropped or "" for each in sheets if each.judge == str(judge)), "")
        marks = next((each.marks for each in components if cell and each.criterion == cell.id), ())
        return next((dropped or "" for who, _mark, dropped in marks if who == str(judge)), "")

    def steps(self, entry: int) -> list[tuple[str, str]]:
        """The numbered steps of an entry: what was done, and the number beside it."""
        tried = self.tried[entry]
        rows = []
        marks = trying.counted_marks(self.round, tried.score)
        if len(marks) > 1 and self.attempts == 1:
            rows.append((" + ".join(str(mark) for mark in marks), str(sum(marks, Decimal(0)))))
        for step in self._told(entry):
            if step.code == "score":
                rows += self._in_time(entry)
            shown = step.args.get("value", step.args.get("score", step.args.get("mean")))
            sign = {"deducted": "−", "added": "+"}.get(step.code, "")
            rows.append((say(step, language()), f"{sign}{shown}" if isinstance(shown, Decimal) else ""))
        return rows

    def sentence(self, entry: int, lang: str = "") -> str:
        """The whole result as one sentence."""
        return story(self._told(entry), lang or language())

    def answer(self) -> dict[str, object]:
        """The trial as JSON, of its first entry; decimals as text."""
        if not self.tried:
            return {"errors": self.typed.errors}
        first = self.tried[0]
        return {
            "score": plain(first.standing.score), "status": first.standing.status,
            "story": {lang: self.sentence(0, lang) for lang in ("zh", "en")},
            "steps": [{"text": text, "value": value} for text, value in self.steps(0)],
            "dropped": [
                {"judge": judge, "criterion": cell.id if cell else None, "side": side}
                for judge in range(1, self.judges + 1) for cell in self.cells
                if (side := self.dropped(0, 1, judge, cell))
            ],
            "compared": [
                {"title": title, "score": plain(score), "delta": plain(delta)} for title, score, delta in self.compared
            ],
            "entries": [
                {"place": each.standing.place, "score": plain(each.standing.score), "story": self.sentence(at)}
                for at, each in enumerate(self.tried)
            ],
        }  # fmt: skip

    def status_word(self, entry: int) -> str:
        """Why an entry has no score."""
        status = self.tried[entry].standing.status
        return say_status(status, language()) if status else "—"

    def decided(self, entry: int) -> str:
        """The part of an entry's sentence that speaks of its place: ties and what broke them."""
        steps = self.tried[entry].standing.steps
        tied = [at for at, step in enumerate(steps) if step.code == "tied"]
        return story(steps[tied[0]:], language()) if tied else story(steps[-1:], language())

    def by_place(self) -> list[int]:
        """The entries from the first place to the last, those without one at the end."""
        def place(entry: int) -> tuple[bool, Decimal]:
            found = self.tried[entry].standing.place
            return found is None, Decimal(found or 0)

        return sorted(range(len(self.tried)), key=place)

    @property
    def better(self) -> int:
        """The sign of a difference that is good: 1, or -1 where the lower score wins."""
        return 1 if self.round.ranking.higher_wins else -1

    @staticmethod
    def signed(value: Decimal) -> str:
        """A difference as it is set in type."""
        return f"−{-value}" if value < 0 else f"+{value}" if value > 0 else str(value)

    def left_out(self) -> dict[str, str]:
        """The inputs whose marks are left out, by name: "high", "low"."""
        return {
            self.name(block, judge, at): side
            for block, entry, attempt in self.blocks for judge in range(1, self.judges + 1)
            for at, cell in enumerate(self.cells) if (side := self.dropped(entry, attempt, judge, cell))
        }

    def _in_time(self, entry: int) -> Iterator[tuple[str, str]]:
        """The timed parts that cost nothing: the engine says only what acts on the score."""
        for at, asked in enumerate(self.asked(1)):
            block = entry * self.attempts
            clock, seconds = asked.kind.clock, trying.seconds_of(self.typed.value(f"v-{block}-{at}"))
            if clock is not None and seconds is not None and not clock.proposed(seconds):
                time = trying.clock_text(seconds)
                yield _("%(part)s用时 %(time)s，不扣分", part=clock.title.in_(language()), time=time), "−0"

    def _told(self, entry: int) -> list[Step]:
        """The steps of the entry's place; alone it is always the first, so its place is not told."""
        steps = self.tried[entry].standing.steps
        return [step for step in steps if step.code != "placed"] if len(self.tried) == 1 else list(steps)


def asked_for(kind: AdjustmentKind) -> Asked:
    """How the value of a kind is typed."""
    title = kind.title.in_(language())
    if kind.clock is not None:
        return Asked(kind, "clock", _("%(part)s用时", part=kind.clock.title.in_(language())))
    if len(kind.choices) == 1 and kind.apply is Apply.ADD:
        return Asked(kind, "times", _("%(kind)s（次）", kind=title))
    return Asked(kind, "value", title)


def plain(value: Decimal | None) -> str | None:
    """A decimal as text."""
    return None if value is None else format(value, "f")
