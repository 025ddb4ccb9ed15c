"""What was typed into a trial, read: marks, times and values become made-up entries, which the engine then judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from flask_babel import gettext as _

from contest import sampling, trying
from contest.rules import MarkError, RoundRules, Rules
from contest.rules.numbers import plain_number
from contest.sampling import Sample
from contest.trying import Tried
from organizer.rubric_stages import number
from organizer.rubric_trial import Asked, Trial, plain
from organizer.typed import Typed
from web.words import language

MOST_TIMES, MOST_SEED = 20, 1_000_000


def make_trial(rules: Rules, code: str, typed: Typed) -> Trial:
    """The trial of a round with what was typed; inputs that are not there yet get likely marks."""
    base = rules.rounds[code]
    division = typed.values.get("division", "")
    round_ = base.for_division(division or None) if division in base.divisions else base
    judges = sampling.panel_size(round_, _small(typed.values.get("judges", ""), sampling.MOST_JUDGES) or None)
    whole = sampling.sums_up(round_) and typed.values.get("by", "sheet") != "criterion"
    trial = Trial(rules, round_, division, judges, whole, trying.needs_field(round_), typed)
    trial.seed = _small(typed.values.get("seed", ""), MOST_SEED) or 1
    act = typed.values.get("act", "try")
    if act == "random":
        trial.seed = trial.seed % MOST_SEED + 1
        for name in [name for name in typed.values if name.startswith("m-")]:
            del typed.values[name]
    two = act != "one" and _small(typed.values.get("entries", ""), sampling.MOST_FIELD) > 1
    trial.entries = sampling.field_size(round_) if trial.fielded else 2 if two else 1
    trial.absent = [judge for judge in range(1, judges + 1) if typed.values.get(f"x-{judge}")]
    if act == "absent" and judges:
        _one_more_absent(trial)
    _fill_in(trial)
    samples = _samples(trial)
    if act == "tie" and not trial.fielded and samples:
        samples = [samples[0], _tie(trial, samples[0])]
    if samples:
        _compute(trial, samples)
    return trial


def _tie(trial: Trial, first: Sample) -> Sample:
    """A second entry beside the first, written into the inputs."""
    trial.entries = 2
    other = trying.tied_with(trial.rules, trial.round, first, judges=trial.judges, absent=trial.absent)
    for attempt, part in enumerate((other, *other.later), start=1):
        block = trial.attempts + attempt - 1
        _write(trial, block, part, over=True)
        for at in range(len(trial.asked(attempt))):
            trial.typed.values[f"v-{block}-{at}"] = trial.typed.values[f"v-{attempt - 1}-{at}"]
    return replace(other, values=first.values)


def _compute(trial: Trial, samples: Sequence[Sample]) -> None:
    def tried(round_: RoundRules) -> list[Tried]:
        return trying.try_out(trial.rules, round_, samples, judges=trial.judges, absent=trial.absent)

    trial.tried = tried(trial.round)
    score = trial.tried[0].standing.score
    if score is None:
        return
    words: dict[str, str] = {
        "drop_0": _("不去分"), "drop_1": _("去 1 高 1 低"), "drop_2": _("去 2 高 2 低"), "median": _("取中位数"),
    }  # fmt: skip
    for code, other in trying.variants(trial.round, trial.judges - len(trial.absent)):
        found = tried(other)[0].standing.score
        if found is not None:
            trial.compared.append((words[code], found, found - score))


def _samples(trial: Trial) -> list[Sample]:
    """What was typed, as entries; none where something cannot be read, and then the errors say what."""
    samples: list[Sample] = []
    for block, _entry, attempt in trial.blocks:
        marks = {judge: _sheet(trial, block, judge) for judge in range(1, trial.judges + 1)}
        asked = enumerate(trial.asked(attempt))
        part = Sample(marks, tuple(value for at, each in asked for value in _values(trial, block, at, each)))
        if attempt == 1:
            samples.append(part)
        else:
            samples[-1] = replace(samples[-1], later=(*samples[-1].later, part))
    return [] if trial.typed.errors else samples


def _sheet(trial: Trial, block: int, judge: int) -> dict[str, Decimal]:
    marks: dict[str, Decimal] = {}
    for at, cell in enumerate(trial.cells):
        name = trial.name(block, judge, at)
        text = trial.typed.values[name].strip().replace("．", ".").replace("。", ".")
        if not text:
            continue  # A mark that is not there yet.
        try:
            if cell is not None:
                marks[cell.id] = cell.check(text)
            else:
                marks |= sampling.split(trial.round, _number(text))
        except MarkError as error:
            trial.typed.refuse(name, _(
                "第 %(seat)s 席：%(text)s 应为%(expected)s", seat=judge, text=text[:12], expected=error.in_(language())
            ))  # fmt: skip
    return marks


def _number(text: str) -> Decimal:
    value = plain_number(text)
    if value is None:
        raise MarkError("not_a_number", found=text, min=None, max=None, step=None)
    return value


def _values(trial: Trial, entry: int, at: int, asked: Asked) -> list[tuple[str, Decimal]]:
    name, kind = f"v-{entry}-{at}", asked.kind
    text = trial.typed.values[name].strip().replace("−", "-")
    if not text:
        return []
    if asked.how == "clock" and kind.clock is not None:
        seconds = trying.seconds_of(text)
        if seconds is None:
            trial.typed.refuse(name, _("%(what)s：请按 4:06 的样子填写分和秒。", what=asked.label))
            return []
        value = kind.clock.proposed(seconds)
        return [(kind.id, value)] if value else []
    if asked.how == "times":
        times = trial.typed.integer(name, 0, MOST_TIMES)
        return [(kind.id, kind.choices[0])] * (times or 0)
    try:
        return [(kind.id, kind.check(text))]
    except MarkError as error:
        expected = error.in_(language())
        trial.typed.refuse(name, _("%(what)s：应为%(expected)s", what=asked.label, expected=expected))
        return []


def _fill_in(trial: Trial) -> None:
    """Likely marks and values for every input that the page had not yet; a sheet's sum and its marks become each other.
    """
    for block, entry, attempt in trial.blocks:
        sample = sampling.sample_of(trial.round, trial.judges, trial.seed, entry=entry)
        part = (sample, *sample.later)[attempt - 1]
        marks = {judge: _other_way(trial, block, judge) or sheet for judge, sheet in part.marks.items()}
        _write(trial, block, replace(part, marks=marks), over=False)
        made = dict(part.values)
        for at, asked in enumerate(trial.asked(attempt)):
            usual = {"clock": trying.clock_text(asked.kind.clock.limit) if asked.kind.clock else "", "times": "0"}
            value = plain(made.get(asked.kind.id)) or ""
            trial.typed.values.setdefault(f"v-{block}-{at}", usual.get(asked.how, value))


def _other_way(trial: Trial, block: int, judge: int) -> dict[str, Decimal] | None:
    """The marks of a judge as they were typed before the page was switched between sums and criteria."""
    try:
        if not trial.whole:
            typed = trial.typed.values.get(f"m-{block}-{judge}-s", "")
            split = typed and sampling.sums_up(trial.round)
            return dict(sampling.split(trial.round, _number(typed))) if split else None
        cells = [trial.typed.values.get(f"m-{block}-{judge}-{at}", "") for at in range(len(trial.round.criteria))]
        return {each.id: each.check(text) for each, text in zip(trial.round.criteria, cells, strict=True)}
    except MarkError:
        return None


def _write(trial: Trial, block: int, sample: Sample, *, over: bool) -> None:
    for judge, sheet in sample.marks.items():
        for at, cell in enumerate(trial.cells):
            name = trial.name(block, judge, at)
            mark = sheet.get(cell.id) if cell else sum(sheet.values(), Decimal(0)) if sheet else None
            level = cell.level_of(mark) if cell and mark is not None else None
            if over or name not in trial.typed.values:
                text = "" if mark is None else number(mark).replace("−", "-")
                trial.typed.values[name] = level.name if level else text


def _one_more_absent(trial: Trial) -> None:
    """The next judge is away too; when the panel would be empty, everybody is back."""
    here = [judge for judge in range(1, trial.judges + 1) if judge not in trial.absent]
    trial.absent = [] if len(here) <= 1 else sorted([*trial.absent, here[-1]])


def _small(text: str, most: int) -> int:
    """A whole number of a hidden field; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= most else 0
