"""The names of months and weekdays, as they are written in full and for short, by language.

Where a language inflects them, each form is listed that dates are written with; names of two words
are joined by an underscore.
"""

from __future__ import annotations

import re

Words = dict[str, int]


def numbered(names: str, first: int = 1) -> Words:
    """Return the number of each name; names that share a number are joined by a stroke."""
    return {
        name.replace("_", " "): number
        for number, group in enumerate(names.split(), start=first)
        for name in group.split("|")
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
    "sv": numbered(
        "januari|jan februari|feb|febr mars april|apr maj juni|jun juli|jul augusti|aug"
        " september|sept|sep oktober|okt november|nov december|dec"
    ),
    "da": numbered(
        "januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug"
        " september|sept|sep oktober|okt november|nov december|dec"
    ),
    "no": numbered(
        "januar|jan februar|feb mars|mar april|apr mai juni|jun juli|jul august|aug"
        " september|sept|sep oktober|okt november|nov desember|des"
    ),
    "pl": numbered(
        "stycznia|styczeń|styczniu|sty lutego|luty|lutym|lut marca|marzec|marcu|mar"
        " kwietnia|kwiecień|kwietniu|kwi maja|maj|maju czerwca|czerwiec|czerwcu|cze"
        " lipca|lipiec|lipcu|lip sierpnia|sierpień|sierpniu|sie września|wrzesień|wrześniu|wrz"
        " października|październik|październiku|paź listopada|listopad|listopadzie|lis"
        " grudnia|grudzień|grudniu|gru"
    ),
    "cs": numbered(
        "ledna|leden|lednu února|únor|únoru března|březen|březnu dubna|duben|dubnu května|květen|květnu"
        " června|červen|červnu července|červenec|červenci srpna|srpen|srpnu září října|říjen|říjnu"
        " listopadu|listopad prosince|prosinec|prosinci"
    ),
    "ro": numbered(
        "ianuarie|ian februarie martie aprilie mai iunie|iun iulie|iul august"
        " septembrie|sept octombrie|oct noiembrie|noi decembrie|dec"
    ),
    "ru": numbered(
        "января|январь|январе|янв февраля|февраль|феврале|фев|февр марта|март|марте|мар"
        " апреля|апрель|апреле|апр мая|май|мае июня|июнь|июне|июн июля|июль|июле|июл"
        " августа|август|августе|авг сентября|сентябрь|сентябре|сен|сент"
        " октября|октябрь|октябре|окт ноября|ноябрь|ноябре|ноя|нояб декабря|декабрь|декабре|дек"
    ),
    "uk": numbered(
        "січня|січень|січні|січ лютого|лютий|лютому|лют березня|березень|березні|бер"
        " квітня|квітень|квітні|квіт травня|травень|травні|трав червня|червень|червні|черв"
        " липня|липень|липні|лип серпня|серпень|серпні|серп вересня|вересень|вересні|вер"
        " жовтня|жовтень|жовтні|жовт листопада|листопад|листопаді|лист грудня|грудень|грудні|груд"
    ),
    "el": numbered(
        "ιανουαρίου|ιανουάριος|ιανουάριο|ιαν φεβρουαρίου|φεβρουάριος|φεβρουάριο|φεβ"
        " μαρτίου|μάρτιος|μάρτιο|μαρ απριλίου|απρίλιος|απρίλιο|απρ μαΐου|μάιος|μάιο|μαϊ|μάι"
        " ιουνίου|ιούνιος|ιούνιο|ιουν ιουλίου|ιούλιος|ιούλιο|ιουλ αυγούστου|αύγουστος|αύγουστο|αυγ"
        " σεπτεμβρίου|σεπτέμβριος|σεπτέμβριο|σεπ|σεπτ οκτωβρίου|οκτώβριος|οκτώβριο|οκτ"
        " νοεμβρίου|νοέμβριος|νοέμβριο|νοε δεκεμβρίου|δεκέμβριος|δεκέμβριο|δεκ"
    ),
    "tr": numbered(
        "ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu"
        " eylül|eyl ekim|eki kasım|kas aralık|ara"
    ),
    # Names of Egypt and the Gulf, of the Levant and Iraq, of Tunisia and Algeria, of Morocco.
    "ar": numbered(
        "يناير|كانون_الثاني|جانفي فبراير|شباط|فيفري مارس|آذار|اذار أبريل|ابريل|إبريل|نيسان|أفريل"
        " مايو|أيار|ايار|ماي يونيو|يونيه|حزيران|جوان يوليو|يوليه|تموز|جويلية|يوليوز"
        " أغسطس|اغسطس|آب|أوت|غشت سبتمبر|أيلول|ايلول|شتنبر أكتوبر|اكتوبر|تشرين_الأول|تشرين_الاول"
        " نوفمبر|تشرين_الثاني|نونبر ديسمبر|كانون_الأول|كانون_الاول|دجنبر"
    ),
    "th": numbered(
        "มกราคม|ม.ค. กุมภาพันธ์|ก.พ. มีนาคม|มี.ค. เมษายน|เม.ย. พฤษภาคม|พ.ค. มิถุนายน|มิ.ย."
        " กรกฎาคม|ก.ค. สิงหาคม|ส.ค. กันยายน|ก.ย. ตุลาคม|ต.ค. พฤศจิกายน|พ.ย. ธันวาคม|ธ.ค."
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
    "sv": numbered(
        "måndag|måndagen tisdag|tisdagen onsdag|onsdagen torsdag|torsdagen"
        " fredag|fredagen lördag|lördagen söndag|söndagen"
    ),
    "da": numbered("mandag tirsdag onsdag torsdag fredag lørdag søndag"),
    "no": numbered("mandag tirsdag onsdag torsdag fredag lørdag søndag"),
    "pl": numbered("poniedziałek wtorek środa|środę czwartek piątek sobota|sobotę niedziela|niedzielę"),
    "cs": numbered("pondělí úterý středa|středu čtvrtek pátek sobota|sobotu neděle|neděli"),
    "ro": numbered("luni marți miercuri joi vineri sâmbătă duminică"),
    "ru": numbered("понедельник вторник среда|среду четверг пятница|пятницу суббота|субботу воскресенье"),
    "uk": numbered(
        "понеділок вівторок середа|середу четвер п’ятниця|п’ятницю|п'ятниця|п'ятницю"
        " субота|суботу неділя|неділю"
    ),
    "el": numbered("δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή"),
    "tr": numbered("pazartesi salı çarşamba perşembe cuma cumartesi pazar"),
    "ar": numbered("الاثنين|الإثنين الثلاثاء الأربعاء|الاربعاء الخميس الجمعة السبت الأحد|الاحد"),
    "th": numbered("จันทร์ อังคาร พุธ พฤหัสบดี|พฤหัส ศุกร์ เสาร์ อาทิตย์"),
}
SHORT_WEEKDAYS = numbered("mon tue|tues wed thu|thur|thurs fri sat sun")
# The longest first, so that a pattern does not stop at `sep` of `september`.
MONTH_PATTERN = "|".join(sorted(MONTHS["en"], key=len, reverse=True))
MONTHS["nb"], WEEKDAYS["nb"] = MONTHS["no"], WEEKDAYS["no"]
# The names of all languages together: none is that of another month elsewhere.
ANY_MONTH = {name: number for names in MONTHS.values() for name, number in names.items()}
ANY_MONTH_PATTERN = "|".join(re.escape(name) for name in sorted(ANY_MONTH, key=len, reverse=True))
# The year before the first of an era that counts its own.
ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
# The Buddhist calendar of Thailand is so many years ahead.
BUDDHIST = 543
# The digits of Arabic, Persian, Devanagari, Bengali, Thai, and the wide ones of Chinese and Japanese.
NOUGHTS = "\u0660\u06f0\u0966\u09e6\u0e50\uff10"
DIGITS = {ord(nought) + number: str(number) for nought in NOUGHTS for number in range(10)}


def full_names(names: Words) -> tuple[str, ...]:
    """Return the first name of each number with a capital, as English writes it: `January`, `Monday`."""
    firsts: dict[int, str] = {}
    for name, number in names.items():
        firsts.setdefault(number, name.capitalize())
    return tuple(firsts.values())


def month_number(name: str, language: str = "en") -> int:
    """Return the number of a month from its name, abbreviation or digits, in any case; 1 is January."""
    if name.isdecimal():
        return int(name)
    return MONTHS.get(language, MONTHS["en"])[name.lower().rstrip(".")]


def western_digits(text: str) -> str:
    """Return a text of the same length with the digits of other scripts as 0 to 9."""
    return text if text.isascii() else text.translate(DIGITS)
