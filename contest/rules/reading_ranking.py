"""How scores become places, in a round of a rule file or in its result."""
from __future__ import annotations

from contest.rules.shape_ranking import Better, Order, RankingRules, Shared
from contest.rules.table import Table


def read_ranking(of: Table) -> RankingRules:
    """The table `ranking` of a round or of the result; what it does not say is as without it."""
    table = of.table("ranking", "ranking")
    if table is None:
        return RankingRules()
    return RankingRules(
        table.choice("better", Better, Better.HIGHER) is Better.HIGHER,
        table.choice("shared", Shared, Shared.MIN),
        table.choice("order", Order, Order.SHARED) is Order.FORCED,
    )
