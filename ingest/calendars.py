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
    "ca": numbered(
        "gener|gen febrer|febr març abril|d'abril|d’abril maig juny juliol agost|d'agost|d’agost"
        " setembre|set octubre|d'octubre|d’octubre novembre desembre|des"
    ),
    "gl": numbered(
        "xaneiro|xan febreiro|febr marzo abril maio xuño xullo agosto setembro outubro novembro decembro|dec"
    ),
    "sk": numbered(
        "januára|január|januári februára|február|februári marca|marec|marci apríla|apríl|apríli mája|máj|máji"
        " júna|jún|júni júla|júl|júli augusta|august|auguste septembra|september|septembri"
        " októbra|október|októbri novembra|november|novembri decembra|december|decembri"
    ),
    "sl": numbered(
        "januarja|januar|januarju februarja|februar|februarju marca|marec|marcu aprila|april|aprilu"
        " maja|maj|maju junija|junij|juniju julija|julij|juliju avgusta|avgust|avgustu"
        " septembra|september|septembru oktobra|oktober|oktobru novembra|november|novembru"
        " decembra|december|decembru"
    ),
    # `listopada` is October here and November in Polish; `normalize.dates` tells one from the other.
    "hr": numbered(
        "siječnja|siječanj|siječnju veljače|veljača|veljači ožujka|ožujak|ožujku travnja|travanj|travnju"
        " svibnja|svibanj|svibnju lipnja|lipanj|lipnju srpnja|srpanj|srpnju kolovoza|kolovoz|kolovozu"
        " rujna|rujan|rujnu listopada studenoga|studenog|studeni|studenom prosinca|prosinac|prosincu"
    ),
    "sr": numbered(
        "januara|januar|јануара|јануар februara|februar|фебруара|фебруар marta|mart|марта|март"
        " aprila|april|априла|април maja|maj|маја|мај juna|jun|јуна|јун jula|jul|јула|јул"
        " avgusta|avgust|августа|август septembra|septembar|септембра|септембар"
        " oktobra|oktobar|октобра|октобар novembra|novembar|новембра|новембар"
        " decembra|decembar|децембра|децембар"
    ),
    "bg": numbered(
        "януари|ян февруари|февр март април|апр май юни юли август|авг септември|септ октомври|окт"
        " ноември|ноем декември|дек"
    ),
    "fi": numbered(
        "tammikuuta|tammikuu|tammikuussa helmikuuta|helmikuu|helmikuussa maaliskuuta|maaliskuu|maaliskuussa"
        " huhtikuuta|huhtikuu|huhtikuussa toukokuuta|toukokuu|toukokuussa kesäkuuta|kesäkuu|kesäkuussa"
        " heinäkuuta|heinäkuu|heinäkuussa elokuuta|elokuu|elokuussa syyskuuta|syyskuu|syyskuussa"
        " lokakuuta|lokakuu|lokakuussa marraskuuta|marraskuu|marraskuussa joulukuuta|joulukuu|joulukuussa"
    ),
    "et": numbered(
        "jaanuar|jaanuaril|jaanuaris veebruar|veebruaril|veebruaris märts|märtsil|märtsis"
        " aprill|aprillil|aprillis mai|mail|mais juuni|juunil|juunis juuli|juulil|juulis"
        " august|augustil|augustis september|septembril|septembris oktoober|oktoobril|oktoobris"
        " november|novembril|novembris detsember|detsembril|detsembris"
    ),
    "hu": numbered(
        "január|jan február|febr március|márc április|ápr május|máj június|jún július|júl augusztus|aug"
        " szeptember|szept október|okt november|nov december|dec"
    ),
    "lt": numbered(
        "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio"
    ),
    "lv": numbered(
        "janvāris|janvārī februāris|februārī marts|martā aprīlis|aprīlī maijs|maijā jūnijs|jūnijā"
        " jūlijs|jūlijā augusts|augustā septembris|septembrī oktobris|oktobrī novembris|novembrī"
        " decembris|decembrī"
    ),
    "is": numbered(
        "janúar|jan febrúar|feb mars apríl maí júní júlí ágúst september|sept október|okt nóvember|nóv"
        " desember|des"
    ),
    "id": numbered(
        "januari|jan februari|feb maret april|apr mei juni|jun juli|jul|julai agustus|agt|ogos"
        " september|sep|sept oktober|okt november|nov desember|des|disember"
    ),
    "he": numbered(
        "ינואר|בינואר פברואר|בפברואר מרץ|מרס|במרץ|במרס אפריל|באפריל מאי|במאי יוני|ביוני יולי|ביולי"
        " אוגוסט|באוגוסט ספטמבר|בספטמבר אוקטובר|באוקטובר נובמבר|בנובמבר דצמבר|בדצמבר"
    ),
    # As Iran and Afghanistan write the months of the West.
    "fa": numbered(
        "ژانویه|جنوری فوریه|فبروری مارس|مارچ آوریل|اپریل مه|می ژوئن|جون ژوئیه|جولای اوت|آگوست|اگست"
        " سپتامبر|سپتمبر اکتبر|اکتوبر نوامبر|نومبر دسامبر|دسمبر"
    ),
    "hi": numbered(
        "जनवरी फ़रवरी|फरवरी|फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर|सितम्बर अक्टूबर|अक्तूबर नवंबर|नवम्बर दिसंबर|दिसम्बर"
    ),
    "bn": numbered(
        "জানুয়ারি|জানুয়ারি|জানুয়ারী ফেব্রুয়ারি|ফেব্রুয়ারি|ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট|আগষ্ট"
        " সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর"
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
    "ca": numbered("dilluns dimarts dimecres dijous divendres dissabte diumenge"),
    "gl": numbered("luns martes mércores xoves venres sábado domingo"),
    "sk": numbered("pondelok utorok streda|stredu štvrtok piatok sobota|sobotu nedeľa|nedeľu"),
    "sl": numbered("ponedeljek torek sreda|sredo četrtek petek sobota|soboto nedelja|nedeljo"),
    "hr": numbered("ponedjeljak utorak srijeda|srijedu četvrtak petak subota|subotu nedjelja|nedjelju"),
    "sr": numbered(
        "ponedeljak|понедељак utorak|уторак sreda|sredu|среда|среду četvrtak|четвртак petak|петак"
        " subota|subotu|субота|суботу nedelja|nedelju|недеља|недељу"
    ),
    "bg": numbered("понеделник вторник сряда четвъртък петък събота неделя"),
    "fi": numbered(
        "maanantai|maanantaina tiistai|tiistaina keskiviikko|keskiviikkona torstai|torstaina"
        " perjantai|perjantaina lauantai|lauantaina sunnuntai|sunnuntaina"
    ),
    "et": numbered(
        "esmaspäev|esmaspäeval teisipäev|teisipäeval kolmapäev|kolmapäeval neljapäev|neljapäeval"
        " reede|reedel laupäev|laupäeval pühapäev|pühapäeval"
    ),
    "hu": numbered("hétfő kedd szerda csütörtök péntek szombat vasárnap"),
    "lt": numbered(
        "pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis"
    ),
    "lv": numbered("pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētdiena"),
    "is": numbered(
        "mánudagur|mánudaginn þriðjudagur|þriðjudaginn miðvikudagur|miðvikudaginn fimmtudagur|fimmtudaginn"
        " föstudagur|föstudaginn laugardagur|laugardaginn sunnudagur|sunnudaginn"
    ),
    "id": numbered("senin selasa rabu kamis jumat|jum'at sabtu minggu"),
    "he": numbered("יום_שני יום_שלישי יום_רביעי יום_חמישי יום_שישי יום_שבת יום_ראשון"),
    "fa": numbered("دوشنبه سه‌شنبه چهارشنبه پنجشنبه|پنج‌شنبه جمعه شنبه یکشنبه|یک‌شنبه"),
    "hi": numbered("सोमवार मंगलवार बुधवार गुरुवार|बृहस्पतिवार शुक्रवार शनिवार रविवार"),
    "bn": numbered("সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার"),
}
SHORT_WEEKDAYS = numbered("mon tue|tues wed thu|thur|thurs fri sat sun")
# The longest first, so that a pattern does not stop at `sep` of `september`.
MONTH_PATTERN = "|".join(sorted(MONTHS["en"], key=len, reverse=True))
MONTHS["nb"], WEEKDAYS["nb"] = MONTHS["no"], WEEKDAYS["no"]
# The names of all languages together: none is that of another month elsewhere but what Croatian has alone.
ANY_MONTH = {
    **MONTHS["hr"],
    **{name: number for key, names in MONTHS.items() if key != "hr" for name, number in names.items()},
}
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
