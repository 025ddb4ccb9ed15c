"""A contest folder with everything in it that a day of judging may bring, written as files."""

from __future__ import annotations

from pathlib import Path

RULES = """
format = 1
title = { zh = "难题赛", en = "Awkward contest" }
[criteria.content]
title = "Content"
max = 60
step = 0.5
[criteria.voice]
title = "Voice"
max = 40
step = 0.5
[criteria.live]
title = "Live"
max = 100
step = 0.25
[adjustments.time]
title = "Time"
min = -5
max = 0
[adjustments.quiz]
title = "Quiz"
max = 0
[rounds.preliminary]
title = "Preliminary"
criteria = ["content", "voice"]
after = [{ adjust = ["time"] }]
tie_break = [{ by = "lots" }]
panel = { take = "mean", of = "criteria", missing = "leave_out", round = { decimals = 2, mode = "half_up" } }
[rounds.final]
title = "Final"
criteria = ["live"]
after = [{ adjust = ["time", "quiz"] }]
tie_break = [{ by = "lots" }]
panel = { take = "mean", round = { decimals = 2, mode = "half_up" } }
[result]
rounds = ["preliminary", "final"]
weights = { preliminary = 0.4, final = 0.6 }
round = { decimals = 2, mode = "half_up" }
tie_break = [{ by = "lots" }]
"""

# Two panels in the preliminary; in the final J2 leaves after the second contestant and J2b takes the seat.
JUDGES = """round,panel,judge,seat,from,until
preliminary,A,J1,1,,
preliminary,A,J2,2,,
preliminary,A,J3,3,,
preliminary,B,K1,1,,
preliminary,B,K2,2,,
preliminary,B,K3,3,,
final,A,J1,1,,
final,A,J2,2,,2
final,A,J2b,2,3,
final,A,J3,3,,
"""
APPEARANCES = """round,entry,order,number,panel
preliminary,01,1,1,A
preliminary,02,2,2,A
preliminary,03,3,3,A
preliminary,04,1,101,B
preliminary,05,2,102,B
preliminary,06,3,103,B
final,01,1,1,A
final,02,2,2,A
final,03,3,3,A
final,04,4,4,A
final,05,5,5,A
final,06,6,6,A
"""
# 03 withdraws before the final; J3 does not judge 02 there; 05 is disqualified; 01 and 04 are level and drew lots.
RULINGS = """round,entry,judge,kind,value
final,03,,withdrawn,
final,02,J3,recused,
,05,,disqualified,
final,01,,lot,2
final,04,,lot,1
"""
ADJUSTMENTS = """round,entry,kind,value
preliminary,02,time,-2
final,02,time,-1.5
final,02,quiz,-1
final,04,time,-2.25
"""


def write(folder: Path, *, without: tuple[str, str] | None = None) -> Path:
    """Write the folder. `without` (judge, entry) leaves that mark of the final out, so its panel is incomplete."""
    folder.mkdir(parents=True)
    files = {
        "rules.toml": RULES, "judges.csv": JUDGES, "appearances.csv": APPEARANCES, "rulings.csv": RULINGS,
        "adjustments.csv": ADJUSTMENTS, "entries.csv": "entry,name\n" + "".join(f"0{n},选手{n}\n" for n in range(1, 7)),
        "marks.csv": "round,entry,judge,criterion,mark\n" + "\n".join(_preliminary() + _final(without)) + "\n",
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _preliminary() -> list[str]:
    rows = []
    for panel, entries in (("J", ("01", "02", "03")), ("K", ("04", "05", "06"))):
        for at, entry in enumerate(entries):
            for seat in (1, 2, 3):
                rows.append(f"preliminary,{entry},{panel}{seat},content,{40 + 5 * at + seat}.5")
                # K2 gives 04 no mark for the voice, and J3 gives 01 nothing of that kind either.
                if (panel, seat, entry) not in (("K", 2, "04"), ("J", 3, "01")):
                    rows.append(f"preliminary,{entry},{panel}{seat},voice,{30 + at}")
    return rows


def _final(without: tuple[str, str] | None) -> list[str]:
    given = {
        "01": ("80.25", "81", "82.5"), "02": ("90", "91.5", None), "03": (None, None, None), "04": ("82.5", "83", "85"),
        "05": ("95", "96", "97"), "06": ("70", "0", "75.75"),
    }  # fmt: skip
    rows = []
    for at, (entry, marks) in enumerate(given.items(), start=1):
        judges = ("J1", "J2" if at <= 2 else "J2b", "J3")
        for judge, mark in zip(judges, marks, strict=True):
            if mark is not None and (judge, entry) != without:
                rows.append(f"final,{entry},{judge},live,{mark}")
    return rows
