"""What is said about certificates and their printing."""

from __future__ import annotations

from flask_babel import gettext as _

from web.sentences.shape import Table

SENTENCES: Table = {
    "nothing_to_certify": lambda a: _("没有可以签发的奖项。请先封存轮次、颁定奖项。"),
    "certificate_revoked": lambda a: _("这份证书已撤销。请先补发，再更正或打印。"),
    "nothing_to_print": lambda a: _("没有符合条件的证书，没有生成打印文件。"),
    "already_printed": lambda a: _("其中 %(count)s 张已经打印过。请填写重新打印的原因。", count=a["count"]),
}
