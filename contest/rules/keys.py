"""Every key of a rule file, by the table it stands in. The reader refuses all others; docs/rules.md names each."""
from __future__ import annotations

ROUND_PARTS = ("sheet", "review", "criteria", "total", "panel", "families", "after", "attempts", "tie_break", "ranking")

KEYS: dict[str, tuple[str, ...]] = {
    "file": ("format", "title", "divisions", "groups", "criteria", "adjustments", "rounds", "result", "awards"),
    "text": ("zh", "en"),
    "division": ("title",),
    "criterion": (
        "title", "hint", "kind", "min", "max", "step", "bands", "band_step", "band_shares", "band_by", "levels",
        "values", "weight", "group", "zero_if",
    ),
    "group": ("title", "group"),
    "band": ("title", "from", "at"),
    "adjustment": (
        "title", "apply", "min", "max", "step", "choices", "sum_min", "sum_max", "family", "required", "clock",
        "each", "start", "base", "steps", "check_sum", "better",
    ),
    "step": ("from", "value"),
    "clock": ("title", "limit", "under", "over", "value"),
    "round": ("title", *ROUND_PARTS, "carry", "advance", "divisions"),
    "advance": ("to", "top", "share", "rounding", "min_score", "reserve", "ties", "tie_break", "per"),
    "round division": ROUND_PARTS,
    "panel": (
        "size", "of", "drop_high", "drop_low", "take", "round", "min_marks", "missing", "factors", "factor_round",
        "by_size", "middle", "drop_beyond", "merge_extremes", "need",
    ),
    "sheet": ("round", "normalise", "rank", "points", "points_round", "ballot"),
    "normalise": (
        "by", "mean", "sd", "deviation", "round", "min_marks", "fallback", "scope", "withdrawn",
    ),
    "rank": ("ties", "cap", "scope", "withdrawn"),
    "points": ("exponential",),
    "ballot": ("places", "void", "unplaced", "scope"),
    "review": ("spread", "of", "use", "required"),
    "by_size": ("drop_high", "drop_low"),
    "family": ("title", "sum_min", "sum_max"),
    "after": ("adjust", "round", "floor", "ceiling", "times", "plus", "scale"),
    "scale": ("to", "by", "scope", "better", "round"),
    "attempts": ("count", "take", "best_of", "missing", "round", "after"),
    "rounding": ("decimals", "mode"),
    "tie": ("by", "of", "from", "upto", "criterion", "group", "kind", "round", "better"),
    "ranking": ("better", "shared", "order"),
    "result": (
        "rounds", "weights", "take", "best", "missing", "round", "after", "total", "not_advanced", "below", "tie_break",
        "ranking", "overall",
    ),
    "below": ("take",),
    "result after": ("round", "floor", "ceiling"),
    "award": (
        "id", "title", "round", "count", "share", "rounding", "top", "rest", "line", "ratio", "pool", "of", "limit",
        "min_score", "ties", "tie_break", "per",
    ),
}
