"""Lines that publications in Scandinavian, Slavic and other languages put under their articles.

Only whole lines, of which the language is sure; what an appeal for donations says is not told here.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from ingest.collate.phrases import NETWORKS, Phrases, either, line, words

if TYPE_CHECKING:
    from collections.abc import Callable

NEVER = re.compile(r"(?!)")
# For each language how such lines begin, and what else is in them: a newsletter, a link to more, a
# copyright, a cookie notice, a call to follow. Patterns are in folded case.
LETTERS = {
    "sv": (r"(?:prenumerera|anmäl dig|skriv upp dig|få)\b", r"nyhetsbrev"),
    "da": (r"(?:tilmeld|abonn[eé]r|få)\b", r"nyhedsbrev"),
    "nb": (r"(?:meld deg|abonner|få)\b", r"nyhetsbrev"),
    "pl": (r"(?:zapisz się|zapisz|subskrybuj|zamów|otrzymuj)\b", r"newsletter|biuletyn"),
    "cs": (r"(?:přihlaste se|odebírejte|přihlásit)\b", r"newsletter|zpravodaj"),
    "ru": (r"(?:подпишитесь|подписывайтесь|подписаться)\b", r"рассылк|канал|телеграм|telegram|новост"),
    "uk": (
        r"(?:підпишіться|підписуйтесь|підписуйтеся|підписатися)\b",
        r"розсилк|канал|телеграм|telegram|новин",
    ),
    "el": (r"(?:εγγραφείτε|γραφτείτε|κάντε εγγραφή)\b", r"newsletter|ενημερωτικ"),
    "tr": (r".{0,60}\b(?:abone ol|kaydol)", r"bülten|haber|kanal"),
    "ar": (r"(?:اشترك|اشتركوا|تابع|سجل)\b", r"نشرت|النشرة|قناتنا|البريدية"),
    "zh": (r".{0,6}(?:订阅|訂閱|关注我们|關注我們|扫描二维码).{0,40}$", r"订|訂|关注|關注|扫描"),
    "ja": (r".{0,20}(?:メールマガジン|メルマガ|ニュースレター).{0,40}$", r"登録|購読|配信|受け取"),
}
MORE = {
    "sv": r"läs (?:också|mer|även)\s*: .",
    "da": r"læs også\s*: .",
    "nb": r"les (?:også|mer)\s*: .",
    "pl": r"(?:czytaj|zobacz|przeczytaj) (?:także|też|również|więcej)\s*: .",
    "cs": r"(?:čtěte|přečtěte si) (?:také|též|i)\s*: .",
    "ru": r"(?:читайте|смотрите) (?:также|ещё|еще)\s*: .",
    "uk": r"(?:читайте|дивіться) (?:також|ще)\s*: .",
    "el": r"διαβάστε (?:επίσησ|επίσης|ακόμη|ακόμα)\s*: .",
    "tr": r"(?:ayrıca okuyun|bunu da okuyun|ilgili haber)\s*: .",
    "ar": r"(?:اقرأ أيضا|اقرأ أيضاً|اقرأ ايضا|إقرأ أيضا)\s*: .",
    "zh": r"(?:相关阅读|延伸阅读|相關閱讀|延伸閱讀|相关新闻)\s*[:\uff1a].{0,60}$",
    "ja": r"(?:関連記事|あわせて読みたい|関連ニュース)\s*[:\uff1a].{0,60}$",
}
RIGHTS = {
    "sv": r".{0,80}\bmed ensamrätt",
    "da": r".{0,80}\balle rettigheder forbeholdes",
    "nb": r".{0,80}\b(?:alle rettigheter|med enerett)",
    "pl": r".{0,80}\bwszelkie prawa zastrzeżone",
    "cs": r".{0,80}\bvšechna práva vyhrazena",
    "ru": r".{0,80}\bвсе права защищены",
    "uk": r".{0,80}\b(?:усі|всі) права захищен",
    "el": r".{0,80}(?:με επιφύλαξη παντ[όο]σ δικαι[ώω]ματοσ|all rights)",
    "tr": r".{0,80}\btüm hakları saklıdır",
    "ar": r".{0,80}(?:جميع الحقوق محفوظة|كل الحقوق محفوظة)",
    "zh": r".{0,30}(?:版权所有|版權所有|未经授权.{0,12}转载|未經授權)",
    "ja": r".{0,30}(?:無断転載|無断複製)",
}
COOKIES = {
    "sv": r"(?:vi|den här webbplatsen|sidan)\b.{0,60}\b(?:cookies|kakor)",
    "da": r"(?:vi|dette websted|siden)\b.{0,60}\bcookies",
    "nb": r"(?:vi|dette nettstedet|siden)\b.{0,60}\b(?:cookies|informasjonskapsler)",
    "pl": r"(?:ta strona|nasz serwis|serwis|używamy|korzystamy)\b.{0,60}(?:cookies|ciasteczek)",
    "cs": r"(?:tento web|tato stránka|používáme)\b.{0,60}cookies",
    "ru": r"(?:этот сайт|мы|наш сайт|сайт)\b.{0,60}(?:cookie|куки)",
    "uk": r"(?:цей сайт|ми|наш сайт|сайт)\b.{0,60}(?:cookie|кукі)",
    "el": r"(?:αυτ[όο] το site|ο ιστ[όο]τοπ|χρησιμοποιο)\w*.{0,80}cookies",
    "tr": r"(?:bu site|sitemiz|bu sitede)\w*.{0,60}(?:çerez|cookie)",
    "ar": r"(?:يستخدم هذا الموقع|نستخدم|هذا الموقع).{0,60}(?:ملفات تعريف الارتباط|الكوكيز)",
    "zh": r"(?:本网站|本站|本網站|我们|我們).{0,20}cookie",
    "ja": r"(?:当サイト|このサイト|本サイト).{0,30}(?:cookie|クッキー)",
}
FOLLOW = {
    "sv": r"följ oss\b",
    "da": r"følg os\b",
    "nb": r"følg oss\b",
    "pl": r"(?:śledź|obserwuj|polub) nas\b",
    "cs": r"sledujte nás\b",
    "ru": r"(?:следите за нами|мы в)\b",
    "uk": r"(?:стежте за нами|ми в|ми у)\b",
    "el": r"ακολουθήστε μασ",
    "tr": r"bizi (?:takip edin|izleyin)",
    "ar": r"تابعونا",
    "zh": r"(?:关注|關注).{0,4}(?:我们|我們)",
    "ja": r".{0,10}フォロー",
}


def phrases(language: str) -> Phrases:
    """Return what is known of a language."""
    begins, holds = LETTERS[language]
    return Phrases(
        ask=NEVER,
        own=NEVER,
        near=NEVER,
        opening=NEVER,
        more=NEVER,
        button=NEVER,
        topic=words(r"newsletter|cookie", holds),
        notice=NEVER,
        signed=NEVER,
        lines=(
            line("newsletter", begins, holds, most=20),
            line("link to more", MORE[language], most=25),
            line("copyright line", RIGHTS[language], most=30),
            line("cookie notice", COOKIES[language], most=60),
            line("follow line", FOLLOW[language], either(NETWORKS).pattern, most=25),
        ),
    )


MAKERS: dict[str, Callable[[], Phrases]] = {language: partial(phrases, language) for language in LETTERS}
