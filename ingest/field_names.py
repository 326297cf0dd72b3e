"""What names of columns and of front matter mean: a title, a date or an author, in other languages too.

And how programs say there that something is not for everybody to read.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.model import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = {
    "text": (
        "text volltext artikeltext"
        " texto texte testo tekst inhalt contenido conteúdo contenuto inhoud treść текст metin"
        " içerik النص نص المحتوى 正文 内容 內容 本文 全文 κείμενο"
    ),
    "title": (
        "titel überschrift titre título titolo tytuł otsikko заголовок название назва başlık τίτλος"
        " العنوان عنوان 标题 標題 题名 タイトル 見出し 題名 제목"
    ),
    "published": (
        "datum erscheinungsdatum veröffentlicht veröffentlicht_am"
        " publié fecha publicado data pubblicato gepubliceerd"
        " publicerad opublikowano дата опубликовано tarih ημερομηνία التاريخ تاريخ 日期 发布日期"
        " 發布日期 日付 掲載日 発行日 날짜"
    ),
    "author": (
        "autor autoren autorin verfasser auteur auteurs autora autores autore autori författare"
        " forfatter автор авторы автори yazar συγγραφέας συντάκτης الكاتب المؤلف كاتب 作者 记者 記者"
        " 著者 執筆者 저자"
    ),
    "source": (
        "quelle zeitung publikation fuente periódico fonte giornale jornal bron krant källa źródło"
        " gazeta источник издание джерело kaynak gazete πηγή المصدر مصدر الصحيفة 来源 來源 报纸 報紙"
        " 出典 新聞 媒体 출처"
    ),
    "section": (
        "ressort rubrique sección seção sezione rubriek dział рубрика раздел bölüm القسم 栏目 欄目 版面"
    ),
    "tag": (
        "schlagwörter schlagworte stichwörter etiquetas palabras_clave mots_clés mots-clés"
        " parole_chiave palavras_chave trefwoorden słowa_kluczowe теги ключевые_слова etiketler وسوم"
        " 标签 標籤 关键词 關鍵詞 タグ"
    ),
    "language": (
        "sprache langue idioma lingua taal språk język язык мова dil γλώσσα اللغة 语言 語言 言語 언어"
    ),
    "description": (
        "beschreibung zusammenfassung résumé resumen descripción resumo descrição riassunto"
        " descrizione samenvatting sammanfattning opis streszczenie описание аннотация опис özet ملخص"
        " الوصف 摘要 概要"
    ),
    "url": ("adresse lien enlace ссылка адрес رابط الرابط 网址 網址 链接 連結 リンク"),
}


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    """Return a name as it is compared: without case, accents, blanks and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalpha())


LOCAL_NAMES = {meaning: tuple(folded(name) for name in names.split()) for meaning, names in NAMES.items()}

RIGHTS = frozenset(("full", "excerpt", "metadata"))
YES, NO = frozenset(("true", "yes", "on", "1")), frozenset(("false", "no", "off", "0"))
STATES = frozenset(("draft", "auto-draft", "hidden", "private", "pending", "future", "scheduled", "trash"))
# How Hugo, Quarto, Jekyll, Pelican, Obsidian, Ghost, WordPress and Substack are told that a page is not for
# everybody, or is not yet: names, folded, and values.
NOT_PUBLIC = {
    **dict.fromkeys(("draft", "isdraft", "private", "isprivate", "emailonly"), YES),
    **dict.fromkeys(("published", "publish", "ispublished"), NO),
    **dict.fromkeys(("status", "poststatus", "state"), STATES),
    "visibility": frozenset(("private", "hidden", "members", "paid", "tiers")),
    "audience": frozenset(("only_paid", "only_free", "founding")),
}
# Whatever their value, unless it says that there is none.
PASSWORDS = frozenset(("password", "postpassword"))
WITHHOLDING = NOT_PUBLIC.keys() | PASSWORDS


def with_rights(fields: Sequence[Field], origin: str, *, is_draft: bool = False) -> tuple[Field, ...]:
    """Return statements, and the rights that follow from them where an article is not for everybody.

    An edition may then show its catalogue entry alone. Rights that are stated themselves stay as they are.
    """
    stated = (field.value.strip().lower() for field in fields if field.name.lower() == "rights")
    if RIGHTS.intersection(stated):
        return tuple(fields)
    if is_draft or any(map(_withholds, fields)):
        return (*fields, Field(name="rights", value="metadata", origin=origin))
    return tuple(fields)


def _withholds(field: Field) -> bool:
    name = folded(field.name)
    if name not in WITHHOLDING:
        return False
    value = field.value.strip().lower()
    return value not in NO if name in PASSWORDS else value in NOT_PUBLIC[name]
