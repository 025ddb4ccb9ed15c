"""A contest folder as a .zip, and the recount as one file: the same answer, and any bytes are an answer or one line."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rules import FolderError, compute, outcome_json, read_folder, read_rules
from contest.rules.program import NAME, program
from contest.rules.sources import NAMES, Zip, open_source, zip_bytes
from contest.rules.writing import folder_files
from tests.rules.making import PROJECT
from tests.rules.test_command import recount

LECTURE = PROJECT / "examples" / "lecture-final"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The example contest with its standings."""
    rules = read_rules((LECTURE / "rules.toml").read_bytes())
    facts = read_folder(LECTURE, rules)
    return folder_files(facts, rules.data, outcome_json(compute(rules, facts)))


def written(folder: Path, data: bytes) -> str:
    (folder / "b.zip").write_bytes(data)
    return str(folder / "b.zip")


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_a_zip_is_recounted_as_its_folder(files, tmp_path):
    code, out, err = recount(written(tmp_path, zip_bytes(files)))
    assert (code, err) == (0, "") and out.endswith("与 standings.json 一致\n")
    assert out.splitlines()[:-1] == recount(str(LECTURE))[1].splitlines()[:len(out.splitlines()) - 1]


def test_a_zip_somebody_packed_again_is_read_too(files, tmp_path):
    inside = {f"xinghe/{name}": data for name, data in files.items()}
    more = {"__MACOSX/xinghe/._marks.csv": b"x", "xinghe/README.txt": b"x", "xinghe/": b""}
    assert recount(written(tmp_path, packed(inside | more)))[0] == 0


def test_the_same_files_are_the_same_bytes(files):
    assert zip_bytes(files) == zip_bytes(dict(files))
    assert zipfile.ZipFile(io.BytesIO(zip_bytes(files))).getinfo("marks.csv").date_time == (1980, 1, 1, 0, 0, 0)


def test_an_altered_mark_is_found(files, tmp_path):
    marks = files["marks.csv"].decode().splitlines()
    row = marks[1].split(",")
    row[-1] = "1.00"
    altered = files | {"marks.csv": "\n".join([marks[0], ",".join(row), *marks[2:]]).encode()}
    code, _, err = recount(written(tmp_path, zip_bytes(altered)), "--lang", "en")
    assert code == 2 and err.startswith("differs from standings.json: standings, ") and len(err.splitlines()) == 1


@pytest.mark.parametrize("name", ["../marks.csv", "/etc/passwd", "a/../../marks.csv", "..\\marks.csv", "C:marks.csv"])
def test_a_name_that_leads_out_of_the_zip_is_refused(files, tmp_path, name):
    code, out, err = recount(written(tmp_path, packed(files | {name: b"entry,judge,mark\n"})))
    assert (code, out) == (1, "") and "文件名不指向别处" in err and len(err.splitlines()) == 1


def test_two_files_of_one_name_are_refused(files, tmp_path):
    twice = {f"{place}{name}": data for place in ("", "copy/") for name, data in files.items()}
    code, _, err = recount(written(tmp_path, packed(twice)))
    assert code == 1 and len(err.splitlines()) == 1 and "只有一份" in err


def test_a_mountain_is_not_unpacked(files, tmp_path):
    huge = packed(files | {"members.csv": b"entry\n" + b" " * (65 * 1024 * 1024)})
    assert len(huge) < 200_000
    code, _, err = recount(written(tmp_path, huge))
    assert code == 1 and err == 'members.csv：发现 "> 65536 KB"，应为：不超过 65536 KB 的文件\n'


def test_too_many_files_an_odd_packing_and_a_lie_about_the_size_are_one_line(files, tmp_path):
    many = packed({f"x{number}": b"" for number in range(1001)} | files)
    odd = packed(files, zipfile.ZIP_LZMA)
    lie = bytearray(packed(files))
    at = lie.index(b"PK\x01\x02")
    lie[at + 24:at + 28] = struct.pack("<I", 3)
    locked = bytearray(packed(files))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    for data in (many, odd, bytes(lie), bytes(locked), b"", b"PK", packed({})):
        code, out, err = recount(written(tmp_path, data))
        assert (code, out, len(err.splitlines())) == (1, "", 1), err


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_bytes_are_a_zip_or_one_error(files, data):
    whole = bytearray(zip_bytes(files) if data.draw(st.booleans()) else packed(files))
    # The directory at the end says where everything is, so it is hit most often.
    for at in data.draw(st.lists(st.integers(1, 1500) | st.integers(1, len(whole)), min_size=1, max_size=6)):
        whole[-min(at, len(whole))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
    try:
        opened = Zip(bytes(whole[:cut]), "b.zip")
        for name in NAMES:
            opened.read(name)
    except FolderError as error:
        assert len(error.in_("zh").splitlines()) == 1


def test_a_folder_that_is_no_folder_and_a_file_that_is_no_zip_are_said(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    for path in (tmp_path / "x.txt", tmp_path / "none"):
        with pytest.raises(FolderError, match=r"a contest folder, or a \.zip of one"):
            open_source(path)


@pytest.fixture(scope="module")
def tool(tmp_path_factory) -> Path:
    """The recount program where nothing else of the project is."""
    place = tmp_path_factory.mktemp("elsewhere")
    (place / NAME).write_bytes(program())
    return place / NAME


def alone(tool: Path, *arguments: str) -> tuple[int, str, str]:
    called = [sys.executable, "-I", str(tool), *arguments]
    done = subprocess.run(called, cwd=tool.parent, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_program_alone_says_what_the_package_says(tool, files, tmp_path):
    bundle = written(tmp_path, zip_bytes(files))
    for more in ([], ["--lang", "en"], ["--json"]):
        assert alone(tool, bundle, *more) == recount(bundle, *more)
    assert alone(tool, bundle)[0] == 0
    code, out, err = alone(tool)
    assert (code, out) == (1, "") and "用法：python lectern-recount.pyz FOLDER|BUNDLE.zip" in err


def test_the_program_is_the_same_bytes_every_time_and_holds_the_package_alone():
    program.cache_clear()
    first = program()
    program.cache_clear()
    assert program() == first and first.startswith(b"#!/usr/bin/env python3\nPK")
    names = zipfile.ZipFile(io.BytesIO(first)).namelist()
    assert {"__main__.py", "contest/rules/words/zh.toml", "contest/rules/presets/lecture-final.toml"} <= set(names)
    ours = ("__main__.py", "contest/__init__.py", "contest/rules/")
    assert [name for name in names if not name.startswith(ours)] == []


def test_an_old_python_is_told_what_it_lacks(tmp_path):
    from contest.rules.program import MAIN
    source = MAIN.decode().replace("(3, 11)", "(99, 0)")
    done = subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "needs Python 3.11 or newer" in done.stderr and "Traceback" not in done.stderr
