"""What publications say under their articles, in seven languages; all in lower case.

Own work: the wordings were written down from knowledge of such appeals, none was copied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NETWORKS = (
    r"twitter|facebook|instagram|linkedin|youtube|mastodon|bluesky|telegram|whatsapp|tiktok|threads|reddit"
    r"|pinterest|google news|snapchat|tumblr|flipboard|social media|\bx\b|@\w"
)
LETTER = r"newsletter|inbox|mailing list|briefing|podcast|channel|rss|posteingang|boletín|boletim|bulletin"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A kind of line that is furniture by itself: how it begins, all that is in it, how long it is."""

    reason: str
    start: re.Pattern[str]
    inside: tuple[re.Pattern[str], ...] = ()
    most_words: int = 40

    def fits(self, words: str, count: int) -> bool:
        """Tell whether a block of so many words is such a line."""
        return (
            count <= self.most_words
            and self.start.match(words) is not None
            and all(each.search(words) for each in self.inside)
        )


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The phrases of one language.

    `ask` asks the reader for support, `own` is the publication speaking of its own trade, `near`
    marks the first and second person, `opening` is a line that opens an appeal, `more` one above
    links to other articles, `topic` a word in the headline of an article about such matters,
    `notice` begins what must stay although it may be repeated, `signed` describes an author.
    `lines` are furniture anywhere, `repeated` only if they stand under several articles.
    """

    ask: re.Pattern[str]
    own: re.Pattern[str]
    near: re.Pattern[str]
    opening: re.Pattern[str]
    more: re.Pattern[str]
    button: re.Pattern[str]
    topic: re.Pattern[str]
    notice: re.Pattern[str]
    signed: re.Pattern[str]
    lines: tuple[Line, ...]
    repeated: tuple[Line, ...] = ()


def either(*patterns: str) -> re.Pattern[str]:
    """Return what matches where one of the patterns does."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def words(*patterns: str) -> re.Pattern[str]:
    """Return what matches where one of the patterns does, from the beginning of a word."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})")


def line(reason: str, start: str, *inside: str, most: int = 40) -> Line:
    """Return a kind of line; patterns are searched for in lower-case text."""
    return Line(
        reason=reason,
        start=re.compile(start),
        inside=tuple(re.compile(each) for each in inside),
        most_words=most,
    )


MAIL = (
    r"(?:e-?mail|mail|mailing|message|newsletter|issue|nachricht|ausgabe|courriel|correo|mensaje|bolet[ií]n"
    r"|messaggio|mensagem|bericht|nieuwsbrief)"
)
LOOK = (
    r"(?:view|read|open|see|voir|lire|afficher|ouvrir|ver|leer|abrir|ler|visualizar?|visualizza|apri|leggi"
    r"|bekijk|lees)"
)
THIS = r"(?:this|it|the|our|cet?|cette|la|le|est[ea]|el|quest[ao]|il|deze|dit|de|het|diese[nrs]?|den|die)"
IN_BROWSER = (
    r"(?:in (?:your|a|the) (?:web )?browser|(?:dans|sur) (?:votre|le|un) navigateur|en (?:su|tu|el) navegador"
    r"|nel (?:tuo )?browser|no (?:seu )?navegador|in (?:je|uw) browser)"
)

COMMON = (
    # The whole line, since an article may speak of browsers and of mail too.
    line(
        "newsletter",
        rf"(?:.{{0,60}}\b{MAIL}\b.{{0,40}}[?,.:|] )?(?:click here to )?"
        rf"(?:{LOOK} (?:{THIS} )?(?:{MAIL} )?(?:online )?{IN_BROWSER}"
        rf"|(?:{THIS} )?(?:{MAIL} )?im browser (?:ansehen|anzeigen|öffnen|lesen))\W*(?:https?://\S+)?$",
        rf"\b{MAIL}\b|^(?:view|read|im browser|voir|afficher|ver\b|visuali|bekijk)",
        most=20,
    ),
    line("copyright line", r"(?:©|\(c\)|copyright(?: ©| \(c\)|,? (?:\d{4}|by)))", most=45),
    line("copyright line", r".{0,90}\ball rights reserved\b", most=30),
    line(
        "share bar",
        r"(?:(?:share|tweet|twitter|facebook|linkedin|whatsapp|telegram|reddit|pinterest|print"
        r"|e-?mail|copy link|mastodon|bluesky|x|teilen|drucken|partager|imprimer|compartir|condividi"
        r"|stampa|compartilhar|imprimir|delen|mailen)(?:[\s,|/·•-]+|$)){3,}$",
        most=15,
    ),
)


def english() -> Phrases:
    """Return the English phrases."""
    return Phrases(
        ask=words(
            r"we need (?:your|you)\b",
            r"(?:please )?support us\b",
            r"help us (?:to )?(?:keep|continue|stay|fund|reach)",
            r"your (?:generous |continued |financial |monthly )?(?:support|donations?|contributions?|gift|membership)\b",
            r"(?:please|to|could you|you can|will you) (?:consider )?(?:donat|support(?:ing)? our|chip)",
            r"consider (?:donating|supporting|making|becoming|a donation|subscribing)",
            r"donate (?:today|now|here)",
            r"(?:from|for) (?:just|only|as little as) [$€£]",
            r"chip in\b",
            r"every (?:contribution|donation|dollar|pound|euro)",
            r"make a (?:\S+ )?(?:donation|contribution|gift)",
            r"no matter how small",
            r"by supporting [^.]{1,60}you",
            r"thank you for (?:standing with|supporting|your support|reading)",
            r"become a (?:\w+ )?(?:member|supporter|subscriber|patron)",
            r"if you (?:can|value|enjoy|like|appreciate|believe in)\b[^.]{0,60}\b(?:us|our)\b",
            r"support (?:our|independent|quality|nonprofit|local) \w*\s?(?:journalism|reporting|newsroom|news|work)",
        ),
        own=words(
            r"our (?:\S+ )?(?:\S+ )?(?:journalism|reporting|newsroom|journalists|reporters|readers|coverage|stories|editors|investigations)\b",
            r"we,? (?:the|as) (?:journalists|editors|reporters)",
            r"(?:independent|non-?profit|reader-funded|reader-supported|fearless|quality|public-interest|local|trusted|honest)"
            r"(?:, \w+)? (?:journalism|news|newsroom|media|reporting)\b",
            r"(?:free|independent) press\b",
            r"keep(?:ing)? (?:our|this|these) (?:\w+ )?(?:site|journalism|news|reporting|content|stories|articles?)\b",
            r"(?:reader-(?:funded|supported)|ad-free|paywall-free|without a paywall)",
            r"(?:this|our) (?:publication|newspaper|magazine|newsletter)\b",
        ),
        near=words(r"(?:we|our|us|you|your|yours|readers)\b"),
        opening=either(
            r"an? (?:\w+ )?(?:message|note|appeal|word|letter|request) (?:from|to) .{2,60}$",
            r"dear (?:\w+ )?(?:readers?|friends?|supporters?)\b.{0,10}$",
            r"before you (?:go|leave|close).{0,40}$",
            r"(?:please )?support (?:us|our (?:work|journalism|reporting)|independent journalism)\b.{0,30}$",
            r"(?:help|keep) (?:us|our (?:journalism|reporting)|independent journalism)\b.{0,40}$",
            r"(?:we have a (?:small )?favou?r to ask|now more than ever|a request from .{2,60}).{0,10}$",
        ),
        more=either(
            r"(?:read|watch) (?:more|next|also)(?: (?:from|on|about|in) .{1,40})?\s*:?$",
            r"(?:also|further) read\s*:?$",
            r"related(?: (?:articles?|stories|posts?|content|news|topics|links|coverage))?\s*:?$",
            r"more (?:stories|news|articles|coverage|posts)?\s?(?:from|on|about|like) .{1,40}:?$",
            r"you (?:may|might) (?:also )?(?:like|enjoy|be interested in)\s*:?$",
            r"(?:recommended(?: for you)?|most read|most popular|trending(?: now)?|up next|read next|latest (?:news|stories)|editor's picks?)\s*:?$",
        ),
        button=either(
            r"(?:remind me later|not now|no,? thanks|maybe later|skip for now|i already (?:donated|support).{0,20})\.?$",
            r"(?:subscribe|sign up|donate|join|contribute)(?: now| today| here)?[.!]?$",
            r"(?:log|sign) ?in(?: or (?:subscribe|register|sign up))?\.?$",
            r"(?:show|load|view|read|see) (?:more|all|full (?:article|story))(?: comments)?\.?$",
            r"back to (?:the )?top\.?$",
            r"skip to (?:main )?content\.?$",
            r"(?:leave|post|add|write|view|show|join) (?:a |the |your |all |\d+ )?(?:comments?|reply|conversation|discussion)\.?$",
            r"(?:\d+ comments?|comments (?:\(\d+\)|are closed))\.?$",
            r"accept(?: all)?(?: cookies)?\.?$",
            r"listen to (?:this|the) (?:article|story|post)\.?$",
            r"\d+[- ]min(?:ute)?s? read$",
            r"(?:advertisement|sponsored(?: content)?|continue reading|scroll to continue.{0,20})\.?$",
            r"(?:story|article) continues (?:below|after)\b.{0,25}$",
            r"(?:share|print|e-?mail|save|tweet)(?: (?:this|it|the)(?: (?:article|story|post|page))?)?(?: (?:on|via|with|by) .{2,40})?[:.]?$",
            r"(?:support us|follow us|share this|contact us|privacy policy|terms of (?:use|service))[.:]?$",
        ),
        topic=words(
            r"donat|donor|subscri|newsletter|paywall|membership|fundrais|crowdfund|charit|philanthrop|cookie|copyright",
            r"journalism|journalist|press\b|newspaper|newsroom|media\b|appeal",
        ),
        notice=either(
            r"(?:correction|clarification|update|editor'?s'? note|note|erratum|retraction|disclosure)s?\b"
        ),
        signed=either(
            r"(?:[\w.'-]+ ){1,4}(?:is|was|are|works as|writes|covers|reports|teaches|has (?:been|written|covered))\b.{0,200}"
        ),
        lines=(
            line(
                "newsletter",
                r"(?:please )?(?:sign up|subscribe|join)\b",
                LETTER,
                r"\b(?:our|your inbox|here|below|today|now|this newsletter)\b",
            ),
            line(
                "newsletter",
                r"(?:get|receive|want|have|don't miss|never miss)\b",
                r"newsletter|inbox",
                r"\b(?:your|our)\b",
            ),
            line(
                "newsletter",
                r"(?:enjoyed|enjoying|did you (?:like|enjoy)|like what you) ",
                r"subscribe|sign up|newsletter|follow us|share it",
            ),
            line("newsletter", r"(?:enter|your) (?:your )?e-?mail(?: address)?\b", most=20),
            line("newsletter", r"(?:you can )?unsubscribe (?:at )?any ?time", most=25),
            line(
                "newsletter",
                r"you(?:'re| are)? (?:receiv\w+|got|get) this (?:e-?mail|mail|message|newsletter|as|because|since)\b",
                r"unsubscribe",
                most=40,
            ),
            line(
                "newsletter",
                r"(?:click here to )?unsubscribe(?: (?:here|now)| from (?:this|our|these|all) [\w -]{1,30})?"
                r"(?:\W*$|:? ?https?://|\W*(?:or )?(?:click|manage|update|change|edit|your|preferences|settings|view|privacy)\b)",
                most=40,
            ),
            line(
                "subscription line",
                r"subscribe\b",
                r"\b(?:our|us|today|now|here|for (?:just|only|as little))\b",
                most=25,
            ),
            line(
                "subscription line",
                r"(?:already (?:a |have an? )|to (?:continue|keep) reading|you have (?:reached|\d+ free)|this (?:article|story|content) is (?:only )?(?:for|available to) )",
                r"subscri|member|sign in|log ?in|trial|limit|register",
                most=30,
            ),
            line(
                "share bar",
                r"(?:share|tweet|e-?mail|print) (?:this|on|via)\b",
                NETWORKS + r"|e-?mail|print|friends",
                most=20,
            ),
            line(
                "follow line",
                r"(?:please )?(?:follow|like|find|join|connect with|add|watch) (?:us|me|@\w+)\b",
                NETWORKS,
                most=30,
            ),
            line(
                "follow line",
                r"follow (?:the |our )?(?:[\w.'’&-]+ ){1,5}on (?:twitter|x|facebook|instagram|linkedin|youtube|telegram|bluesky|mastodon)\b",
                most=20,
            ),
            line(
                "copyright line",
                r"(?:this (?:material|content|article) (?:may not|is (?:copyright|protected))|no part of this|republished with permission)",
                r"publish|broadcast|copyright|reproduc|permission",
                most=45,
            ),
            line(
                "cookie notice",
                r"(?:this (?:web ?)?site|we|our (?:web ?)?site|by (?:continuing|using|browsing|clicking))\b",
                r"\bcookies\b",
                r"\b(?:we|our|this) (?:(?:web ?)?site )?uses? cookies|use of cookies|cookie policy|privacy policy",
                most=80,
            ),
            line(
                "app line",
                r"(?:download|get) (?:the|our) ",
                r"\bapp\b",
                r"app store|google play|ios|android|\bour\b|today|now|free",
                most=30,
            ),
            line(
                "link to more",
                r"(?:read more|also read|read next|related|related story|watch|more on this)\s*: .",
                most=30,
            ),
            line(
                "send a tip",
                r"(?:do you have|have|got) (?:a |an |any )?(?:\w+ )?(?:tip|story|question|feedback|information)s?\b",
                r"e-?mail|contact us|@|let us know|write to us|get in touch",
                most=40,
            ),
        ),
        repeated=(
            line("newsletter", r".{0,80}\b(?:sign up for|subscribe to) our\b", LETTER, most=30),
            line("series line", r"you(?:'ve| have) (?:just |been )*(?:finished )?read(?:ing)?\b", most=80),
            line(
                "disclaimer",
                r"(?:legal )?disclaimer\b|the (?:views|opinions) (?:and \w+ )?expressed|(?:all )?(?:views|opinions) (?:are|expressed)",
                most=80,
            ),
        ),
    )
