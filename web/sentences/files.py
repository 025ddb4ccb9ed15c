"""What is said about what people type, upload and redeem."""

from __future__ import annotations

from flask_babel import gettext as _

from web.sentences.shape import Args, Table, listed


def _text(args: Args) -> str:
    if args["why"] == "empty":
        return str(_("这一项必须填写。"))
    if args["why"] == "unknown_field":
        return str(_("没有 %(found)s 这个栏位，请核对大括号里的名称。", found=args["found"]))
    if args["why"] == "field_missing":
        return str(_("正文里要有 %(found)s。", found=args["found"]))
    if args["why"] == "not_plain":
        return str(_("只能用英文字母、数字和连字符。"))
    if args["why"] == "too_many":
        return str(_("最多 %(most)s 个，您写了 %(found)s 个。", most=args["most"], found=args["found"]))
    return str(_("最多 %(most)s 字，您写了 %(found)s 字。", most=args["most"], found=args["found"]))


def _megabytes(size: object) -> str:
    return f"{int(str(size)) / 1_000_000:.1f} MB"


def _kinds(kinds: object) -> str:
    words: dict[str, str] = {
        "image": _("图片（JPG、PNG、WebP）"), "pdf": "PDF", "slides": _("幻灯片（PPTX）"),
        "document": _("Word 文档（DOCX）"), "spreadsheet": _("Excel 表格（XLSX）"), "video": _("视频（MP4）"),
    }  # fmt: skip
    return listed([words[str(kind)] for kind in kinds] if isinstance(kinds, list) else words[str(kinds)])


def _file(args: Args) -> str:
    why = args["why"]
    if why == "empty":
        return str(_("没有选择文件，或文件是空的。请重新选择。"))
    if why == "too_large":
        size, most = _megabytes(args["size"]), _megabytes(args["most"])
        return str(_("文件 %(size)s，最大 %(most)s。请压缩后再上传。", size=size, most=most))
    if why == "wrong_kind":
        wanted = _kinds(args["wanted"])
        return str(_("文件内容不是%(wanted)s。请换一个文件，只改文件名没有用。", wanted=wanted))
    if why == "too_small":
        pixels = {"found": args["found"], "wanted": args["wanted"]}
        return str(_("照片太小（%(found)s），请上传至少 %(wanted)s", **pixels))
    if why == "too_many_rows":
        return str(_("表格太长，一次最多 %(most)s 行。请分几次导入。", most=args["most"]))
    if why == "too_many_pixels":
        return str(_("图片像素太多，请先缩小再上传。"))
    return str(_("文件已损坏，打不开。请换一个文件。"))


SENTENCES: Table = {
    "text_refused": _text,
    "file_refused": _file,
    "disk_full": lambda a: _("服务器磁盘已满，文件没有保存。请联系工作人员，腾出空间后再上传。"),
    "import_in_use": lambda a: _(
        "这一批里的 %(used)s 已经用到比赛里，不能整批撤销。没有做任何改动。", used=listed(a["used"])
    ),
    "sheet_submitted": lambda a: _(
        "第 %(seat)s 席已经提交了第 %(number)s 号的评分，不能覆盖。要改请由总裁判退回。",
        seat=a["seat"], number=a["number"],
    ),
    "code_expired": lambda a: _("这个码不对、已用过或已过期，请向管理员要一个新的。"),
}
