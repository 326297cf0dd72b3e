"""The words of calendars: months, weekdays, numbers, seasons and units, by language.

English is read in full; of the other languages the names of months and weekdays, for whole dates,
and the words that announce a year.
"""

from __future__ import annotations

from dataclasses import dataclass

Words = dict[str, int]


def numbered(names: str, first: int = 1) -> Words:
    """Return the number of each name; names that share a number are joined by a stroke."""
    return {
        name: number for number, group in enumerate(names.split(), start=first) for name in group.split("|")
    }


def listed(words: str) -> frozenset[str]:
    """Return words written one after the other."""
    return frozenset(words.split())


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """How a language writes dates: lower-case names, and the words that stand between the parts.

    `year_after` are words after which a number of four digits is a year.
    """

    months: Words
    weekdays: Words
    joint: str
    ordinal: str
    year_after: str


ENGLISH_MONTHS = numbered(
    "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug"
    " september|sept|sep october|oct november|nov december|dec"
)
ENGLISH_WEEKDAYS = numbered("monday tuesday wednesday thursday friday saturday sunday")
SHORT_WEEKDAYS = numbered("mon tue|tues wed thu|thur|thurs fri sat sun")

CALENDARS = {
    "de": Calendar(
        months=numbered(
            "januar|jänner|jan februar|feber|feb märz|mär april|apr mai juni|jun juli|jul august|aug"
            " september|sept|sep oktober|okt november|nov dezember|dez"
        ),
        weekdays=numbered("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag"),
        joint="des",
        ordinal=r"\.",
        year_after="im in seit bis von ab vor nach um jahr jahre jahres",
    ),
    "fr": Calendar(
        months=numbered(
            "janvier|janv février|févr mars avril|avr mai juin juillet|juil août|aout"
            " septembre|sept octobre|oct novembre|nov décembre|déc"
        ),
        weekdays=numbered("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        joint="de",
        ordinal="er",
        year_after="en depuis de dès avant après vers année an jusqu'en",
    ),
    "es": Calendar(
        months=numbered(
            "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago"
            " septiembre|setiembre|sept octubre|oct noviembre|nov diciembre|dic"
        ),
        weekdays=numbered("lunes martes miércoles jueves viernes sábado domingo"),
        joint="de|del",
        ordinal="º|°|ro",
        year_after="en desde de hasta año hacia antes",
    ),
    "it": Calendar(
        months=numbered(
            "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago"
            " settembre|sett ottobre|ott novembre|nov dicembre|dic"
        ),
        weekdays=numbered("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        joint="di|del",
        ordinal="º|°",
        year_after="nel dal del al il anno fino",
    ),
    "pt": Calendar(
        months=numbered(
            "janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago"
            " setembro|set outubro|out novembro|nov dezembro|dez"
        ),
        weekdays=numbered("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
        joint="de|do",
        ordinal="º|°",
        year_after="em desde de até ano após",
    ),
    "nl": Calendar(
        months=numbered(
            "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug"
            " september|sept oktober|okt november|nov december|dec"
        ),
        weekdays=numbered("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        joint="van",
        ordinal="e|ste",
        year_after="in sinds tot van vanaf voor na jaar rond",
    ),
}

ONES = numbered(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
TENS = {name: 10 * number for name, number in numbered("twenty thirty forty fifty sixty", 2).items()}
ORDINALS = numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
) | {"twenty-first": 21, "twenty-fifth": 25, "thirtieth": 30, "fortieth": 40, "fiftieth": 50}
DECADES = {
    name: 10 * number
    for name, number in numbered(
        "twenties thirties forties fifties sixties seventies eighties nineties", 2
    ).items()
}
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
DAYPARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}
RELATIONS = (
    "this past", "this coming", "that same", "this same", "this", "last", "next", "past", "previous",
    "preceding", "coming", "following", "same", "that", "current",
)  # fmt: skip
LONGEST_ABBREVIATION = 4
# Words after which a number of four digits is a year, and words after which it is none.
YEAR_AFTER = listed(
    """in since until till by during from between before after around circa c ca late early mid year spring
    summer autumn fall winter through"""
)
NO_YEAR_AFTER = listed(
    """0 p pp no nos number numbers page pages room route flight highway section article resolution model
    area form box channel suite building version unit line lot item level windows office boeing airbus
    than least most nearly almost some exceeding only asteroid population phone call dial extension ext
    code bus train class type serial id isbn issn patent paragraph verse rs usd eur top score scored
    altitude another further extra additional all these those fortune"""
)
# What is counted in thousands: after these words' numbers no year is meant.
COUNTED = listed(
    """people persons spectators fans delegates protesters protestors demonstrators guests schoolchildren
    men women children students pupils workers employees jobs soldiers troops homes houses members votes
    seats mile miles kilometers kilometres km feet foot ft meter meters metre metres m kg lb lbs pounds
    ton tons tonnes gram grams dollars euros points words pages copies units cars vehicles aircraft
    planes hour hours hrs hp rpm mm cm hz khz mhz ghz calories items cases deaths patients participants
    respondents documents degrees gmt utc percent times days weeks months year years million billion
    passengers visitors residents inhabitants families victims prisoners others more sq square cubic
    inches litres liters acres hectares species books stars games seconds minutes bytes kb mb gb volts
    watts kw mw yards"""
)
# Of these, what cannot follow a year even after a word such as "in".
MEASURES = listed(
    """mile miles kilometers kilometres km feet foot ft meter meters metre metres m kg lb lbs pounds
    ton tons tonnes gram grams dollars euros hours hrs hp rpm mm cm hz khz mhz ghz degrees gmt utc
    percent times days weeks months years year million billion sq square cubic inches litres liters
    acres hectares seconds minutes bytes kb mb gb volts watts kw mw yards homes houses words pages"""
)
# Newspapers and programmes named for a day.
PAPERS = (*listed("times mirror telegraph post mail express herald world people star tribune"), "night live")
UNITS = ("day", "week", "weekend", "fortnight", "month", "quarter", "year", "decade", "century")


def read_number(words: str) -> int | None:
    """Return the number that digits, number words or an article say; None for `several`."""
    words = words.lower()
    if words.isdecimal():
        return int(words)
    if words in {"a", "an"}:
        return 1
    tens, _, ones = words.replace(" ", "-").partition("-")
    if not ones:
        return ONES.get(tens) or TENS.get(tens)
    return TENS[tens] + ONES[ones] if tens in TENS and ones in ONES else None


def read_ordinal(words: str) -> int | None:
    """Return the number that `third` or `3rd` says."""
    digits = words[:-2]
    return int(digits) if digits.isdecimal() else ORDINALS.get(words.lower())


def is_short(word: str) -> bool:
    """Tell whether the name of a month or weekday is an abbreviation."""
    return word == "thurs" or (len(word) <= LONGEST_ABBREVIATION and word not in {"may", "june", "july"})


def month_number(name: str, language: str) -> int:
    """Return the number of a month from its name or abbreviation."""
    months = CALENDARS[language].months if language in CALENDARS else ENGLISH_MONTHS
    return months[name.lower().rstrip(".")]
