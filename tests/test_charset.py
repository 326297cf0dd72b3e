"""Bytes become text without loss, and doubts are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.charset import decode
from ingest.errors import ItemError

WESTERN_EUROPE = """\
The fête raised £40 for the lifeboat, more than last year.
The price was £0.04, down from £0.05 in the spring.
Her fiancé reviewed a naïve play about Brontë.
Temperatures fell to -5° overnight, and the road was ice.
Les pêcheurs dînèrent à l'hôtel où le maire les avait invités.
L'élève reçut une médaille à Noël.
Die Bürger müssen für die Straße zahlen.
Über den Dächern hörte man die Glocken läuten.
¿Dónde está el niño que llegó mañana?
La señora Núñez volvió a España en el año 1936.
A população não recebeu informações sobre as eleições.
João chegou à estação de São Bento às três da manhã.
La città è più bella di sera, perché c'è meno traffico.
Così finì la libertà della repubblica.
De coöperatie in België koopt geen reünie meer.
Båten låg vid kajen när fiskarna kom hem från sjön.
Ägaren får inte sälja.
Færgen til øen sejler ikke længere om vinteren, og det ærgrer beboerne.
Fiskerne på øya får ikke lenger støtte.
Tämä on hyvä päivä kävellä järven ympäri.
Pääministeri sanoi, että äänestys järjestetään syksyllä.
Það er gott veður í Reykjavík í dag, sagði Þórður.
Skipið kom að landi með mikinn afla og áhöfnin var þreytt.
La col·lecció és única a València.""".splitlines()
OF_WINDOWS = """\
“It’s a disgrace,” said Mrs O’Brien, “and the price was only £0.04.”
The fête raised £40 for the lifeboat – more than last year.
Zoë ordered a crème brûlée at the café in São João, and paid €12.50.
Sa sœur a payé 30 € pour deux œufs peints.
„Das geht so nicht“, sagte der Händler – und schloß das Geschäft.""".splitlines()
# By the charsets that they are written in: paragraphs, each of single lines.
PARAGRAPHS_ELSEWHERE = {
    "cp1250 iso-8859-2": """\
Zażółć gęślą jaźń, powiedział nauczyciel do uczniów.
Burmistrz otworzył nową szkołę.
Wczoraj spadł śnieg i zamknięto drogę do Zakopanego.

Příliš žluťoučký kůň úpěl ďábelské ódy.
Starosta města přivítal hosty na náměstí.
V neděli bude v Praze pršet, řekl meteorolog.

Primátor otvoril novú školu v treťom obvode mesta.
Kôň stál pri ceste a ľudia sa naň pozerali.
Ťažko povedať, či príde.

A város polgármestere üdvözölte a vendégeket, és őszintén örült.
Az időjárás hűvös volt, de nem esett az eső.

Gradonačelnik je otvorio novu školu u središtu grada.
Što će biti s našim ribarima, nitko ne zna.

Primarul oraşului a deschis ieri o şcoală nouă pentru copii.
Săptămâna trecută a plouat în toată ţara.

Lech Wałęsa met the miners of Łódź in the spring of 1981.
The hall shows Karel Čapek and Antonín Dvořák.""",
    "cp1254 iso-8859-9": """\
Belediye başkanı dün yeni okulu açtı.
İstanbul'da yağmur yağıyor, yollar kapalı.""",
    "cp1257 iso-8859-13": """\
Miesto meras atidarė naują mokyklą.
Žvejai grįžo į uostą, nes jūroje kilo audra.

Pilsētas mērs atklāja jaunu skolu.
Zvejnieki atgriezās ostā, jo jūrā sākās vētra.""",
    "cp1252 cp1257": """\
Linnapea avas eile uue kooli.
Täna on külm ja õhtul hakkab sadama.""",
    "cp1251 koi8-r iso-8859-5": """\
Мэр города вчера открыл новую школу.
Рыбаки вернулись в гавань, потому что на море начался шторм.
Сегодня холодно.""",
    "cp1251 koi8-u": """\
Мер міста вчора відкрив нову школу для дітей.
Рибалки повернулися до гавані, бо на морі почався шторм.""",
    "cp1253 iso-8859-7": """\
Ο δήμαρχος της πόλης άνοιξε χθες το νέο σχολείο.
Οι ψαράδες γύρισαν στο λιμάνι.""",
    "cp1256": """\
افتتح رئيس البلدية أمس مدرسة جديدة في وسط المدينة.
عاد الصيادون إلى الميناء.""",
    "shift_jis": """\
市長は昨日、新しい学校を開いた。
海で嵐が始まったので、漁師たちは港に戻った。""",
    "gbk": """\
市长昨天为新学校揭幕。
因为海上起了风暴，渔民们回到了港口。""",
    "big5": """\
市長昨天為新學校揭幕。
因為海上起了風暴，漁民們回到了港口。""",
    "euc-kr": """\
시장은 어제 새 학교를 열었다.
바다에 폭풍이 시작되어 어부들이 항구로 돌아왔다.""",
    "mac_roman cp850": """\
Le marché a été fermé dès le début de l'été, après la grève.
Sa fenêtre était fermée.""",
}
ELSEWHERE = [
    (text, charset)
    for charsets, texts in PARAGRAPHS_ELSEWHERE.items()
    for text in texts.split("\n\n")
    for charset in charsets.split()
]
LEAST_LINES_RIGHT = 0.85
SENTENCE = "Die Sonde «Lunik» erreichte den Mond – näher als je zuvor, sagte Łukasz Žižka. " * 3


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (SENTENCE.encode("utf-8"), None),
        (SENTENCE.encode("utf-8-sig"), None),
        (SENTENCE.encode("utf-16"), None),
        (SENTENCE.encode("utf-32"), None),
        (SENTENCE.encode("utf-8"), "iso-8859-1"),
        (SENTENCE.encode("utf-8"), "no-such-charset"),
        (SENTENCE.encode("iso-8859-2", "ignore"), "iso-8859-2"),
        (SENTENCE.encode("mac-roman", "ignore"), "X-Mac-Roman"),
    ],
)
def test_text_arrives_whatever_the_charset(data: bytes, declared: str | None):
    """A mark, valid UTF-8 and a true declaration are believed; a lying declaration is not."""
    text, problems = decode(data, declared)
    assert "näher als je zuvor" in text
    assert not problems


def test_utf_16_without_a_mark_is_recognised():
    """Latin letters in unmarked UTF-16 leave NULs at every other place."""
    for charset in ("utf-16-le", "utf-16-be"):
        assert decode("A plain sentence in English.".encode(charset))[0] == "A plain sentence in English."


def test_a_guess_is_told():
    """Bytes that are neither UTF-8 nor declared are read by a guess, with a warning."""
    text, problems = decode("Nos vimos en el café de la señora Núñez, dijo él.".encode("cp1252"))
    assert "café" in text
    assert [problem.code for problem in problems] == ["charset-guessed"]


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        *((line, charset) for line in WESTERN_EUROPE for charset in ("cp1252", "latin-1", "iso-8859-15")),
        *((line, "cp1252") for line in OF_WINDOWS),
        ("Sa sœur a payé 30 € pour deux œufs peints.", "iso-8859-15"),
    ],
)
def test_a_line_from_western_europe_is_read_to_the_letter(text: str, charset: str):
    """Prices, accents and quotes of a single line are not taken for letters of another language."""
    assert decode(text.encode(charset))[0] == text


@pytest.mark.parametrize(("text", "charset"), ELSEWHERE)
def test_texts_of_other_languages_are_read_in_their_charset(text: str, charset: str):
    """A paragraph says of which language it is; that it was a guess is told all the same."""
    read, problems = decode(text.encode(charset))
    assert read == text
    assert [problem.code for problem in problems] == ["charset-guessed"]


def test_most_single_lines_of_other_languages_are_right():
    """What a paragraph tells for sure, a line of it mostly does."""
    lines = [(line, charset) for text, charset in ELSEWHERE for line in text.splitlines()]
    right = sum(decode(line.encode(charset))[0] == line for line, charset in lines)
    assert right >= LEAST_LINES_RIGHT * len(lines)


def test_a_foreign_letter_far_into_a_long_text_is_read():
    """The charset is told by the lines that have such letters, however late they come."""
    text = "The committee met again, and nothing was decided.\n" * 4000 + "The fête raised £40."
    assert decode(text.encode("cp1252"))[0] == text
    assert decode(text.replace("\n", " ").encode("cp1252"))[0] == text.replace("\n", " ")


def test_latin_1_means_windows_1252():
    """Pages that declare Latin-1 have curly quotes all the same."""
    assert decode(b"\x93Poyekhali!\x94 he said, na\xefvely.", "iso-8859-1")[0].startswith("“Poyekhali!”")


def test_nul_characters_are_dropped_with_a_warning():
    """A stray NUL must not end or hide a text."""
    text, problems = decode(b"before" + b"\0" + b" after" * 100)
    assert text.startswith("before after")
    assert problems[0].code == "nul"


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty"), (b" \n ", "empty"), (bytes(range(32)) * 9, "binary")]
)
def test_what_is_no_text_is_refused_with_a_hint(data: bytes, code: str):
    """Empty and binary files are told apart, and each says what to do."""
    with pytest.raises(ItemError) as error:
        decode(data)
    assert error.value.code == code
    assert error.value.hint


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(str.strip))
def test_utf_8_is_kept_to_the_letter(text: str):
    """Any text written as UTF-8 comes back unchanged."""
    assert decode(text.encode("utf-8"))[0].lstrip("\ufeff") == text.lstrip("\ufeff")
