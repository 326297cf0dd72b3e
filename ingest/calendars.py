"""The names of months and weekdays, as they are written in full and for short, by language."""

from __future__ import annotations

Words = dict[str, int]


def numbered(names: str, first: int = 1) -> Words:
    """Return the number of each name; names that share a number are joined by a stroke."""
    return {
        name: number for number, group in enumerate(names.split(), start=first) for name in group.split("|")
    }


MONTHS = {
    "en": numbered(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug"
        " september|sept|sep october|oct november|nov december|dec"
    ),
    "de": numbered(
        "januar|jänner|jan februar|feber|feb märz|mär april|apr mai juni|jun juli|jul august|aug"
        " september|sept|sep oktober|okt november|nov dezember|dez"
    ),
    "fr": numbered(
        "janvier|janv février|févr mars avril|avr mai juin juillet|juil août|aout"
        " septembre|sept octobre|oct novembre|nov décembre|déc"
    ),
    "es": numbered(
        "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago"
        " septiembre|setiembre|sept octubre|oct noviembre|nov diciembre|dic"
    ),
    "it": numbered(
        "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago"
        " settembre|sett ottobre|ott novembre|nov dicembre|dic"
    ),
    "pt": numbered(
        "janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago"
        " setembro|set outubro|out novembro|nov dezembro|dez"
    ),
    "nl": numbered(
        "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug"
        " september|sept oktober|okt november|nov december|dec"
    ),
}
WEEKDAYS = {
    "en": numbered("monday tuesday wednesday thursday friday saturday sunday"),
    "de": numbered("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag"),
    "fr": numbered("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    "es": numbered("lunes martes miércoles jueves viernes sábado domingo"),
    "it": numbered("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
    "pt": numbered("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
    "nl": numbered("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
}
SHORT_WEEKDAYS = numbered("mon tue|tues wed thu|thur|thurs fri sat sun")
# The longest first, so that a pattern does not stop at `sep` of `september`.
MONTH_PATTERN = "|".join(sorted(MONTHS["en"], key=len, reverse=True))


def full_names(names: Words) -> tuple[str, ...]:
    """Return the first name of each number with a capital, as English writes it: `January`, `Monday`."""
    firsts: dict[int, str] = {}
    for name, number in names.items():
        firsts.setdefault(number, name.capitalize())
    return tuple(firsts.values())


def month_number(name: str, language: str = "en") -> int:
    """Return the number of a month from its name or abbreviation, in any case; 1 is January."""
    return MONTHS.get(language, MONTHS["en"])[name.lower().rstrip(".")]
