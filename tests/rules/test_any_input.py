"""Any bytes as a rule file, a table or standings.json: an answer or the one error, never another exception."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import (
    FolderError,
    compute,
    outcome_json,
    read_folder,
    read_rules,
)
from contest.rules.comparing import read_standings
from contest.rules.csvfiles import COLUMNS
from contest.rules.errors import RuleFileError
from tests.rules.making import PROJECT, one_round

MANY = settings(deadline=None, max_examples=300)
RULES = one_round(ties='[ { by = "criterion", criterion = "lecture", of = "all" } ]')
SKATING = PROJECT / "examples" / "skating" / "men-free-skating.toml"

TOML_LIKE = st.lists(
    st.sampled_from(
        [
            "format = 1\n",
            "title = 'x'\n",
            "[criteria.a]\n",
            "[rounds.r]\n",
            "[rounds.r.panel]\n",
            "max = 10\n",
            "step = 1\n",
            "criteria = ['a']\n",
            "take = 'mean'\n",
            "round = { decimals = 2, mode = 'up' }\n",
            "after = [ { floor = 0 } ]\n",
            "tie_break = [ { by = 'marks' } ]\n",
            "[result]\n",
            "overall = true\n",
            "rounds = 3\n",
            "[divisions.x]\n",
            "drop_low = 1\n",
            "of = 'criteria'\n",
            "max = -1e9\n",
            "by_size = { 3 = { drop_high = 1 } }\n",
            "\0",
            "[[rounds]]\n",
            "factors = { a = 2 }\n",
        ]
    ),
    max_size=16,
).map("".join)


@given(
    st.binary(max_size=200)
    | TOML_LIKE.map(str.encode)
    | st.text(max_size=100).map(lambda t: t.encode("utf-8", "surrogatepass"))
)
@MANY
def test_any_bytes_are_rules_or_a_rule_file_error(data: bytes):
    try:
        assert read_rules(data).data == data
    except RuleFileError as error:
        assert len(error.in_("zh").splitlines()) == 1 and len(error.in_("en").splitlines()) == 1


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=3))
@MANY
def test_a_damaged_rule_file_is_rules_or_a_rule_file_error(at: int, damage: bytes):
    data = SKATING.read_bytes()
    at %= len(data)
    try:
        read_rules(data[:at] + damage + data[at + 1 :])
    except RuleFileError as error:
        assert str(error)


CELLS = st.sampled_from(
    [
        "08",
        "12",
        "J1",
        "lecture",
        "mark",
        "9",
        "",
        "-1",
        "NaN",
        "final",
        '"',
        "zero",
        "lot",
        "1",
        "=",
        "\n",
        "\0",
        "1e9",
    ]
)


@given(
    st.sampled_from(sorted(COLUMNS)),
    st.binary(max_size=80)
    | st.lists(st.lists(CELLS, min_size=1, max_size=7).map(",".join), max_size=4).map("\n".join).map(str.encode),
    st.booleans(),
)
@MANY
def test_any_bytes_in_a_folder_are_facts_or_a_folder_error(name: str, data: bytes, with_header: bool):
    files = {
        "entries.csv": b"entry\n08\n12\n",
        "marks.csv": b"entry,judge,mark\n08,J1,9\n",
        "rules.toml": RULES.data,
    }
    header = ",".join(column.name for column in COLUMNS[name]).encode() + b"\n"
    files[name] = header + data if with_header else data
    with TemporaryDirectory() as place:
        for file, content in files.items():
            (Path(place) / file).write_bytes(content)
        try:
            outcome_json(compute(RULES, read_folder(place)))
        except FolderError as error:
            assert len(error.in_("zh").splitlines()) == 1 and len(str(error).splitlines()) == 1


@given(
    st.binary(max_size=100)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["standings", "rounds", "overall", "entry", "place"]), inner, max_size=4)
        ),
        max_leaves=12,
    ).map(lambda value: repr(value).replace("'", '"').replace("None", "null").encode())
)
@MANY
def test_any_bytes_are_standings_or_a_folder_error(data: bytes):
    try:
        read_standings(data)
    except FolderError as error:
        assert str(error)
