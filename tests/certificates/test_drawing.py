"""The sheet: every name in the PDF's text, all of it within the frame, the same bytes twice, its QR code as drawn."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import qrcode
from PIL import Image

from certificates import frame, preview, setting
from certificates.drawing import Press
from certificates.setting import Labels, Sheet
from contest import layouts
from contest.wording import Wording
from web import fonts

LABELS = Labels("证书编号：", "防伪码：", "查询：", "扫码验证")
RARE = ("阿依努尔·艾山", "龚𬭎", "㛃䶮", "𠅤喆", "王犇燚")
WORDS = Wording(
    title="荣誉证书", body=layouts.BODY, closing="特发此证，以资鼓励。", issuers=("星河市科学技术协会",),
    issued_on="2026-05-25", note="", names=("沈知遥",), teachers=("闻笛",), work="月球的土，能种菜吗？",
    contest="第八届星河市科普讲解大赛总决赛", award="二等奖", division="公众组",
)  # fmt: skip


def sheet(**changed) -> Sheet:
    code = "ABCDEFGHJKMNPQRS"
    return Sheet(
        wording=replace(WORDS, **changed), number="KPJJ2026-A2-0017", code=code, check_at="192.168.1.10:8000/verify",
        address=f"http://192.168.1.10:8000/verify/{code}", labels=LABELS,
    )  # fmt: skip


def pdf(*sheets: Sheet, seal: Path | None = None) -> bytes:
    file = io.BytesIO()
    press = Press(file, title="证书", author="星河市科学技术协会", seal=seal)
    for each in sheets:
        press.draw(each)
    press.save()
    return file.getvalue()


def text(made: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True)
    return done.stdout.decode()


def forget_fonts():
    for remembered in (fonts.names, fonts._font_of, setting.wide_of):
        remembered.cache_clear()


@pytest.fixture
def without_kai(monkeypatch):
    """A bare machine: only the font that a package carries."""
    monkeypatch.setattr(fonts, "PLACES", ())
    forget_fonts()
    yield
    forget_fonts()


def test_pdftotext_returns_every_text_of_the_sheet():
    found = re.sub(r"\s", "", text(pdf(sheet())))
    for wanted in ("荣誉证书", "沈知遥", "《月球的土，能种菜吗？》", "二等奖", "指导教师：闻笛", "星河市科学技术协会",
                   "2026年5月25日", "KPJJ2026-A2-0017", "ABCD-EFGH-JKMN-PQRS", "扫码验证"):  # fmt: skip
        assert wanted in found


@pytest.mark.parametrize("name", RARE)
def test_rare_names_come_back_as_they_were_written(name):
    assert name in re.sub(r"\s", "", text(pdf(sheet(names=(name,)))))


def test_a_machine_without_the_brush_font_prints_chinese_too(without_kai):
    assert [name for name in fonts.names() if "WenKai" in name] == []
    found = re.sub(r"\s", "", text(pdf(sheet(names=("龚𬭎",)))))
    assert "荣誉证书" in found
    assert "龚𬭎" in found


def test_the_page_is_a_landscape_a4_and_the_fonts_are_embedded(tmp_path):
    file = tmp_path / "one.pdf"
    file.write_bytes(pdf(sheet()))
    info = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "841.89 x 595.28 pts (A4)" in info
    rows = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    embedded = {row.split()[0]: row.split()[-5] for row in rows}
    assert {name: is_in for name, is_in in embedded.items() if is_in != "yes" and "Helvetica" not in name} == {}


def test_the_same_sheets_give_the_same_bytes_and_a_name_changes_them():
    assert pdf(sheet()) == pdf(sheet())
    assert pdf(sheet()) != pdf(sheet(names=("沈知瑶",)))


def test_the_ornament_is_in_the_file_once():
    one, ten = len(pdf(sheet())), len(pdf(*[sheet() for _ in range(10)]))
    assert (ten - one) / 9 < 3_000
    assert pdf(sheet(), sheet()).count(b"/Subtype /Form") == 1


@pytest.mark.parametrize("changed", [
    {}, {"names": RARE}, {"names": ("阿依努尔·艾山",) * 12, "work": "很长的题目" * 8},
    {"work": "一" * 60, "division": "小学中高年级组", "teachers": ("闻笛", "顾清禾", "罗星")},
    {"issuers": ("星河市科学技术协会", "星河市教育局", "星河市科学技术局"),
     "note": "本赛事结果不作为中小学招生入学依据。" * 2},
    {"title": "Certificate of Honour", "body": "{names},\nfor “{title}” at {contest}\n{award}", "closing": "",
     "names": ("Shen Zhiyao",), "contest": "the Eighth Xinghe Contest " * 3},
])  # fmt: skip
def test_every_line_stays_within_the_frame_and_the_body_above_the_code(changed):
    lines = setting.set_sheet(sheet(**changed))
    for line in lines:
        wide = fonts.width(line.text, line.size) + line.space * max(len(line.text) - 1, 0)
        left = line.x - {"left": 0, "center": wide / 2, "right": wide}[line.align]
        assert left > frame.RED, line
        assert left + wide < setting.WIDE - frame.RED, line
        assert frame.RED < line.y < setting.HIGH - frame.RED, line
    body = [line.y for line in setting._body(sheet(**changed).wording)]
    assert min(body) >= setting.BODY_BOTTOM


def test_up_to_three_names_step_down_in_size_and_stay_on_one_line():
    def sizes(count):
        made = setting._body(replace(WORDS, names=("沈知遥", "周以宁", "石北辰")[:count]))
        return {line.size for line in made if line.text in ("沈知遥", "周以宁", "石北辰")}

    assert [sizes(1), sizes(2), sizes(3)] == [{30.0}, {26.0}, {22.0}]


def test_a_name_is_never_broken_at_the_end_of_a_line():
    names = tuple(f"阿依努尔·艾山{n}" for n in "一二三四五六七八")
    texts = [line.text for line in setting._body(replace(WORDS, names=names))]
    assert [name for name in names if not any(name in each for each in texts)] == []


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    for count in range(20, 60):
        words = replace(WORDS, work="字" * count)
        texts = [line.text for line in setting._body(words) if line.align == "left"]
        assert not any(each[0] in fonts.CLOSING or each[-1] in fonts.OPENING for each in texts if len(each) > 1)


def test_the_printed_code_is_the_code_of_the_address_with_its_quiet_zone(tmp_path):
    file = tmp_path / "one.pdf"
    file.write_bytes(pdf(sheet()))
    subprocess.run(["pdftoppm", "-r", "300", "-png", "-gray", file, tmp_path / "page"], check=True)
    with Image.open(next(tmp_path.glob("page*.png"))) as opened:
        page = opened.convert("L")
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=2)
    code.add_data(sheet().address, optimize=0)
    code.make(fit=True)
    modules = code.get_matrix()
    dots = 300 / 72
    step = setting.QR_SIDE / len(modules)
    left, bottom, side = setting.QR_BOX
    x0, top = left + (side - setting.QR_SIDE) / 2, bottom + (side + setting.QR_SIDE) / 2

    def is_dark(row, column):
        x, y = x0 + (column + 0.5) * step, top - (row + 0.5) * step
        return page.getpixel((round(x * dots), round((setting.HIGH - y) * dots))) < 128

    seen = [[is_dark(row, column) for column in range(len(modules))] for row in range(len(modules))]
    assert seen == modules
    zone = [(row, column) for row in range(-4, len(modules) + 4) for column in range(-4, len(modules) + 4)
            if not (0 <= row < len(modules) and 0 <= column < len(modules))]  # fmt: skip
    assert [at for at in zone if is_dark(*at)] == []
    assert setting.QR_SIDE / setting.MM >= 22


def test_the_seal_darkens_what_is_under_it_and_hides_nothing(tmp_path):
    seal = tmp_path / "seal.png"
    Image.new("RGBA", (300, 300), (255, 255, 255, 255)).save(seal)
    plain, stamped = tmp_path / "plain.pdf", tmp_path / "stamped.pdf"
    plain.write_bytes(pdf(sheet()))
    stamped.write_bytes(pdf(sheet(), seal=seal))
    seen = []
    for file in (plain, stamped):
        subprocess.run(["pdftoppm", "-r", "60", "-png", file, file.with_suffix("")], check=True)
        with Image.open(next(tmp_path.glob(f"{file.stem}-*.png"))) as page:
            seen.append(page.convert("L").tobytes())
    assert max(abs(a - b) for a, b in zip(*seen, strict=True)) < 16


def test_the_preview_shows_the_lines_of_the_print_and_escapes_them():
    drawn = preview.svg(sheet(names=("<b>沈</b>",)), frame="/frame.svg", seal=None, label="预览")
    assert "&lt;b&gt;沈&lt;/b&gt;" in drawn
    for line in setting.set_sheet(sheet()):
        assert line.text in preview.svg(sheet(), frame="/frame.svg", seal=None, label="预览")
