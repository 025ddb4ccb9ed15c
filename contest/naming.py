"""Texts that people type or paste, made storable: invisible characters out, spaces in order, rare ones untouched."""

from __future__ import annotations

import re
import unicodedata

from contest.errors import TextRefused

# Marks that steer direction, join or break invisibly: they come along when a name is copied and would make two equal
# names differ, or turn a line of a certificate around. Variation selectors stay: they choose a rare character's shape.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
SPACES = re.compile(r"\s+")
# Compatibility ideographs are characters of their own in names (郎 U+F92C is not 郎): normalizing would change them.
NOT_COMPATIBILITY = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")


def clean(text: str) -> str:
    """A line of text without invisible characters, its spaces single, composed (NFC) but for compatibility ideographs.

    `clean(clean(text)) == clean(text)`; what people can see of it stays as they wrote it.
    """
    visible = INVISIBLE.sub("", SPACES.sub(" ", text))
    # Not "Cn" as well: the newest rare characters are unassigned to an older Python.
    visible = "".join(c for c in visible if unicodedata.category(c) not in ("Cc", "Cs"))
    composed = NOT_COMPATIBILITY.sub(lambda part: unicodedata.normalize("NFC", part[0]), visible)
    return SPACES.sub(" ", composed).strip()


def clean_line(text: str, *, field: str, most: int = 200, needed: bool = True) -> str:
    """A cleaned line that fits its column. Raises TextRefused naming `field` where it is empty or too long."""
    cleaned = clean(text)
    if needed and not cleaned:
        raise TextRefused(field=field, why="empty")
    if len(cleaned) > most:
        raise TextRefused(field=field, why="too_long", most=most, found=len(cleaned))
    return cleaned


def clean_paragraphs(text: str, *, field: str, most: int = 5000) -> str:
    """Several lines, each cleaned; at most one empty line in a row. Raises TextRefused where it is too long."""
    lines = [clean(line) for line in text.replace("\r\n", "\n").split("\n")]
    cleaned = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(cleaned) > most:
        raise TextRefused(field=field, why="too_long", most=most, found=len(cleaned))
    return cleaned
