"""What a seat's state tells its tablet."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from contest.models import Sitting
from contest.rules import AppearanceFact, EntryFact, Facts, SittingFact
from contest.seating import sit_down
from judging import queries
from tests import builders
from web.db import writing

RULES = """
format = 1
title = "讲解大赛"
[divisions."少年组"]
title = "少年组"
[criteria.talk]
title = "讲解"
max = 60
step = 1
[criteria.quiz]
title = "问答"
max = 40
step = 1
[criteria.story]
title = "故事"
max = 100
step = 5
[rounds.final]
title = "决赛"
criteria = ["talk", "quiz"]
[rounds.final.panel]
take = "mean"
round = { decimals = 2, mode = "half_up" }
[rounds.final.divisions."少年组"]
criteria = ["story"]
""".encode()

FACTS = Facts(
    entries=(EntryFact("01"), EntryFact("02", "少年组"), EntryFact("03")),
    appearances=tuple(AppearanceFact("final", code, at) for at, code in enumerate(("01", "02", "03"), start=1)),
    sittings=(SittingFact("final", None, "J1"),),
)


def test_a_division_with_criteria_of_its_own_is_a_part_of_the_round_of_its_own(app: Flask) -> None:
    with app.app_context(), writing() as db:
        contest = builders.add_contest(db, facts=FACTS, rules=RULES)
        sitting = db.scalars(select(Sitting)).one()
        lease = sit_down(
            db, contest, seat=sitting.seat, generation=1, sitting=sitting, device="tablet", now=builders.NOW
        ).lease
        parts = queries.state(db, lease)["rounds"]
        assert isinstance(parts, list)
        assert [
            (part["code"], part["division"], [each["id"] for each in part["criteria"]], part["total"],
             [each["entry"] for each in part["appearances"]])
            for part in parts
        ] == [
            ("final", None, ["talk", "quiz"], {"max": "100"}, ["01", "03"]),
            ("final", "少年组", ["story"], {"max": "100"}, ["02"]),
        ]  # fmt: skip


KINDS = """
format = 1
title = "展评"
[criteria.thought]
title = "思维"
kind = "level"
levels = ["L", "M", "H"]
weight = 2
[criteria.logbook]
title = "记录"
kind = "pass"
[adjustments.runs]
title = "任务"
required = true
[rounds.final]
title = "答辩"
criteria = ["thought", "logbook"]
panel = { take = "mean", round = { decimals = 2, mode = "half_up" } }
[rounds.robot]
title = "任务赛"
after = [ { adjust = ["runs"] } ]
[result]
rounds = ["final"]
""".encode()


def test_levels_come_as_buttons_and_a_measured_round_is_on_no_pad(app: Flask) -> None:
    facts = Facts(
        entries=(EntryFact("01"),),
        appearances=(AppearanceFact("final", "01", 1), AppearanceFact("robot", "01", 1)),
        sittings=(SittingFact(None, None, "J1"),),
    )
    with app.app_context(), writing() as db:
        contest = builders.add_contest(db, facts=facts, rules=KINDS)
        sitting = db.scalars(select(Sitting)).one()
        lease = sit_down(
            db, contest, seat=sitting.seat, generation=1, sitting=sitting, device="tablet", now=builders.NOW
        ).lease
        parts = queries.state(db, lease)["rounds"]
        assert isinstance(parts, list)
        assert [(part["code"], part["total"]) for part in parts] == [("final", {"max": "7"})]
        thought, logbook = parts[0]["criteria"]
        assert (thought["kind"], thought["weight"], logbook["kind"]) == ("level", "2", "pass")
        assert [(band["title"]["zh"], band["low"], band["high"]) for band in thought["bands"]] == [
            ("H", "3", "3"), ("M", "2", "2"), ("L", "1", "1"),
        ]  # fmt: skip
        assert [band["title"]["en"] for band in logbook["bands"]] == ["Pass", "Fail"]
