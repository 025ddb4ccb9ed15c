"""The rules of the house that no tool checks: sizes, names, words, settings, dependencies, plain pages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from settings import HERE, Settings

PROJECT = Path(__file__).resolve().parent.parent
NOT_OURS = {"instance", "node_modules", "test-results", "__pycache__"}
MOST_LINES = 300
# Names that say nothing about what a file holds.
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "core", "manager", "managers", "service", "services"}
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# A recount must give the same result on every machine and at every time.
IMPURE = {"asyncio", "ctypes", "http", "multiprocessing", "random", "secrets", "socket", "sqlite3", "subprocess",
          "threading", "time", "urllib", "uuid"}


def ours(*endings: str) -> list[Path]:
    """Every file of the project with one of these endings, as paths from its root."""
    found = (path.relative_to(PROJECT) for ending in endings for path in PROJECT.rglob(f"*{ending}"))
    return sorted(path for path in found if not any(part in NOT_OURS or part.startswith(".") for part in path.parts))


def text(path: Path) -> str:
    """A file's text."""
    return (PROJECT / path).read_text(encoding="utf-8")


def templates() -> list[Path]:
    """The pages."""
    return [path for path in ours(".html") if path.parts[0] == "templates"]


def test_no_file_is_longer_than_300_lines():
    lengths = {str(path): len(text(path).splitlines()) for path in ours(".py", ".js", ".css", ".html")}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_file_or_folder_has_a_name_that_says_nothing():
    named = [str(path) for path in ours(".py", ".js", ".css", ".html") if {Path(part).stem for part in path.parts}
             & EMPTY_NAMES]
    assert named == []


def test_every_module_opens_with_its_purpose():
    silent = [str(path) for path in ours(".py")
              if (tree := ast.parse(text(path))).body and ast.get_docstring(tree) is None]
    assert silent == []


def test_the_rules_import_only_the_standard_library_and_nothing_of_chance_clock_or_network():
    foreign = []
    for path in ours(".py"):
        if path.parts[:2] != ("contest", "rules"):
            continue
        for node in ast.walk(ast.parse(text(path))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                inside = name == "contest.rules" or name.startswith("contest.rules.")
                if not inside and (top not in sys.stdlib_module_names or top in IMPURE):
                    foreign.append(f"{path}:{node.lineno} imports {name}")
    assert foreign == []


def test_every_package_takes_part_in_the_import_contracts():
    listed = tomllib.loads(text(Path("pyproject.toml")))["tool"]["importlinter"]["root_packages"]
    packages = {path.parts[0] for path in ours("__init__.py") if len(path.parts) == 2}
    assert sorted(listed) == sorted(packages - {"tests", "bench", "migrations"})


def test_every_setting_is_documented_with_its_default_and_meaning():
    defaults = {True: "1", False: "0", "": "empty", None: "empty"}
    rows = [f"| `CONTEST_{field.name.upper()}` | {defaults.get(field.default, field.default)} | "
            f"{field.metadata['meaning']} |".replace(f"{HERE}/", "") for field in fields(Settings)]
    page = text(Path("docs/settings.md")).splitlines()
    assert [row for row in rows if row not in page] == []


@pytest.mark.parametrize("heading, file", [("Runtime", "requirements.txt"), ("Fonts", "requirements-fonts.txt"),
                                           ("Tests and checks", "requirements-dev.txt")])
def test_every_requirement_is_pinned_and_has_its_reason(heading, file):
    lines = [line for line in text(Path(file)).splitlines() if line and not line.startswith(("#", "-r "))]
    pins = [re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==[0-9][0-9a-z.]*", line) for line in lines]
    assert [line for line, pin in zip(lines, pins, strict=True) if pin is None] == []
    section = text(Path("docs/dependencies.md")).split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| ([\w.-]+) \| (.+) \|$", section, re.MULTILINE))
    del rows["package"]
    assert sorted(rows, key=str.lower) == sorted((pin[1] for pin in pins if pin), key=str.lower)


def test_pages_carry_no_inline_script_or_style_and_nothing_from_another_host():
    refused = {
        "a style attribute": r"<[^>]*\sstyle\s*=",
        "a style block": r"<style\b",
        "an event handler": r"<[^>]*\son[a-z]+\s*=\s*[\"']",
        "a script block": r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>",
        "something from another host": r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//",
    }
    found = [f"{path}: {what}" for path in templates() for what, pattern in refused.items()
             if re.search(pattern, without_jinja(text(path)), re.IGNORECASE)]
    assert found == []


def without_jinja(page: str) -> str:
    """A template with everything that Jinja replaces taken out, so that what is left is sent as it stands."""
    return re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", page, flags=re.DOTALL)


def test_every_text_of_a_page_goes_through_translation():
    bare = [f"{path}: {line.strip()}" for path in templates() for line in without_jinja(text(path)).splitlines()
            if CHINESE.search(line)]
    assert bare == []


def test_scripts_carry_no_words_of_their_own():
    comment, quoted = r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`"
    bare = [f"{path}: {words}" for path in ours(".js")
            for words in re.findall(quoted, re.sub(comment, "", text(path), flags=re.DOTALL)) if CHINESE.search(words)]
    assert bare == []


def catalogue(path: Path) -> Catalog:
    """A gettext file, read."""
    with path.open("rb") as file:
        return read_po(file)


def forms(value: str | list[str] | tuple[str, ...]) -> list[str]:
    """The one text of a message, or its plural forms."""
    return [value] if isinstance(value, str) else list(value)


def placeholders(words: str) -> set[str]:
    """The named python-format placeholders of a text."""
    return set(re.findall(r"%\((\w+)\)[sd]", words))


@pytest.fixture(scope="module")
def spoken(tmp_path_factory) -> list[Message]:
    """Every text that the code and the templates show, extracted as `make messages` does."""
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    done = subprocess.run([Path(sys.executable).parent / "pybabel", "-q", "extract", "-F", "babel.cfg",
                           "-k", "lazy_gettext", "-o", file, "."], cwd=PROJECT, capture_output=True, text=True,
                          check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [message for message in catalogue(file) if message.id]


def test_every_text_has_its_english(spoken):
    english = catalogue(PROJECT / "translations/en/LC_MESSAGES/messages.po")
    missing = [message.id for message in spoken
               if (said := english.get(message.id)) is None or said.fuzzy or not all(forms(said.string))]
    assert not missing, "without English:\n" + "\n".join(map(str, missing))


def test_translations_keep_their_placeholders():
    english = catalogue(PROJECT / "translations/en/LC_MESSAGES/messages.po")
    broken = []
    for message in english:
        given = set().union(*(placeholders(form) for form in forms(message.id)))
        for said in filter(None, forms(message.string)):
            # A plural's form for one may leave its number out: "one judge".
            kept = placeholders(said) <= given if message.pluralizable else placeholders(said) == given
            if not kept:
                broken.append((message.id, said))
    assert broken == []


def test_make_alone_lists_every_target():
    makefile = text(Path("Makefile"))
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) - {"help"}
    shown = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[0] for line in shown.splitlines() if line.startswith("  ")} == phony
