"""What is printed can be read, copied and searched, rare characters too, also on a machine without Chinese fonts."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys

import pytest
from reportlab.pdfgen.canvas import Canvas

from settings import HERE
from web import fonts

RARE = "㛃䶮𠅤𬭎𫍯𣲗㐂〇"


def text_of(pdf: bytes, tmp_path) -> str:
    """What a reader copies out of a PDF."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext; to run this test: apt install poppler-utils")
    (tmp_path / "page.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


def drawn(*lines: str) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(500, 300), invariant=1)
    for at, line in enumerate(lines):
        fonts.draw(canvas, 40, 250 - 40 * at, line, 20)
    canvas.save()
    return file.getvalue()


def test_a_pdf_gives_back_every_character_it_shows(tmp_path):
    shown = text_of(drawn("龚𬭎 与 阿依努尔·艾山", RARE), tmp_path)
    assert "龚𬭎" in shown
    assert "阿依努尔·艾山" in shown
    assert [c for c in RARE if c not in shown and c not in fonts.missing(RARE)] == []


def test_the_same_page_has_the_same_bytes():
    assert drawn("沈知遥") == drawn("沈知遥")


def test_what_no_font_has_is_named_once_in_its_order():
    assert fonts.missing("沈\U0003fff0知\U0003fff0\U0003fff1 遥") == ["\U0003fff0", "\U0003fff1"]


def test_a_machine_without_a_chinese_font_prints_chinese_with_the_font_a_package_carries():
    script = (
        "from web import fonts; fonts.PLACES = ();"
        "print(fonts.names(), fonts.missing('荣誉证书沈知遥㛃䶮𠅤𬭎'))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=HERE, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "('Lectern-NotoSansSC-Regular',) []"


def test_a_width_is_that_of_what_is_drawn_and_lines_keep_their_closing_marks():
    assert fonts.width("讲台", 20) == pytest.approx(40)
    lines = fonts.wrap("把复杂的科学，讲成人人听得懂的故事。", 10, 65)
    assert "".join(lines) == "把复杂的科学，讲成人人听得懂的故事。"
    assert [line for line in lines if line[0] in "，。"] == []
    assert fonts.wrap("", 10, 65) == [""]
