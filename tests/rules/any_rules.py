"""Rule files put together at random from the whole grammar.

Written loosely: a few of the files break a rule of the grammar and are thrown away. What keys they cover is tested in
test_any_rules.
"""

import random
from typing import Any

from contest.rules import RuleFileError, Rules, read_rules

DIVISIONS = ("少年", "B")


def some_rules(chance: random.Random) -> Rules | None:
    """Rules of a random file, None where the file breaks the grammar."""
    try:
        return read_rules(some_file(chance).encode())
    except RuleFileError:
        return None


def some_file(chance: random.Random) -> str:
    """A rule file, mostly a valid one."""
    return "".join(f"{key} = {toml(value)}\n" for key, value in _File(chance).written().items())


def toml(value: Any) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(toml(each) for each in value)}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {toml(each)}' for key, each in value.items()) + " }"
    return str(value)


class _File:
    """One rule file while it is put together."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.two = chance.random() < 0.35

    def written(self) -> dict[str, Any]:
        file: dict[str, Any] = {"format": 1, "title": {"zh": "比赛", "en": "Contest"}}
        if self.maybe(0.3):
            file["divisions"] = {code: {"title": code} for code in DIVISIONS}
        self.criteria = self.some_criteria()
        file["criteria"] = self.criteria
        if any("group" in criterion for criterion in self.criteria.values()):
            file["groups"] = {"root": {"title": "Root"}, "leaf": {"title": "Leaf", "group": "root"}}
        self.adjustments = self.some_adjustments()
        file["adjustments"] = self.adjustments
        self.rounds = ["first", "final"] if self.two else ["final"]
        file["rounds"] = {id: self.round(id) for id in self.rounds}
        if self.two:
            file["rounds"]["first"] |= self.some(0.4, advance=self.advance())
            carry = self.one_of({"first": 1}, {"first": 0.5, "round": self.rounding()})
            file["rounds"]["final"] |= self.some(0.3, carry=carry)
        if self.two or self.maybe(0.2):
            file["result"] = self.result()
        if self.maybe(0.4):
            file["awards"] = self.awards()
        return file

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def one_of(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def some(self, share: float, **parts: Any) -> dict[str, Any]:
        """Each of the parts, or not."""
        return {key: value for key, value in parts.items() if self.maybe(share)}

    def rounding(self) -> dict[str, Any]:
        return {"decimals": self.chance.randint(0, 3), "mode": self.one_of("half_up", "half_even", "down", "up")}

    def some_criteria(self) -> dict[str, Any]:
        if self.maybe(0.2):
            return {"place": {"title": "Place", "kind": "rank", "max": 8}}
        low = self.one_of(0, 10)
        found: dict[str, Any] = {
            "talk": {"title": "Talk", "max": 20, "min": low, "step": 0.5} | self.some(
                0.3, hint="Look", weight=self.one_of(0, 0.5, 2), band_step=0.5, group=self.one_of("root", "leaf"),
                zero_if={"zh": "离题", "en": "Off topic"}, bands=self.bands(low),
            ),
        }  # fmt: skip
        if "bands" in found["talk"] and self.maybe(0.3):
            found["talk"] |= {"band_by": "bonus", "bands": self.bands(low, at=(3, 0))}
        elif "bands" in found["talk"] and self.maybe(0.3):
            found["talk"] |= {"band_shares": True, "bands": self.bands(low / 20, top=0.9)}
        if self.maybe(0.1):
            return {"vote": {"title": "Vote", "kind": "pass"}}
        if self.maybe(0.5):
            levels = {"kind": "level", "levels": ["1L", "1H", "2H"]} | self.some(0.5, values=[1, 2.5, 4])
            found["poster"] = {"title": "Poster"} | self.one_of({"max": 10, "step": 1}, levels, {"kind": "pass"})
        return found

    def bands(self, low: float, top: float = 15, at: tuple[int, ...] = ()) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [{"title": "A", "from": top}, {"title": "B", "from": low}]
        return [band | ({"at": at[n]} if at else {}) for n, band in enumerate(found)]

    def some_adjustments(self) -> dict[str, Any]:
        limits = {"min": -2, "max": 0, "step": 0.5}
        clock = {"limit": 60, "value": -2} | self.some(0.5, title="Talk", under=30, over=70)
        return {
            "quiz": {"title": "Quiz"} | limits | self.some(0.4, sum_min=-3, choices=[-1, -2], clock=clock),
            "late": {"title": "Late", "family": "time"} | limits,
            "bonus": {"title": "Bonus", "min": 0, "max": 9, "step": 1} | self.some(0.3, sum_max=3, required=True)
            | self.one_of({}, {}, {"each": 0.5, "start": 2, "base": 1}, {"steps": [{"from": 1, "value": 0.5}]}),
            "whole": {"title": "Whole", "min": 0, "max": 4, "step": 1, "check_sum": ["part"]},
            "part": {"title": "Part", "min": 0, "max": 4, "step": 1} | self.some(0.3, better="lower"),
            "factor": {"title": "Factor", "apply": "multiply", "min": 0.5, "max": 2, "step": 0.5},
        }

    def round(self, id: str) -> dict[str, Any]:
        if self.maybe(0.1):
            return {"title": id, "after": [{"adjust": ["bonus"]}]} | self.some(0.3, tie_break=[{"by": "lots"}])
        found = {"title": id, "criteria": list(self.criteria), "panel": self.panel(), "after": self.chain()}
        found |= self.some(0.6, tie_break=self.ties(id)) | self.some(0.25, ranking=self.ranking())
        found["families"] = {"time": {"title": "Time"} | self.one_of({"sum_min": -1}, {"sum_min": -1, "sum_max": 0})}
        if found["panel"]["take"] == "majority":
            found["after"] = []
        of_sheets = found["panel"].get("of") != "criteria" and found["panel"]["take"] != "majority"
        if self.maybe(0.4) and of_sheets:
            found["sheet"] = self.sheet()
        if self.maybe(0.3) and of_sheets and "rank" not in found.get("sheet", {}) and "place" not in self.criteria:
            uses = self.some(0.5, of=self.one_of("value", "total"), required=True)
            found["review"] = {"spread": 0.5, "use": self.one_of("replace", "mean", "closest_two")} | uses
        if self.maybe(0.2) and "review" not in found and found["panel"]["take"] != "majority":
            found["attempts"] = {
                "count": self.one_of(2, 3), "take": self.one_of("best", "worst", "sum", "mean", "last"),
                "missing": self.one_of("incomplete", "leave_out", "zero"), "round": self.rounding(),
            } | self.some(0.3, best_of=2, after=[{"plus": 1}, {"ceiling": 50}])  # fmt: skip
        if self.maybe(0.05) and "poster" not in self.criteria:
            found["total"] = 20
        if self.maybe(0.2):
            found["divisions"] = {DIVISIONS[0]: self.some(0.5, panel={"drop_low": 0}, tie_break=[], after=[])}
        return found

    def panel(self) -> dict[str, Any]:
        if "place" in self.criteria and self.maybe(0.3):
            return {"take": "majority"} | self.some(0.3, missing="leave_out")
        if "vote" in self.criteria and self.maybe(0.6):
            return {"take": "sum", "need": self.one_of("2/3", 0.5)}
        take = self.one_of("mean", "mean", "sum", "median")
        if self.maybe(0.2):
            ways = self.one_of({"middle": 3}, {"drop_beyond": 1.5}, {"merge_extremes": True})
            return {"take": "mean", "round": self.rounding()} | ways | self.some(0.4, missing="zero")
        found = {"take": take, "round": self.rounding()} | self.some(
            0.3, size=5, drop_high=1, drop_low=1, missing="leave_out", min_marks=self.one_of(2, 3),
        )  # fmt: skip
        if self.maybe(0.15):
            found["by_size"] = {"3": {"drop_high": 0, "drop_low": 0}}
        if self.maybe(0.25):
            found["of"] = "criteria"
            if self.maybe(0.5):
                found |= {"factors": {next(iter(self.criteria)): 1.5}, "factor_round": self.rounding()}
        return found

    def sheet(self) -> dict[str, Any]:
        scope = self.one_of("round", "division", "panel")
        out = self.some(0.3, withdrawn=self.one_of("count", "leave_out")) | {"scope": scope}
        found = self.some(0.3, round=self.rounding())
        if self.maybe(0.5):
            by = self.one_of("mean_shift", "z", "standard", "field", "rank_mean", "linear")
            more = {"deviation": self.one_of("sample", "population"), "min_marks": self.one_of(2, 3)}
            if by == "standard":
                more |= {"mean": 100, "sd": 20}
            fallback = {"fallback": self.one_of("mean_shift", "none")}
            more |= {"by": by, "round": self.rounding()}
            return found | {"normalise": out | more | self.some(0.5, **fallback)}
        found["rank"] = out | self.some(0.4, ties=self.one_of("mean", "min"), cap=3)
        if self.maybe(0.6):
            found |= {"points": self.one_of([5, 3, 1], "borda", "reciprocal", {"exponential": -0.19})}
            found |= {"points_round": self.rounding()}
        if "place" in self.criteria and self.maybe(0.6):
            found["ballot"] = {"places": 2, "unplaced": 0, "scope": scope} | self.some(0.3, void="incomplete")
        return found

    def chain(self) -> list[dict[str, Any]]:
        links: list[dict[str, Any]] = []
        if self.maybe(0.3):
            links += [self.one_of({"adjust": ["factor"]}, {"times": 1.5}), {"round": self.rounding()}]
        names = [name for name in ("quiz", "late", "bonus") if self.maybe(0.6)]
        if names:
            links.append({"adjust": names})
        if self.maybe(0.15):
            links.append({"adjust": ["whole"]})
        if self.maybe(0.15):
            scale = {"to": 50, "round": self.rounding()} | self.some(0.3, better=self.one_of("higher", "lower"))
            links.append({"scale": scale | self.some(0.4, by="best", scope=self.one_of("round", "division"))})
        return links + [each for each in ({"floor": 0}, {"ceiling": 15}, {"plus": 2}) if self.maybe(0.25)]

    def ties(self, own: str | None) -> list[dict[str, Any]]:
        higher = self.some(0.4, better=self.one_of("higher", "lower"))
        said = {"better": self.one_of("higher", "lower")}  # needed where places are compared
        links: list[dict[str, Any]] = [
            {"by": "marks"} | said | self.some(0.5, of=self.one_of("all", "counted")) | {"from": self.one_of(1, 2)},
            {"by": "criterion", "criterion": next(iter(self.criteria))} | higher | self.some(0.3, of="all"),
            {"by": "panel"} | higher,
            {"by": "adjustment", "kind": self.one_of("quiz", "part")} | higher,
            {"by": "penalties"} | self.some(0.5, of=self.one_of("sum", "number")),
            {"by": "median"} | said, {"by": "head_to_head"}, {"by": "tiebreak_judge"} | said,
            {"by": self.one_of("unrounded", "attempt")} | higher,
            {"by": "measured", "kind": "part"} | self.some(0.5, of=self.one_of("best", "other")),
        ]
        if any("group" in criterion for criterion in self.criteria.values()):
            links.append({"by": "group", "group": "root"})
        if self.maybe(0.15):
            links.append(self.one_of({"by": "firsts", "upto": 2}, {"by": "reciprocals"}, {"by": "rank_sum"}))
        chosen = self.chance.sample(links, self.chance.randint(0, 3))
        if own is None:
            chosen = [link | {"round": self.one_of(*self.rounds)} for link in chosen]
        if self.two and self.maybe(0.5):
            other = self.one_of(*(id for id in self.rounds if id != own))
            # The places of a later round cannot part those of an earlier one and the other way round as well.
            by = "round_rank" if own != "first" and self.maybe(0.5) else "score"
            chosen.append({"by": by, "round": other})
        return [*chosen, {"by": "lots"}] if self.maybe(0.6) else chosen

    def advance(self) -> dict[str, Any]:
        size = self.one_of({"top": 2}, {"share": self.one_of(0.5, "1/3"), "rounding": "up"}, {"min_score": 10})
        more = self.some(0.4, reserve=1, per="division", ties=self.one_of("extend", "shrink", "break"))
        if more.get("ties") == "break":
            more["tie_break"] = [{"by": "panel"}, {"by": "lots"}]
        return {"to": "final"} | size | more

    def ranking(self) -> dict[str, Any]:
        return self.some(
            0.6, better=self.one_of("higher", "lower"), shared=self.one_of("min", "mean", "dense"), order="forced",
        )  # fmt: skip

    def result(self) -> dict[str, Any]:
        found: dict[str, Any] = self.some(0.4, overall=True)
        if self.two:
            found |= {"rounds": self.one_of(self.rounds, self.rounds, ["final"])}
        if len(found.get("rounds", [])) > 1:
            found |= self.some(0.5, ranking=self.ranking(), tie_break=self.ties(None)) | {"round": self.rounding()}
            found |= self.some(0.5, weights={"first": 0.4, "final": 0.6})
            found |= self.some(0.3, missing=self.one_of("out", "leave_out", "zero"), after=[{"floor": 1}], total=40)
            found |= self.some(0.4, take=self.one_of("sum", "mean", "best", "last"))
            if found.get("take", "sum") in ("sum", "mean"):
                found |= self.some(0.3, best=1)
        if self.two and self.maybe(0.3):
            found |= {"not_advanced": "first"} | self.some(0.5, below={"take": self.one_of("score", "sheet_sum")})
        return found

    def awards(self) -> list[dict[str, Any]]:
        found = []
        pool = {"pool": 0.5, "rounding": "down"}
        sizes: list[dict[str, Any]] = [
            {"top": 1}, {"line": 12}, {"ratio": 1} | pool, {"ratio": 2} | pool, {"count": 2},
            {"share": self.one_of(0.3, "1/12"), "rounding": "half_up"} | self.some(0.5, of="entries"), {"rest": True},
        ]  # fmt: skip
        for n, size in enumerate(sizes):
            if self.maybe(0.4):
                more = self.some(0.3, per="division", round=self.one_of(*self.rounds), limit=2)
                if "line" not in size:
                    more |= self.some(0.3, min_score=10)
                more |= self.some(0.5, ties=self.one_of("extend", "shrink", "break"))
                if more.get("ties") == "break":
                    more["tie_break"] = [{"by": "panel", "round": self.one_of(*self.rounds)}, {"by": "lots"}]
                found.append({"id": f"a{n}", "title": f"a{n}"} | size | more)
        return found
