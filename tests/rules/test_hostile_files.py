"""Rule files meant to do harm: refused in one line, with the place, and with little work."""

import sys
from contextlib import contextmanager

import pytest

from contest.rules import RuleFileError, read_rules
from tests.rules.test_rule_files import FULL

# Under a second on any machine that runs this at all: a million calls take 0.1 to 0.5 s.
MOST_CALLS = 1_000_000


@contextmanager
def calls_counted():
    """The number of calls of functions, also of those written in C: the work done, whatever else the machine does."""
    calls = [0]

    def count(frame, event, argument):
        calls[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 5_000_000,
        ("format = 1\ntitle = 'x'\n" + "".join(f"[criteria.c{n}]\n" for n in range(10_000))).encode(),
        b"a = " + b"[" * 50_000,
        b"a = " + b"9" * 100_000,
        b"a = 1e" + b"9" * 1000,
        b".".join([b"a"] * 60_000) + b" = 1",
        b"\n".join(b".".join([b"k%d" % n, *[b"a"] * 240]) + b" = 1" for n in range(260)),
        b"\n".join(b".".join([b"k%d" % n, *[b"a"] * 240]) + b" = 1" for n in range(80)),
        b"format = 1\ntitle = 'x'\n[criteria]\n" + b"".join(b"c%d={}\n" % n for n in range(10_000)),
        b"[[a]]\n" * 20_000,
        b"".join(b"[a%d]\n" % n for n in range(14_000)),
        b"a = " + b"{a=" * 30_000,
        b"a = " + b"[0," * 30_000,
        b"a" * 120_000 + b" = 1",
        b'"' + b"\\u0041" * 20_000 + b'" = 1',
        b"x = '" + b"y" * 120_000 + b"'",
        b"a = [" + b"1e9," * 30_000 + b"]",
        b"a = 0x" + b"f" * 120_000,
        b"a = 0." + b"9" * 120_000,
        b"a = 1e-" + b"9" * 1000,
        b"\r" * 100_000,
        b"\xff\xfe",
        b"title = '\xed\xa0\x80'",
        b'title = "\\ud800"',
        b"\x00",
        b"",
    ],
    ids=[
        "5 MB",
        "10,000 criteria",
        "nested",
        "digits",
        "exponent",
        "dotted",
        "many dotted",
        "dotted enough",
        "10,000 short criteria",
        "20,000 tables in a list",
        "14,000 tables",
        "tables in tables",
        "lists in lists",
        "long key",
        "escaped key",
        "long text",
        "long list",
        "hexadecimal",
        "decimals",
        "small exponent",
        "carriage returns",
        "UTF-16",
        "surrogate",
        "escape",
        "NUL",
        "empty",
    ],
)
def test_a_hostile_file_is_refused_in_one_line_and_with_little_work(data):
    with pytest.raises(RuleFileError) as caught, calls_counted() as calls:
        read_rules(data)
    assert calls[0] < MOST_CALLS
    assert len(str(caught.value).splitlines()) == 1 and len(str(caught.value)) < 2000


def test_a_byte_order_mark_is_tolerated_and_a_wrong_byte_named_with_its_line():
    assert read_rules(b"\xef\xbb\xbf" + FULL.encode()).title.zh == "科普讲解大赛决赛"
    with pytest.raises(RuleFileError) as caught:
        read_rules(b"format = 1\ntitle = '\xff'")
    assert str(caught.value) == 'rules.toml: line 2, column 10: found "byte ff", expected text in UTF-8'


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("a = " + "9" * 5000, "line 2, column 5"),
        ("ab = 1e" + "9" * 1000, "line 2, column 6"),
        ("a = -1e-" + "9" * 30, "line 2, column 6"),
        ("a = " + "[" * 9000, "line 2"),
        ("a = " + "{a=" * 9000, "line 2"),
    ],
)
def test_what_breaks_the_reader_itself_is_named_with_its_line(line, where):
    with pytest.raises(RuleFileError) as caught:
        read_rules(f"format = 1\n{line}\nb = [1]\n".encode())
    assert caught.value.key == where
