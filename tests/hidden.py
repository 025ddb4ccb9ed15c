"""A final whose marks are in but not out, each a number that stands nowhere else, and what to look for in an answer."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flask import Flask
from sqlalchemy.orm import Session

from contest import correcting, facts, queries, showing
from contest.ledger import SYSTEM
from contest.models import Contest
from contest.rules import compute
from tests import furnished
from tests.builders import CRITERIA, NOW
from tests.tablets import Tablet, running, sit
from web import live

NOTE = "只写给自己看的一句话"
# Where a picture's lines run is told in numbers too; its titles and texts stay to be looked at.
DRAWN = re.compile(r'\s(?:d|points|x|y|r|cx|cy|x1|x2|y1|y2|transform|width|height|stroke-width|viewBox)="[^"]*"')
STREAMS = ("leaderboard.stream", "leaderboard.screen_stream", "stage.stream", "stage.beside_stream")
ENDINGS = {"a": "7329", "b": "1846", "c": "3571"}


@dataclass
class Hidden:
    """What must not be seen: a text → whose it is: a, b or c for an appearance (`.seat` for a seat), stray, typed.

    `own`: the marks of seat 1. `whole`: the panel's scores and the results of the appearances whose sheets are all in,
    which the desk may show.
    """

    texts: dict[str, str] = field(default_factory=dict)
    whole: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def note(self, marks: Mapping[str, str], whose: str) -> Mapping[str, str]:
        """Keep a sheet's marks and their sum among what must not be seen."""
        total = format(sum(Decimal(mark) for mark in marks.values()), "f")
        for text in (*marks.values(), total):
            self.texts[text] = whose
        if whose.endswith(".1"):
            self.own |= set(marks.values())
        return marks


def hide(app: Flask, values: furnished.Values) -> Hidden:
    """Marks for three contestants: all in (on stage), some in and drafts, all in and withdrawn after its release."""
    hidden = Hidden()
    with app.test_request_context("/"), live.changing(furnished.FINAL) as (db, contest):
        a, b, c = running(db, contest)
        tablets = {seat: sit(db, contest, seat) for seat in range(1, 8)}
        showing.call(db, contest, appearance=c, now=NOW)
        for seat, tablet in tablets.items():
            _submit(tablet, c, hidden.note(marks(seat, ENDINGS["c"]), f"c.{seat}"))
        showing.release(db, contest, appearance=c, by=SYSTEM, now=NOW)
        showing.withdraw_release(db, contest, appearance=c, note="复核", by=SYSTEM, now=NOW)
        for seat in (2, 3, 4):
            _submit(tablets[seat], b, hidden.note(marks(seat, ENDINGS["b"]), f"b.{seat}"))
        tablets[5].save(b, marks=dict(hidden.note(marks(5, ENDINGS["b"]), "b.5")), note=NOTE)
        four = tablets[4].sitting.seat.public_id
        correcting.return_sheet(db, contest, appearance=b, seat=four, reason="填错一行", by=SYSTEM, now=NOW)
        showing.call(db, contest, appearance=a, now=NOW)
        for seat, tablet in tablets.items():
            _submit(tablet, a, hidden.note(marks(seat, ENDINGS["a"]), f"a.{seat}"))
        again = dict(zip(CRITERIA, ("29.59", "19.57", "9.56", "19.58"), strict=True))
        assert tablets[7].submit(a, marks=dict(hidden.note(again, "stray")), note=NOTE)["result"] == "stray"
        for name, appearance in (("a", a), ("c", c)):
            for text in _results(db, contest, appearance.id, appearance.entry.code):
                hidden.whole[text] = name
        values[""]["appearance"] = a.public_id
        values[""]["seat"] = tablets[1].sitting.seat.public_id
    return hidden


def marks(seat: int, endings: str) -> dict[str, str]:
    """A seat's sheet: four marks that no other sheet has."""
    tens = dict(zip(CRITERIA, ("2", "1", "", "1"), strict=True))
    return {name: f"{tens[name]}{seat}.{endings[at]}{seat}" for at, name in enumerate(CRITERIA)}


def seen(text: str, hidden: Mapping[str, str]) -> set[str]:
    """Which hidden numbers stand in a text as numbers of their own."""
    numbers = set(re.findall(r"(?<![\d.])\d+\.\d\d(?![\d])", text))
    return numbers & hidden.keys()


def text_of(data: bytes, kind: str) -> str:
    """An answer's text, whatever its kind: a PDF as it is read, the parts of a workbook or an archive."""
    if kind == "application/pdf" and len(data) > 100:  # A test's upload is no more than its first line.
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
        return done.stdout.decode()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    text = data.decode("utf-8", "replace")
    return DRAWN.sub("", text) if "html" in kind else text


def first_events(parts: Iterator[bytes], count: int = 2) -> str:
    """The first events of a stream."""
    text = ""
    for part in parts:
        text += part.decode() if isinstance(part, bytes) else part
        if text.count("\n\n") >= count:
            break
    return text


def _submit(tablet: Tablet, appearance: object, sheet: Mapping[str, str]) -> None:
    answer = tablet.submit(appearance, marks=dict(sheet), note=NOTE)  # type: ignore[arg-type]
    assert answer["result"] == "submitted", json.dumps(answer, ensure_ascii=False)


def _results(db: Session, contest: Contest, appearance: int, entry: str) -> list[str]:
    rules = queries.rules_of(queries.rule_version(db, contest))
    score = compute(rules, facts.read(db, contest, appearances={appearance})).rounds["final"].scores[entry]
    return [format(value, "f") for value in (score.panel, score.score) if value is not None]
