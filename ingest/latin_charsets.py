"""Tells in which single-byte charset a text in Latin letters was written, by what its bytes spell.

Read in the right charset, letters beyond ASCII are those of the language whose words stand around
them, and signs stand where signs do: `Ł40` is no Polish, and `£ódź` is no price.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

# Of two readings that are as good the first is taken, so that the commonest comes first.
CHARSETS = (
    *("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "cp1257", "iso8859_13"),
    *("mac_roman", "cp850", "cp1258"),
)
OF_OLD_COMPUTERS = frozenset({"mac_roman", "cp850"})
MOST_READ = 20_000
MOST_BEFORE = 1000
# Other scripts write nearly all their letters beyond ASCII, or words of them.
MOST_BEYOND_ASCII = 0.5
LONGEST_RUN = 3
MOST_IN_LONG_RUNS = 0.5
MOST_MISPLACED = 0.5
BLANKS = b" \t\r\n"
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
CHARACTER = re.compile(r"(?s)(?=(.)([^\x00-\x7f])(.))")
WORD = re.compile(r"[^\W\d_]+")
NO_LETTERS = frozenset("ªºµ")
ANYWHERE = frozenset("’‘–—…\xa0\xad")
NOT_BETWEEN_LETTERS = frozenset("“”„‚«»‹›°•©®™±×")
BEFORE_WORDS = frozenset("¿¡§µ")
AFTER_NUMBERS = frozenset("¹²³ªº½¼¾‰")
CURRENCIES = frozenset("£€¥¢")


class Language(NamedTuple):
    """The letters of a language that are not ASCII, and its commonest words."""

    letters: frozenset[str]
    words: frozenset[str]


def _language(letters: str, words: str) -> Language:
    return Language(letters=frozenset(letters + letters.upper()), words=frozenset(words.split()))


LANGUAGES = (
    _language("", "the of and to in is was for that with on by from had his her at it as not"),
    _language(
        "àâæçéèêëîïôœùûüÿ",
        "le la les des et du une dans que qui pour sur est au par pas avec sa il elle ne à été où",
    ),
    _language(
        "äöüß", "der die das und den dem des ein eine von mit ist nicht im zu auf für über sich auch wie am"
    ),
    _language("áéíñóúü", "el la los las de que y en un una por con del se su para es no más está al también"),
    _language(
        "áâãàçéêíóôõú", "o a os as de que e em um uma do da dos das não para com por se no na são à mais"
    ),
    _language(
        "àèéìîòóù", "il lo la gli di che e in un una per con del della dei è non più al si le perché così"
    ),
    _language(
        "áéèëêïíóöúü", "de het een van en in is dat op te zijn niet met voor aan om ook er meer geen die"
    ),
    _language("åäöé", "och i att en ett det som på är av för med den till inte från har om när var"),
    _language("æøåéòô", "og i at å en et det som på er af av for med den til ikke fra har om de der"),
    _language("äöå", "ja on että ei se oli hän mutta kun myös ovat sekä tämä jos kuin niin mukaan"),
    _language("áéíóúýðþæö", "og að í á er sem var til um með það við ekki en frá af hann hún"),
    _language("áéíóú", "an na agus i ar is a do le go den sé sí bhí tá ag chun"),
    _language("àçèéíïòóúü", "el la els les de que i en un una per amb del no és va a més però dels l d"),
    _language("ąćęłńóśźż", "i w z na do się nie że jest to o po za od jak przez oraz dla był które"),
    _language("áčďéěíňóřšťúůýž", "a v na se je že s z do o ve pro za by k jako které byl od po"),
    _language("áäčďéíĺľňóôŕšťúýž", "a v na sa je že s z do o vo pre za by k ako ktoré bol od pri"),
    _language("áéíóöőúüű", "a az és hogy nem is egy ez volt meg de csak mint már még el fel vagy ki"),
    _language("čćđšž", "i u je na se da su za od s o a koji će biti iz kako ne do što in ki za pri"),
    _language("ăâîşţșț", "şi de a în la cu pe că o un din nu pentru este al care au prin"),
    _language("çğıöşüâîİ", "ve bir bu da de için ile ne gibi daha çok olarak olan var sonra kadar dün o"),
    _language("ąčęėįšųūž", "ir į yra iš su kad tai ne po nuo buvo kaip apie dėl bet už jis per"),
    _language("āčēģīķļņšūž", "un ir ar no ka par uz tas lai pie kas bija arī tika pēc jo bet nav"),
    _language("äöõüšž", "ja on ei et see oli ka kui ning oma mis kes aga või seda selle eile"),
    _language(
        "ăâđêôơưáàéèíìóòúùýãõ\u0300\u0301\u0303\u0309\u0323",
        "và là của có không được trong cho một những với các",
    ),
)


def latin_charset(data: bytes, guess: str) -> str | None:
    """Return the charset in which bytes read best, none where they are in no Latin letters.

    A guess is looked at after those that are known here.
    """
    sample = b"\n".join(line for line in data.splitlines() if not line.isascii())
    first = BEYOND_ASCII.search(sample)
    if not first:
        return None
    sample = sample[max(0, first.start() - MOST_BEFORE) :][:MOST_READ]
    if not _in_latin_letters(sample):
        return None
    readings = {charset: sample.decode(charset, "replace") for charset in (*CHARSETS, guess)}
    charsets = [charset for charset, text in readings.items() if len(text) == len(sample)]
    best = min(charsets, key=lambda charset: _faults(readings[charset]) + (charset in OF_OLD_COMPUTERS))
    beyond = sum(map(len, BEYOND_ASCII.findall(sample)))
    return best if _misplaced(readings[best]) <= MOST_MISPLACED * beyond else None


def _in_latin_letters(sample: bytes) -> bool:
    """Tell whether bytes beyond ASCII are so few, and so scattered, as in Latin letters."""
    runs = BEYOND_ASCII.findall(sample)
    beyond = sum(map(len, runs))
    long = sum(len(run) for run in runs if len(run) > LONGEST_RUN and len(set(run)) > 1)
    most = MOST_BEYOND_ASCII * len(sample.translate(None, BLANKS))
    return beyond <= most and long <= MOST_IN_LONG_RUNS * beyond


def _faults(text: str) -> int:
    """Return how much is wrong with a reading, in the language that suits it best."""
    words = Counter(WORD.findall(text.lower()))
    letters = Counter(filter(_is_letter, text))
    return _misplaced(text) + min(
        sum(count for letter, count in letters.items() if letter not in language.letters)
        - sum(words[word] for word in language.words)
        for language in LANGUAGES
    )


def _misplaced(text: str) -> int:
    return sum(_fault(*found.groups()) for found in CHARACTER.finditer(f" {text} "))


def _is_letter(character: str) -> bool:
    combining = "\u0300" <= character <= "\u036f"
    return character > "\x7f" and (character.isalpha() or combining) and character not in NO_LETTERS


def _fault(before: str, sign: str, after: str) -> int:
    """Return how odd a character beyond ASCII is between its neighbours: 0, if it is not, to 3."""
    between = before.isalpha() and after.isalpha()
    if _is_letter(sign):
        # Letters stand in no numbers, and capitals in no middle of a word.
        odd = before.isdigit() or after.isdigit() or (sign.isupper() and before.islower())
    elif sign in ANYWHERE:
        odd = False
    elif sign == "·":
        odd = between and (before, after) != ("l", "l")  # as Catalan writes it
    elif sign in NOT_BETWEEN_LETTERS:
        odd = between
    elif sign in BEFORE_WORDS:
        odd = before.isalpha()
    elif sign in CURRENCIES:
        odd = before.isalpha() or after.isalpha()
    elif sign in AFTER_NUMBERS:
        # A note may be numbered after a word, and `km²` is no oddity at all.
        if before.isalpha() and before != "m" and not after.isalpha():
            return 1
        odd = after.isalpha()
    else:
        return 3 if sign < "\xa0" or sign == "\ufffd" else 2
    return 2 if odd else 0
