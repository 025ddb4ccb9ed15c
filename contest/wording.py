"""What a certificate says, fixed when it is issued: a template, its fields and the lines they make. Pure text."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

FIELDS = ("names", "title", "contest", "award", "teachers", "division", "unit")
NEEDED = ("names", "award")
FIELD = re.compile(r"\{([^{}\s]*)\}")
# A pair of brackets around a field that is empty goes with it: （{division}）, 《{title}》.
BRACKETED = re.compile(r"[（(《「]\{([^{}\s]*)\}[）)》」]")
BETWEEN_NAMES = re.compile(r"[、，,;；/]")
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Wording:
    """Every text of a certificate. `names` and `teachers` are lists of whole names; `issued_on` is an ISO date."""

    title: str
    body: str
    closing: str
    issuers: tuple[str, ...]
    issued_on: str
    note: str
    names: tuple[str, ...]
    teachers: tuple[str, ...]
    work: str
    contest: str
    award: str
    division: str = ""
    unit: str = ""

    @property
    def is_english(self) -> bool:
        """Whether its own text has no Chinese, so that the fixed words beside it are English too."""
        return not CHINESE.search(self.title + self.body)

    @property
    def date(self) -> date:
        """The day it is dated."""
        return date.fromisoformat(self.issued_on)

    def stored(self) -> str:
        """As JSON, the same text for the same wording."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph; a whole name is never broken at a line's end."""

    text: str
    is_name: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A line of the template with its fields filled in. `kind`: "salutation", "body" or "award"."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Its words in one string."""
        return "".join(piece.text for piece in self.pieces)


def read(stored: str) -> Wording:
    """A wording from its JSON."""
    values = json.loads(stored)
    known = {field.name for field in fields(Wording)}
    lists = {name: tuple(values[name]) for name in ("issuers", "names", "teachers")}
    return Wording(**{name: value for name, value in values.items() if name in known} | lists)


def split_names(text: str | None) -> tuple[str, ...]:
    """Names written in one line, apart: 张小明、阿依努尔·艾山."""
    return tuple(name for part in BETWEEN_NAMES.split(text or "") if (name := part.strip()))


def unknown_fields(template: str) -> list[str]:
    """The fields in braces that no certificate has, as they are written."""
    return [f"{{{name}}}" for name in FIELD.findall(template) if name not in FIELDS]


def missing_fields(template: str) -> list[str]:
    """The fields without which a certificate says nothing."""
    return [f"{{{name}}}" for name in NEEDED if f"{{{name}}}" not in template]


def all_text(wording: Wording) -> str:
    """Every character that is printed, to look for those that no font has."""
    lines = [paragraph.text for paragraph in paragraphs(wording)]
    return "".join([wording.title, *lines, *wording.issuers, wording.note])


def paragraphs(wording: Wording) -> list[Paragraph]:
    """The template's lines with fields filled in; a line whose fields are all empty is left out.

    The closing words stand behind the last line where that follows the award, else in a line of their own.
    """
    found = []
    for line in filter(None, (line.strip() for line in wording.body.splitlines())):
        names = FIELD.findall(line)
        if names and not any(_value(wording, name) for name in names):
            continue
        if line == "{award}":
            found.append(Paragraph("award", (Piece(wording.award),)))
            continue
        kind = "salutation" if not found and line.endswith(("：", ":", "，", ",")) else "body"
        found.append(Paragraph(kind, tuple(_filled(wording, line))))
    if not wording.closing:
        return found
    last = found[-1] if found else None
    if last is not None and last.kind == "body" and any(each.kind == "award" for each in found):
        gap = " " if wording.is_english else "\u3000\u3000"
        return [*found[:-1], replace(last, pieces=(*last.pieces, Piece(gap + wording.closing)))]
    return [*found, Paragraph("body", (Piece(wording.closing),))]


def _value(wording: Wording, name: str) -> tuple[str, ...]:
    """A field's texts: one for a plain field, each name for a list of names."""
    listed = {"names": wording.names, "teachers": wording.teachers}
    if name in listed:
        return listed[name]
    text = wording.work if name == "title" else str(getattr(wording, name, ""))
    return (text,) if text else ()


def _filled(wording: Wording, line: str) -> list[Piece]:
    line = BRACKETED.sub(lambda found: found[0] if _value(wording, found[1]) else "", line)
    comma = ", " if wording.is_english else "、"
    pieces: list[Piece] = []
    at = 0
    for found in FIELD.finditer(line):
        pieces.append(Piece(line[at : found.start()]))
        at = found.end()
        is_name = found[1] in ("names", "teachers")
        for number, value in enumerate(_value(wording, found[1])):
            if number:
                pieces.append(Piece(comma))
            pieces.append(Piece(value, is_name))
    pieces.append(Piece(line[at:]))
    return [piece for piece in pieces if piece.text]
