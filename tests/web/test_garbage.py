"""Whatever anybody sends to any address, it is answered: never by a fault of ours, on no database, for no role."""

from __future__ import annotations

import io
import logging
import random
import re
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from contest.models import Role
from settings import HERE
from tests import builders, furnished
from tests.registration.forms import picture, slides
from tests.web.test_requests import STREAMS, opened, path_of

GARBAGE = (
    "", " ", "x" * 5000, "-1", "0", "2147483648", "9" * 25, "9" * 5000, "1e999", "NaN", "sNaN", "-Infinity", "１２３",
    "٣", "²", "Ⅷ", "1_000", "\ud7ff\ufffe", "\U0010ffff", "a\u0301" * 300, "\u202e", "\x0b\x1f", "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "'\" OR 1=1 --", "\"]\n[x]\ny=\\", "../../etc/passwd", "a\r\nSet-Cookie: x=1",
    "0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31", "2026-02-30", "[]", "null", "nan,nan,nan,nan", "😀" * 300,
    "{0.__class__}", "%s%n", "、，、", "\n" * 3000, "http://[", "//[", "下月", "2月30日", "a.b", ".", "a\x00",
)  # fmt: skip
FILES = (
    (b"", "a.png"), (b"x", "a.xlsx"), (picture(10, 10)[:200], "../../x.jpg"), (b"%PDF-1.4", "a\r\nX: y.pdf"),
    (b"PK\x03\x04junk", "a.xlsx"), (b"<svg onload=alert(1)>", "s.svg"), (slides(), "😀" * 500 + ".pptx"),
    (b"RIFF0000WEBPjunk", "w.webp"), (b"0000ftypisom", "\x00.mp4"), (picture(600, 800), ""),
)  # fmt: skip
JSON = (
    b'{"version": 99999999999999999999, "answers": {"name": "\\ud800\\u0000"}, "base": {}}',
    b'{"version": 1, "answers": {"name": 1}, "base": []}',
    b'{"version": 1, "answers": {"title": "\\ud800"}, "base": {}}',
)  # fmt: skip
NAME = re.compile(r"""(?:form\.get(?:list)?|args\.get|values\.get|typed\.\w+|_number|form\[)\(?["'](\w[\w-]*)["']""")
WRITTEN = re.compile(r"""name="(\w[\w.-]*)\"""")
# What would end the visit, or makes the demo, which this house has not.
LEFT_OUT = re.compile(r"accounts\.logout|accounts\.redeem|leaderboard\.demo_|registration\.(let_go|new_card)")
ROOMS = ("accounts", "audience", "certificates", "judging", "leaderboard", "organizer", "registration", "stage")
SECONDS = 8


@pytest.fixture
def app(tmp_path, database_url) -> Iterator[Flask]:
    made = builders.make_app(tmp_path, database_url=database_url)
    yield made
    made.extensions["lectern_engine"].dispose()


def names() -> list[str]:
    """Every name that a form or an address of ours asks for."""
    found: set[str] = set()
    for part in ROOMS:
        for path in (HERE / part).glob("*.py"):
            found.update(NAME.findall(path.read_text(encoding="utf-8")))
    for path in (HERE / "templates").rglob("*.html"):
        found.update(WRITTEN.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def sent(client: FlaskClient, method: str, path: str, chance: random.Random, fields: dict[str, list[str]]) -> int:
    """Send it as an address, a form, a form with files, or JSON; the status of the answer."""
    if method == "GET":
        answer = client.get(path, query_string=dict(chance.sample(sorted(fields.items()), 40)))
    elif chance.random() < 0.1:
        answer = client.post(path, data=chance.choice(JSON), content_type="application/json")
    else:
        files = {}
        if chance.random() < 0.4:
            data, name = chance.choice(FILES)
            files = {each: FileStorage(io.BytesIO(data), filename=name) for each in ("file", "seal")}
        typed = [(name, value) for name, values in fields.items() for value in values]
        boundary, body = encode_multipart(MultiDict([*typed, *files.items()]))
        answer = client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    with answer:
        return answer.status_code


def test_no_garbage_is_answered_by_a_fault(app, caplog):
    caplog.set_level(logging.CRITICAL)  # A fault is told by its status; what is refused on the way says much.
    house, chance = furnished.furnish(app), random.Random(8211)
    asked, plausible = names(), [value for values in house.values() for value in values.values()]
    plausible += ["1", "2026-05-16T09:00", "2026-05-16", "理由", "on", "first", "two", "publish", "act", "quiz"]
    everybody = furnished.visitor(app, *Role)
    clients = [everybody] * 12 + [furnished.visitor(app, role) for role in Role] + [app.test_client()]
    routes = [
        (method, endpoint, rule) for method in ("GET", "POST") for endpoint, rule in opened(app, method)
        if not STREAMS.search(rule) and not LEFT_OUT.match(endpoint)
    ]  # fmt: skip
    wrong, tried, ends = [], 0, time.monotonic() + SECONDS
    while time.monotonic() < ends:
        chance.shuffle(routes)
        for method, endpoint, rule in routes:
            values = furnished.of(house, endpoint)
            if chance.random() < 0.1:
                values = values | {chance.choice(sorted(values)): "9" * 25}
            dirt = chance.choice((0.02, 0.2, 0.9))
            fields = {
                name: [chance.choice(GARBAGE[:-1] if chance.random() < 0.99 else GARBAGE) if chance.random() < dirt
                       else chance.choice(plausible) for _each in range(1 + (chance.random() < 0.05))]
                for name in asked if chance.random() < 0.95
            }  # fmt: skip
            status = sent(chance.choice(clients), method, path_of(endpoint, rule, values), chance, fields)
            tried += 1
            if status >= 500:
                wrong.append((method, endpoint, status))
    assert wrong == []
    assert tried >= len(routes)
