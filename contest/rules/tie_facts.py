"""What only a tie-break looks at: the score before its last rounding, the sheets of judges who part tied entries."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from contest.rules.chain import run_chain
from contest.rules.facts import AdjustmentFact, AppearanceFact
from contest.rules.grouping import TIEBREAK, RoundFacts
from contest.rules.numbers import Rounding, RoundingMode
from contest.rules.outcome import SheetScore
from contest.rules.panel import panel_score
from contest.rules.shape import RoundRules
from contest.rules.sheets import Sheet, sheets_for

# A quotient without end is compared with so many decimals that numbers which differ at all differ there.
FINE = Rounding(20, RoundingMode.HALF_EVEN)


def unrounded_score(
    round: RoundRules, sheets: Sequence[Sheet], values: Sequence[AdjustmentFact],
) -> Decimal | None:
    """The score as it is without its last rounding: that of `after`, or of the factor, or of the panel."""
    links, panel = list(round.after), round.panel
    roundings = [at for at, link in enumerate(links) if isinstance(link, Rounding)]
    if roundings:
        del links[roundings[-1]]
    elif panel.factor_rounding is not None:
        panel = replace(panel, factor_rounding=None)
    else:
        panel = replace(panel, rounding=None)
    exact = replace(round, panel=panel, after=tuple(links))
    found = panel_score(exact, list(sheets))
    if found.score is None:
        return None
    score, _, _ = run_chain(exact, exact.after, found.score, values, round.places)
    return FINE.apply(score)


def tiebreak_sheets(round: RoundRules, of: RoundFacts, appearance: AppearanceFact) -> tuple[SheetScore, ...]:
    """The complete sheets of the judges whose role is to break ties, in the order of the panel."""
    sheets, _ = sheets_for(round, of, appearance, role=TIEBREAK)
    return tuple(
        SheetScore(sheet.judge, sheet.seat, sheet.total, None) for sheet in sheets if sheet.total is not None
    )
