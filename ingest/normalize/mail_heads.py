"""The head of a mail that was pasted or saved as text: `From:`, `Sent:`, `Subject:` in many languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.model import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = {
    "author": "from von de da van od fra från от від kimden από من 发件人 寄件者 差出人",
    "published": "sent date gesendet datum envoyé enviado enviada fecha data inviato verzonden wysłano"
    " skickat sendt отправлено дата надіслано gönderildi gönderilme tarih ημερομηνία στάλθηκε"
    " تاريخ التاريخ تم_الإرسال 发送时间 發送時間 日期 寄件日期 送信日時 日付 日時",
    "to": "to an à para a aan do till til кому kime προς إلى 收件人 宛先",
    "cc": "cc kopie copie copia cópia dw kopia копия bilgi نسخة 抄送 副本",
    "title": "subject betreff objet asunto assunto oggetto onderwerp temat ämne emne тема konu θέμα"
    " الموضوع 主题 主旨 件名",
}
MEANING = {label.replace("_", " "): name for name, labels in LABELS.items() for label in labels.split()}
LINE = re.compile(r"([^\W\d_]+(?: [^\W\d_]+)?)\s?[:：]\s*(.*)")
ADDRESS = re.compile(r"\s*(?:<[^<>]*@[^<>]*>|\[mailto:[^\[\]]*\])")
LEAST, MOST = 3, 8


def read_mail_head(paragraphs: Sequence[str]) -> tuple[list[Field], int]:
    """Return what the lines above a mail state and how many they are; none where it is no mail.

    Three are wanted, with the sender and the subject or the date among them.
    """
    stated: dict[str, str] = {}
    lines = 0
    for paragraph in paragraphs[:MOST]:
        match = LINE.fullmatch(paragraph)
        meaning = MEANING.get(match[1].lower()) if match else None
        if match is None or meaning is None or meaning in stated:
            break
        stated[meaning] = match[2]
        lines += 1
    if lines < LEAST or "author" not in stated or not stated.keys() & {"title", "published"}:
        return [], 0
    stated["author"] = ADDRESS.sub("", stated["author"]).strip("\"' ") or stated["author"]
    return [
        Field(name=name, value=value, origin="mail head") for name, value in stated.items() if value
    ], lines
