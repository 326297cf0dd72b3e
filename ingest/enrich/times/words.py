"""The words of dates: how languages write them, and English numbers, seasons and units.

English is read in full; of the other languages whole dates, the words that announce a year, and what
`abroad.py` lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.calendars import MONTHS, SHORT_WEEKDAYS, WEEKDAYS, numbered

if TYPE_CHECKING:
    from ingest.calendars import Words


def listed(words: str) -> frozenset[str]:
    """Return words written one after the other."""
    return frozenset(words.split())


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """How a language writes dates: lower-case names, and the words that stand between the parts.

    `year_after` are words after which a number of four digits is a year, `year_before` a pattern of
    what follows one; a number before one of the words `counted` is none. News have the words `now`.
    """

    months: Words
    weekdays: Words
    joint: str = ""
    ordinal: str = r"\."
    year_after: str
    year_before: str = ""
    counted: str = ""
    now: str = ""


ENGLISH_MONTHS = MONTHS["en"]
ENGLISH_WEEKDAYS = WEEKDAYS["en"]

CALENDARS = {
    "de": Calendar(
        months=MONTHS["de"],
        weekdays=WEEKDAYS["de"],
        joint="des",
        year_after="im in seit bis von ab vor nach um jahr jahre jahres",
        counted="stimmen menschen personen einwohner einwohnern mitarbeiter soldaten tote toten euro mark"
        " dollar franken meter metern kilometer kilometern tonnen stück seiten millionen mal uhr",
        now="heute gestern morgen",
    ),
    "fr": Calendar(
        months=MONTHS["fr"],
        weekdays=WEEKDAYS["fr"],
        joint="de",
        ordinal="er",
        year_after="en depuis de dès avant après vers année an jusqu'en",
        counted="voix personnes habitants morts blessés soldats euros francs dollars mètres kilomètres tonnes"
        " pages millions fois",
        now="hier aujourd'hui aujourd’hui demain",
    ),
    "es": Calendar(
        months=MONTHS["es"],
        weekdays=WEEKDAYS["es"],
        joint="de|del",
        ordinal="º|°|ro",
        year_after="en desde de hasta año hacia antes",
        counted="votos personas habitantes muertos heridos soldados euros pesetas pesos dólares metros"
        " kilómetros toneladas páginas millones veces",
        now="ayer hoy mañana",
    ),
    "it": Calendar(
        months=MONTHS["it"],
        weekdays=WEEKDAYS["it"],
        joint="di|del",
        ordinal="º|°",
        year_after="nel dal del al il anno fino",
        counted="voti persone abitanti morti feriti soldati euro lire dollari metri chilometri tonnellate"
        " pagine milioni volte",
        now="ieri oggi domani",
    ),
    "pt": Calendar(
        months=MONTHS["pt"],
        weekdays=WEEKDAYS["pt"] | numbered("segunda terça quarta quinta sexta"),
        joint="de|do",
        ordinal="º|°",
        year_after="em desde de até ano após",
        counted="votos pessoas habitantes mortos feridos soldados euros reais escudos dólares metros"
        " quilômetros quilómetros toneladas páginas milhões vezes",
        now="ontem hoje amanhã",
    ),
    "nl": Calendar(
        months=MONTHS["nl"],
        weekdays=WEEKDAYS["nl"],
        joint="van",
        ordinal="e|ste",
        year_after="in sinds tot van vanaf voor na jaar rond",
        counted="stemmen mensen personen inwoners doden gewonden soldaten euro gulden dollar meter kilometer"
        " ton bladzijden miljoen keer",
        now="gisteren vandaag morgen",
    ),
    "sv": Calendar(
        months=MONTHS["sv"],
        weekdays=WEEKDAYS["sv"],
        ordinal="e|:e",
        year_after="år året sedan från till mellan runt omkring före efter i hösten våren sommaren vintern",
        counted="röster människor personer invånare döda skadade soldater kronor euro dollar meter kilometer"
        " ton sidor miljoner gånger",
        now="igår idag imorgon",
    ),
    "pl": Calendar(
        months=MONTHS["pl"],
        weekdays=WEEKDAYS["pl"],
        year_after="w we od do po przed około roku rok",
        year_before=r"r\.|rok\w{0,2}",
        counted="głosów osób ludzi mieszkańców ofiar zabitych rannych żołnierzy złotych zł euro dolarów"
        " metrów kilometrów ton stron milionów razy",
        now="wczoraj dziś dzisiaj jutro",
    ),
    "cs": Calendar(
        months=MONTHS["cs"],
        weekdays=WEEKDAYS["cs"],
        year_after="v od do po před kolem roku rok roce",
        counted="hlasů osob lidí obyvatel mrtvých zraněných vojáků korun eur dolarů metrů kilometrů tun stran"
        " milionů krát",
        now="včera dnes zítra",
    ),
    "ro": Calendar(
        months=MONTHS["ro"],
        weekdays=WEEKDAYS["ro"],
        year_after="în din anul până după înainte",
        counted="voturi persoane oameni locuitori morți răniți soldați lei euro dolari metri kilometri tone",
        now="ieri azi astăzi mâine",
    ),
    "ru": Calendar(
        months=MONTHS["ru"],
        weekdays=WEEKDAYS["ru"],
        year_after="году года год годом",
        year_before=r"г\.|год\w{0,2}",
        now="вчера сегодня завтра",
    ),
    "uk": Calendar(
        months=MONTHS["uk"],
        weekdays=WEEKDAYS["uk"],
        year_after="році року рік",
        year_before=r"р\.|рок\w{0,2}|році|рік",
        now="вчора учора сьогодні завтра",
    ),
    "el": Calendar(
        months=MONTHS["el"],
        weekdays=WEEKDAYS["el"],
        joint="του",
        ordinal="η|ης",
        year_after="το του από ως μέχρι έτος",
        counted="ψήφους άτομα ανθρώπους κατοίκους νεκρούς τραυματίες ευρώ δραχμές δολάρια μέτρα χιλιόμετρα",
        now="χθες χτες σήμερα αύριο",
    ),
    "tr": Calendar(
        months=MONTHS["tr"],
        weekdays=WEEKDAYS["tr"],
        year_after="yıl yılı",
        year_before=r"yıl\w{0,8}|sene\w{0,4}",
        now="dün bugün yarın",
    ),
    "ar": Calendar(
        months=MONTHS["ar"],
        weekdays=WEEKDAYS["ar"],
        joint="من",
        year_after="عام سنة العام منذ",
        now="أمس اليوم غدا غداً",
    ),
    **{
        language: Calendar(
            months=MONTHS[language],
            weekdays=WEEKDAYS[language],
            year_after="i år året siden fra til mellem mellom omkring rundt før efter etter",
            counted="stemmer mennesker personer indbyggere innbyggere døde sårede soldater kroner euro dollar"
            " meter kilometer ton tonn sider millioner gange ganger",
            now="igår idag imorgen",
        )
        for language in ("da", "no", "nb")
    },
    **{
        language: Calendar(
            months=MONTHS[language],
            weekdays=WEEKDAYS[language],
            joint=joint,
            year_after=year_after,
            year_before=year_before,
            now=now,
        )
        for language, joint, year_after, year_before, now in (
            ("ca", "de", "any l'any l’any", "", "ahir avui demà"),
            ("gl", "de", "ano desde ata", "", "onte hoxe mañá"),
            ("sk", "", "roku rok roka", "", "včera dnes zajtra"),
            ("sl", "", "leta leto letu", "", "včeraj danes jutri"),
            ("hr", "", "godine godini godinu", "", "jučer danas sutra"),
            ("sr", "", "godine godini godinu године години годину", "", "juče danas sutra јуче данас сутра"),
            ("bg", "", "година годината през", r"г\.|годин\w{0,2}", "вчера днес утре"),
            ("fi", "", "vuonna vuoden vuodesta vuoteen", "", "eilen tänään huomenna"),
            ("et", "", "aastal aasta", r"aasta\w{0,3}", "eile täna homme"),
            ("is", "", "árið ársins ári", "", ""),
            ("id", "", "tahun sejak", "", "kemarin besok"),
            ("he", "", "בשנת שנת משנת", "", "אתמול היום מחר"),
            ("fa", "", "سال", "", "دیروز امروز فردا"),
            ("hi", "", "सन वर्ष साल", "", "आज"),
        )
    },
}
# Languages whose dates are numbers with a character after each.
IN_CHARACTERS = ("zh", "ja")
CHARACTERS_OF_NOW = "昨|今天|今日|明天|明日|星期|曜日|本周|週"

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
# Of the hour in English text.
ZONE_LETTERS, ZONE_NAMES = "BST|[ECMP][SD]?T", "Eastern|Central|Mountain|Pacific|local"
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


def weekday_number(name: str, language: str) -> int:
    """Return the number of a weekday from its name or abbreviation, in any case; 1 is Monday."""
    return {**SHORT_WEEKDAYS, **WEEKDAYS[language]}[name.lower().rstrip(".")]


def is_short(word: str) -> bool:
    """Tell whether the name of a month or weekday is an abbreviation."""
    return word == "thurs" or (len(word) <= LONGEST_ABBREVIATION and word not in {"may", "june", "july"})
