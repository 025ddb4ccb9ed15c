"""The attempts of a round, as a rule file writes them: how many, which count, what happens to them together."""
from __future__ import annotations

from collections.abc import Mapping

from contest.rules.reading_chain import kinds_in, read_chain
from contest.rules.shape import AdjustmentKind
from contest.rules.shape_attempts import AttemptsRule, AttemptsTake, MissingAttempt
from contest.rules.shape_chain import last_rounding
from contest.rules.table import Table

MAX_ATTEMPTS = 20


def read_attempts(
    round: Table, kinds: Mapping[str, AdjustmentKind], used: set[str], places: int,
) -> AttemptsRule | None:
    """The table `attempts` of a round, None where it has one attempt. `used` acts already on each attempt."""
    table = round.table("attempts", "attempts")
    if table is None:
        return None
    count = table.needed_integer("count", 2, MAX_ATTEMPTS)
    take = table.choice("take", AttemptsTake, None)
    best_of = table.needed_integer("best_of", 1, count) if "best_of" in table.data else None
    if best_of is not None and take not in (AttemptsTake.SUM, AttemptsTake.MEAN):
        table.fail("best_of", best_of, "only_of_sums")
    rounding = table.rounding("round")
    if take is AttemptsTake.MEAN and rounding is None:
        table.fail("round", None, "rounding_needed")
    missing = table.choice("missing", MissingAttempt, MissingAttempt.INCOMPLETE)
    after = read_chain(table, kinds, used)
    for kind in kinds_in(after, kinds):
        if kind.check_sum:
            table.fail("after", kind.id, "only_per_attempt")
    return AttemptsRule(count, take, best_of, missing, rounding, after, kinds_in(after, kinds), places)


def places_after(rule: AttemptsRule | None, before: int) -> int:
    """The decimals of the round's score: of the last rounding of the attempts, else of a single attempt."""
    if rule is None:
        return before
    last = last_rounding(rule.after) or rule.rounding
    return before if last is None else last.decimals
