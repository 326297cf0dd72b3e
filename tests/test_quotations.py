"""Quotations: what is one and what is not, in every style of marks, and who says it."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.enrich.names import find_names
from ingest.enrich.quotations import find_quotations
from ingest.enrich.quoting.cue_words import LANGUAGES
from ingest.enrich.quoting.dialogue import find_dialogue
from ingest.enrich.quoting.quotation_marks import find_marked
from ingest.enrich.word_lists import genders
from ingest.model import Article, Facts, Mention, Quote

# Text, language, and for each quotation wanted: its words, its kind and the speaker's name or words.
STYLES = [
    ('"We are ready," said Mary Jones.', "en", [("We are ready,", "direct", "Mary Jones")]),
    ("“We are ready,” said Mary Jones.", "en", [("We are ready,", "direct", "Mary Jones")]),
    ("‘We are ready,’ said Mary Jones.", "en", [("We are ready,", "direct", "Mary Jones")]),
    ("'We are ready,' said Mary Jones.", "en", [("We are ready,", "direct", "Mary Jones")]),
    ("‘We are ready’, said Mary Jones.", "en", [("We are ready", "direct", "Mary Jones")]),
    ("``We are ready,'' said Mary Jones.", "en", [("We are ready,", "direct", "Mary Jones")]),
    ("„Wir sind bereit“, sagte Angela Weber.", "de", [("Wir sind bereit", "direct", "Angela Weber")]),
    ("»Wir sind bereit«, sagte Angela Weber.", "de", [("Wir sind bereit", "direct", "Angela Weber")]),
    ("›Wir sind bereit‹, sagte Angela Weber.", "de", [("Wir sind bereit", "direct", "Angela Weber")]),
    (
        "« Nous sommes prêts », a déclaré Marie Dupont.",
        "fr",
        [("Nous sommes prêts", "direct", "Marie Dupont")],
    ),
    (
        "«\u00a0Nous sommes prêts\u00a0», dit Marie Dupont.",
        "fr",
        [("Nous sommes prêts", "direct", "Marie Dupont")],
    ),
    ("‹Nous sommes prêts›, dit Marie Dupont.", "fr", [("Nous sommes prêts", "direct", "Marie Dupont")]),
    ("«Estamos listos», dijo Pedro Vargas.", "es", [("Estamos listos", "direct", "Pedro Vargas")]),
    ("''We are ready,'' said Mary Jones.", "en", [("We are ready,", "direct", "Mary Jones")]),
    ('“We are ready," said Mary Jones.', "en", [("We are ready,", "direct", "Mary Jones")]),
    ('"We are ready,” said Mary Jones.', "en", [("We are ready,", "direct", "Mary Jones")]),
    (
        '“It is 6" wide all over,” said Mary Jones.',
        "en",
        [('It is 6" wide all over,', "direct", "Mary Jones")],
    ),
    (
        '“It is ("Big One") to us all,” said Mary Jones.',
        "en",
        [('It is ("Big One") to us all,', "direct", "Mary Jones")],
    ),
    ('Mary Jones said:"We are ready."', "en", [("We are ready.", "direct", "Mary Jones")]),
    (
        "``We are ready,'' said Mary Jones. It rained. ``We go,'' she said.",
        "en",
        [("We are ready,", "direct", "Mary Jones"), ("We go,", "direct", "Mary Jones")],
    ),
    ("”Vi är klara,” said Mary Jones.", "en", [("Vi är klara,", "direct", "Mary Jones")]),
]
OTHER_LANGUAGES = [
    ("»Wir sind bereit«, so Angela Weber.", "de", [("Wir sind bereit", "direct", "Angela Weber")]),
    (
        "Hans Weber kam. Auf die Frage, wann sie komme, antwortete er: „Sofort, unverzüglich.“",
        "de",
        [("Sofort, unverzüglich.", "direct", "Hans Weber")],
    ),
    (
        "«Hay luz», escribió Juan Vega. “Se fue un gigante”, dijo por su parte Carlos Ruiz.",
        "es",
        [("Hay luz", "direct", "Juan Vega"), ("Se fue un gigante", "direct", "Carlos Ruiz")],
    ),
    (
        "Según Pedro Vargas, «el puerto está cerrado».",
        "es",
        [("el puerto está cerrado", "direct", "Pedro Vargas")],
    ),
    (
        "« Je pense à lui, confie Marie Dupont. Il a cru en nous. » Jean Petit est parti.",
        "fr",
        [("Je pense à lui, confie Marie Dupont. Il a cru en nous.", "direct", "Marie Dupont")],
    ),
    (
        "«Siamo pronti», ha dichiarato il presidente del Consiglio Giulio Bianchi.",
        "it",
        [("Siamo pronti", "direct", "Giulio Bianchi")],
    ),
    ("“Estamos prontos”, disse o ministro Pedro Lima.", "pt", [("Estamos prontos", "direct", "Pedro Lima")]),
    ("‘Wij zijn klaar’, aldus Jan de Vries.", "nl", [("Wij zijn klaar", "direct", "Jan de Vries")]),
    ("”Vi är klara”, sade Karl Andersson.", "sv", [("Vi är klara", "direct", "Karl Andersson")]),
    (
        "Im Gegensatz dazu lobte Hans Weber den Entwurf und ist froh: „Wir halten Wort.“",
        "de",
        [("Wir halten Wort.", "direct", "Hans Weber")],
    ),
    (
        "Según Pedro Vargas, costó mucho. «Estoy feliz», declaró Juan Ruiz, su primo, «pero falta uno».",
        "es",
        [("Estoy feliz", "direct", "Juan Ruiz"), ("pero falta uno", "direct", "Juan Ruiz")],
    ),
    ("„Jesteśmy gotowi” – powiedział Jan Nowak.", "pl", [("Jesteśmy gotowi", "direct", "Jan Nowak")]),
    ("«Мы готовы», — сказал Юрий Волков.", "ru", [("Мы готовы", "direct", "Юрий Волков")]),
    ("«Мы готовы», — сказал писатель.", "ru", [("Мы готовы", "direct", "писатель")]),
    (
        "– Chcemy wyborów wolnych – mówił Jan Nowak. – Czekaliśmy długo.",
        "pl",
        [("Chcemy wyborów wolnych", "direct", "Jan Nowak")],
    ),
    (
        "—Nunca dejó de leer —recordó su hermano Juan Vega—. Leía mucho.",
        "es",
        [("Nunca dejó de leer", "direct", "Juan Vega")],
    ),
    ("— Диктатура впала, — заявила Оксана Гнатюк.", "uk", [("Диктатура впала", "direct", "Оксана Гнатюк")]),
    ("– Jag såg en man, säger Karl Andersson.", "sv", [("Jag såg en man", "direct", "Karl Andersson")]),
    ("— Vous avez gagné ! lui dit Jean Petit.", "fr", [("Vous avez gagné !", "direct", "Jean Petit")]),
    ("– pommes, poires\n– prunes – des rouges", "fr", []),
    ("渔民王强说\uff1a“灯塔熄灭了。”", "zh", [("灯塔熄灭了。", "direct", "渔民王强")]),
    (
        "“我很高兴\uff0c”李梅说\uff0c“灯又亮了。”",
        "zh",
        [("我很高兴\uff0c", "direct", "李梅"), ("灯又亮了。", "direct", "李梅")],
    ),
    ("市長は会見で「灯台は消えた」と述べた。", "ja", [("灯台は消えた", "direct", "市長")]),
    ("「灯台は消えた」と漁師の森次郎さんは語った。", "ja", [("灯台は消えた", "direct", "漁師の森次郎さん")]),
    ("وقال عمر الحلبي: «انطفأت المنارة».", "ar", [("انطفأت المنارة", "direct", "عمر الحلبي")]),
    (
        "وقالت ليلى بن عيسى: «عاد النور». وأضافت: «نحن سعداء».",
        "ar",
        [("عاد النور", "direct", "ليلى بن عيسى"), ("نحن سعداء", "direct", "ليلى بن عيسى")],
    ),
    ("وأدان الوزير القرار، وأضاف: «لن نسمح بذلك».", "ar", [("لن نسمح بذلك", "direct", None)]),
    ("«Ми готові», — заявила Оксана Гнатюк.", "uk", [("Ми готові", "direct", "Оксана Гнатюк")]),
    ("„Es ist aus“, sagte am Dienstagabend Angela Weber.", "de", [("Es ist aus", "direct", "Angela Weber")]),
    ("„To koniec” – powiedział w środę Jan Nowak.", "pl", [("To koniec", "direct", "Jan Nowak")]),
    ("«Это конец», — заявил в среду Юрий Волков.", "ru", [("Это конец", "direct", "Юрий Волков")]),
    ("“Acabou”, disse na terça-feira Pedro Lima.", "pt", [("Acabou", "direct", "Pedro Lima")]),
    (
        "Ihr Anwalt, Peter Weber, kündigte Revision an: „Das Urteil hat keinen Bestand.“",
        "de",
        [("Das Urteil hat keinen Bestand.", "direct", "Peter Weber")],
    ),
]
INNER_MARKS = [
    (
        "‘It’s the dogs’ dinner and I don’t want it,’ said Tom Brown.",
        "en",
        [("It’s the dogs’ dinner and I don’t want it,", "direct", "Tom Brown")],
    ),
    (
        "'It's the dogs' dinner, don't you think?' said Tom Brown.",
        "en",
        [("It's the dogs' dinner, don't you think?", "direct", "Tom Brown")],
    ),
    (
        "“He told me ‘never again’ and left,” said Mary Jones.",
        "en",
        [("He told me ‘never again’ and left,", "direct", "Mary Jones")],
    ),
    (
        "‘He told me “never again” and left,’ said Mary Jones.",
        "en",
        [("He told me “never again” and left,", "direct", "Mary Jones")],
    ),
    (
        "« Il a dit “jamais” hier », a expliqué Marie Dupont.",
        "fr",
        [("Il a dit “jamais” hier", "direct", "Marie Dupont")],
    ),
]
CUES = [
    (
        'As Mary Jones likes to say, "Nobody pays." My aunt used to say, "Rain pays all."',
        "en",
        [("Nobody pays.", "direct", "Mary Jones"), ("Rain pays all.", "direct", "My aunt")],
    ),
    (
        'According to a statement from Mary Jones, "all of it was done with care."',
        "en",
        [("all of it was done with care.", "direct", "Mary Jones")],
    ),
    ('Judge Mary Jones KC said: "We are ready."', "en", [("We are ready.", "direct", "Mary Jones")]),
    (
        'Mary Jones paints, in her own words, to "find the light" and to "keep warm".',
        "en",
        [("find the light", "partial", "Mary Jones"), ("keep warm", "partial", "Mary Jones")],
    ),
    (
        'The club is small. In Mary Jones\'s words, "it is a hut".',
        "en",
        [("it is a hut", "direct", "Mary Jones")],
    ),
    (
        '"People feel warm" when they are in a club, said Mary Jones, a baker.',
        "en",
        [("People feel warm", "partial", "Mary Jones")],
    ),
    (
        'Mary Jones said: "It rained all day"... "and all of the long night after."',
        "en",
        [
            ("It rained all day", "direct", "Mary Jones"),
            ("and all of the long night after.", "direct", "Mary Jones"),
        ],
    ),
    (
        'Mary Jones, a baker, explained the cause saying, "It rained all day."',
        "en",
        [("It rained all day.", "direct", "Mary Jones")],
    ),
    (
        'Mary Jones cited a report saying, "It rained all day."',
        "en",
        [("It rained all day.", "direct", "a report")],
    ),
    (
        'His lawyer, William "Bill" Smith, has said he would testify only "if compelled."',
        "en",
        [("if compelled.", "partial", 'William "Bill" Smith')],
    ),
    ('Mary Jones said: "We are ready."', "en", [("We are ready.", "direct", "Mary Jones")]),
    ('Mary Jones said, "We are ready."', "en", [("We are ready.", "direct", "Mary Jones")]),
    ('Said Mary Jones: "We are ready."', "en", [("We are ready.", "direct", "Mary Jones")]),
    ('"We are ready," Mary Jones told reporters.', "en", [("We are ready,", "direct", "Mary Jones")]),
    (
        '"We are ready," Mary Jones, the mayor of Leeds, told reporters in London.',
        "en",
        [("We are ready,", "direct", "Mary Jones")],
    ),
    (
        'Mary Jones, who has led the club since May, said the plan was "too much to ask".',
        "en",
        [("too much to ask", "partial", "Mary Jones")],
    ),
    (
        '"We," said Mary Jones, "are ready." Nobody was.',
        "en",
        [("We,", "direct", "Mary Jones"), ("are ready.", "direct", "Mary Jones")],
    ),
    (
        '"We are ready," said Mary Jones. "We always were."',
        "en",
        [("We are ready,", "direct", "Mary Jones"), ("We always were.", "direct", "Mary Jones")],
    ),
    (
        'Mary Jones said she was "glad to be back", adding that "the work goes on".',
        "en",
        [("glad to be back", "partial", "Mary Jones"), ("the work goes on", "partial", "Mary Jones")],
    ),
    (
        'According to Mary Jones, "the bridge was never safe".',
        "en",
        [("the bridge was never safe", "direct", "Mary Jones")],
    ),
    (
        'The bridge was "never safe", according to Mary Jones.',
        "en",
        [("never safe", "partial", "Mary Jones")],
    ),
    ('In the words of Mary Jones, "It is over."', "en", [("It is over.", "direct", "Mary Jones")]),
    ('It was described as "a great leap" by Mary Jones.', "en", [("a great leap", "partial", "Mary Jones")]),
    ('"It is over," Reuters quoted Mary Jones as saying.', "en", [("It is over,", "direct", "Mary Jones")]),
    ('Mary Jones called it a "disaster".', "en", [("disaster", "partial", "Mary Jones")]),
    ('Critics called the plan "a disaster".', "en", [("a disaster", "partial", "Critics")]),
    ('Critics called "a disaster" what others praised.', "en", [("a disaster", "partial", "Critics")]),
    (
        'The minister described as "absurd" that anybody had paid.',
        "en",
        [("absurd", "partial", "The minister")],
    ),
    (
        '"It held for ever." -- Senior builder working on bridges of steel\n\nIt was new.',
        "en",
        [("It held for ever.", "direct", "Senior builder working on bridges of steel")],
    ),
    (
        'It is old, but they love it:\n\n"It held for ever." -- Builder of bridges in Leeds\n\nIt was new.',
        "en",
        [("It held for ever.", "direct", "Builder of bridges in Leeds")],
    ),
    (
        '"It held for ever." - Uxo Venn\n\nIt was new.',
        "en",
        [("It held for ever.", "direct", "Uxo Venn")],
    ),
    ('"It is over," Mary Jones shares.', "en", [("It is over,", "direct", "Mary Jones")]),
    ('"It is over," points out Mary Jones.', "en", [("It is over,", "direct", "Mary Jones")]),
    ('As Mary Jones puts it, "it is over."', "en", [("it is over.", "direct", "Mary Jones")]),
    ('"It is over," the authors conclude.', "en", [("It is over,", "direct", "the authors")]),
    (
        'We share their answers:\n\n"It was built to hold for ever."\n\n- Uxo Venn (Leeds)\n\nIt fell.',
        "en",
        [("It was built to hold for ever.", "direct", "Uxo Venn")],
    ),
    ('Mary Jones maintains that it was "never safe".', "en", [("never safe", "partial", "Mary Jones")]),
    ("‘We will win’, says Jones", "en", [("We will win", "direct", "Jones")]),
    ('"We will win," O’Brien said.', "en", [("We will win,", "direct", "O’Brien")]),
    ('"We will win," Ann D’Angelo said.', "en", [("We will win,", "direct", "Ann D’Angelo")]),
    ("Mary Jones calls rivals 'losers and cheats'", "en", [("losers and cheats", "partial", "Mary Jones")]),
    ("Mary Jones: 'We are ready for them'", "en", [("We are ready for them", "direct", "Mary Jones")]),
    (
        '"Imagination is everything." — Mary Jones',
        "en",
        [("Imagination is everything.", "direct", "Mary Jones")],
    ),
    (
        '"It held."\n\n— Mary Jones, head of bridges at the City of Leeds',
        "en",
        [("It held.", "direct", "Mary Jones")],
    ),
    (
        '"It was built to hold for ever."\n\n- Uxo Venn (Leeds)\n\nIt fell.',
        "en",
        [("It was built to hold for ever.", "direct", "Uxo Venn")],
    ),
    ('"Angela Weber sagte: „Wir sind bereit.“', "de", [("Wir sind bereit.", "direct", "Angela Weber")]),
    ("« Tout est fini », selon Marie Dupont.", "fr", [("Tout est fini", "direct", "Marie Dupont")]),
    (
        "«Estamos listos», dijo Pedro Vargas. «Vamos mañana», añadió.",
        "es",
        [("Estamos listos", "direct", "Pedro Vargas"), ("Vamos mañana", "direct", "Pedro Vargas")],
    ),
    ("« Je viens », dit Marie Dupont.", "fr", [("Je viens", "direct", "Marie Dupont")]),
    (
        "Marie Dupont est venue. « Je viens », a-t-elle dit.",
        "fr",
        [("Je viens", "direct", "Marie Dupont")],
    ),
    ("Pedro Vargas habló. «Estamos listos», dijo.", "es", [("Estamos listos", "direct", "Pedro Vargas")]),
    (
        'Xu, 69, called the talks "long" and "frank".',
        "en",
        [("long", "partial", "Xu"), ("frank", "partial", "Xu")],
    ),
    (
        '"It is safe," said the head of the union, Tony Woods, on Monday.',
        "en",
        [("It is safe,", "direct", "Tony Woods")],
    ),
    (
        'She lost.\n\nMary Jones did not mind:\n\n"There will be other days."',
        "en",
        [("There will be other days.", "direct", "Mary Jones")],
    ),
]
RESOLVED = [
    # One sentence that speaks of somebody else's her does not outweigh five of his.
    (
        "Uxo Venn met her. " + "Uxo Venn took his hat. " * 5 + '"It went well," he said.',
        "en",
        [("It went well,", "direct", "Uxo Venn")],
    ),
    (
        'Mary Jones met Tom Brown in Leeds. "It went well," he said.',
        "en",
        [("It went well,", "direct", "Tom Brown")],
    ),
    (
        'Mary Jones met Tom Brown in Leeds. "It went well," she said.',
        "en",
        [("It went well,", "direct", "Mary Jones")],
    ),
    (
        '"It went well," said Tom Brown. "We won," he added.',
        "en",
        [("It went well,", "direct", "Tom Brown"), ("We won,", "direct", "Tom Brown")],
    ),
    (
        'Mr Kowal met Mrs Nowak in Leeds. "It went well," she said.',
        "en",
        [("It went well,", "direct", "Nowak")],
    ),
    (
        'Police spokeswoman Mary Jones arrived. "We are late," the spokeswoman said.',
        "en",
        [("We are late,", "direct", "Mary Jones")],
    ),
    (
        'Mary Jones, the director of the museum, arrived. The director said: "We open today."',
        "en",
        [("We open today.", "direct", "Mary Jones")],
    ),
]
OPEN = [
    # Two who fit, nobody who fits, and nobody named: the words stay, without a person.
    ('Mary Jones met Anne Smith. "It went well," he said.', "he"),
    ('The spokesman said: "We are late."', "The spokesman"),
    ('A spokesman for NASA said: "We are late."', "A spokesman for NASA"),
    ('"We are late," said a resident of Leeds.', "a resident of Leeds"),
    ('The company said it was "working hard on a remedy".', "The company"),
    ('We’ve always said, "It will hold."', "We"),
    ('I\'m saying: "It will hold."', "I"),
    (
        'The spokesman Tom Brown came. Later the spokesman Bill Gray spoke. "Late," the spokesman said.',
        "the spokesman",
    ),
]
NOBODY = [
    'It rained all day.\n\nMyth 1: "It will never hold us all."',
    'Don’t say: "It will never hold us all."',
    # Whom it is told and what is made of it do not say it.
    'You are always telling Mary Jones: "It will never hold us all."',
    '"Will it ever hold us all?" Answers were then shared.',
    'It rained all day. "It will never hold us all."',
    '"It will never hold us all."\n\n- Mary Jones left the club in May.\n\n- Tom Brown left in June.',
    '"It will never hold us all."\n\n– Soon after, it fell.',
    'It rained all day. "It will never hold us all." – Rain came down on the bridge.',
    '"It will never hold us all."\n\n– Mary Jones, ' + "who had seen it, " * 10,
]
NONE = [
    'The so-called "experts" were wrong again.',
    "Her 'friends' left early.",
    'Its author wrote "Tender Is the Night" years later.',
    'He saw "Casablanca" twice at the cinema.',
    'She has read "War and Peace" and "Middlemarch".',
    'The band played "Hey Jude" and "Let It Be".',
    'John "Jack" Smith, 40, won the race.',
    'The word "set" has many meanings.',
    'They sang a song called "Over the Hills and Far Away" to the crowd.',
    'We call this "bouncing" the ball.',
    'You might say a wine is "crisp" or "tart".',
    'The house has a corner called "the bridge" or "the deck".',
    'Mary Jones said she keeps lists (referred to as "day books").',
    'Mary Jones said the lists, dubbed "day books", were lost.',
    'Mary Jones said that many PDFs labelled as "open" were not.',
    'A user named "Anonymous" wrote the code.',
    "The board was 5\" wide and 6' long; the '90s were rock 'n' roll.",
    "The dogs' dinner and the cats' beds, it's theirs.",
    "It cost 10'000 francs in the states' view.",
    "rock ’n’ roll was the ’60s’ best",
    'They sell things such as "what a wonderful world it is" and "what a day for us all".',
    'Users search for "how do I keep a cat warm" all year.',
    'Ask yourself, "Will it ever hold us all?"',
    'It raises the question, "Will it ever hold us all?"',
    'Buy one word (e.g., "how do I keep a cat warm").',
    'A book titled "How we came to keep a cat warm all year" sold.',
    'Mary Jones continued her bold "open door" walks.',
    'Acme maintains a detailed "Cat feed guide" for all.',
    'Mary Jones shares a flat with "Tom the cat" in Leeds.',
    'Mary Jones puts it all in "the box".',
    'Run `commit -m "keep the cat warm in the house"` at last.',
    'Write print("keep the cat warm in the house") at last.',
    'Jones, Mary (6 June 2014). "Keep the cat warm in the house". The Post.',
    '"Keep the cat warm in the house". The Post. Retrieved 6 June 2014.',
    'Set it to "cat <b>warm</b> in the house all year".',
    'A talk, "Keeping Cats Warm through All the Winter", was given.',
    'We have added "Focus on Cats," which is of use.',
    'Jones also wrote TCM, "The Cat Machine", for the firm.',
    'A plan of the house: "A Warm House for All Cats," by Mary Jones, in the Post.',
    '"Relay," was made in Leeds.',
    'See IRS, "How do we tax a warm cat?" January 2025.',
    "It took a lot of gas in the air.'' Then all of the three old tankers were the officials' own.",
]


def quotes(text: str, language: str = "en", mentions: Iterable[Mention] | None = None) -> list[Quote]:
    """Return the quotes of a text, with today's names or those given."""
    article = Article(title="", body="", text=text, language=language)
    found = tuple(find_names(article, Facts())) if mentions is None else tuple(mentions)
    return list(find_quotations(article, Facts(mentions=found)))  # type: ignore[arg-type] # both yield their kind


@pytest.mark.parametrize(
    ("text", "language", "wanted"), STYLES + OTHER_LANGUAGES + INNER_MARKS + CUES + RESOLVED
)
def test_quotations_are_found_with_their_speakers(
    text: str, language: str, wanted: list[tuple[str, str, str]]
):
    """Marks of every style, cues before, after and within, and people meant by pronoun or office."""
    found = [(each.quote, each.kind, each.speaker_name or each.speaker) for each in quotes(text, language)]
    assert found == wanted


@pytest.mark.parametrize(("text", "words"), OPEN)
def test_nobody_is_guessed_at(text: str, words: str):
    """Where the text does not tell who is meant, its words stay and no person is named."""
    (quote,) = quotes(text)
    assert (quote.speaker, quote.speaker_name, quote.speaker_start) == (words, None, None)


@pytest.mark.parametrize("text", NOBODY)
def test_a_quotation_without_a_speaker(text: str):
    """Where nothing names or means anybody, the quotation stands alone."""
    (quote,) = quotes(text)
    assert (quote.speaker, quote.cue, quote.confidence) == (None, None, 0)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_quotation(text: str):
    """Titles, nicknames, words held at a distance, apostrophes, feet and inches are no quotations."""
    assert quotes(text) == []


def test_a_quotation_of_several_paragraphs_is_one():
    """Each paragraph opens with a mark and only the last one closes."""
    text = "Mary Jones said: “The first was long.\n\n“The second was longer.\n\n“Then it was over.” She left."
    (quote,) = quotes(text)
    assert quote.quote == "The first was long.\n\n“The second was longer.\n\n“Then it was over."
    assert quote.speaker_name == "Mary Jones"


@pytest.mark.parametrize("marks", ["“”", '""', '“"'])
def test_a_quotation_over_paragraphs_may_open_but_once(marks: str):
    """The next mark closes it, paragraphs later; one that opens another quotation does not."""
    opening, closing = marks
    text = f"Mary Jones said: {opening}It is:\n\nlong\n\nand high.{closing} Then: {opening}We go.{closing}"
    assert [each.quote for each in quotes(text)] == ["It is:\n\nlong\n\nand high.", "We go."]


@pytest.mark.parametrize("marks", ['""', "“”", "«»", "„“"])
def test_paragraphs_of_a_quotation_open_in_every_style(marks: str):
    """The next paragraph belongs to a quotation that is still open if it begins with the same mark."""
    opening, closing = marks
    text = f"Mary Jones said: {opening}The first.\n\n{opening}The second.{closing} She left."
    assert [each.quote for each in quotes(text)] == [f"The first.\n\n{opening}The second."]


def test_a_mark_without_its_half_costs_one_paragraph():
    """The paragraphs after a mark that is never closed are read as if nothing had happened."""
    text = 'He said: "We will see.\n\nThe rain went on.\n\n"We are ready," said Mary Jones.'
    assert [each.quote for each in quotes(text)] == ["We are ready,"]


def test_the_speaker_is_a_mention_of_the_article():
    """`speaker_start` points to the mention whose name is given, also where a pronoun speaks."""
    text = '"It went well," said Mary Jones. "We won," she added.'
    mention = Mention(start=21, end=31, surface="Mary Jones", name="Mary Ann Jones", kind="PERSON")
    first, second = quotes(text, mentions=[mention])
    assert (first.speaker, second.speaker) == ("Mary Jones", "she")
    assert {(each.speaker_start, each.speaker_name) for each in (first, second)} == {(21, "Mary Ann Jones")}


def test_confidence_tells_sure_from_unsure():
    """A name beside its verb is surer than a pronoun, that surer than a person nearby, and no one is 0."""
    named, meant = quotes('"It went well," said Mary Jones. "We won," she added.')
    (nearby,) = quotes('Mary Jones frowned. "This will never work."')
    (nobody,) = quotes('It rained all day. "This will never work for any of us."')
    assert 1 > named.confidence > meant.confidence > nearby.confidence > nobody.confidence == 0


def test_a_capital_that_opens_a_sentence_is_hardly_a_name():
    """Any word has a capital there, so one that nothing else shows to be a name is a weak guess."""
    mention = Mention(start=0, end=6, surface="Fenwig", name="Fenwig", kind="PERSON")
    for text in ('Fenwig said: "It will hold."', 'It rained.\n\nFenwig: "It will hold."'):
        (opening,) = quotes(text, mentions=[])
        assert (opening.speaker, opening.confidence < 0.5) == ("Fenwig", True)
    (within,) = quotes('"It will hold," said Fenwig.', mentions=[])
    (known,) = quotes('Fenwig said: "It will hold."', mentions=[mention])
    (longer,) = quotes('Anna Fenwig said: "It will hold."', mentions=[])
    assert min(within.confidence, known.confidence, longer.confidence) > 0.8


def test_a_thing_hardly_speaks():
    """A report or a team says something as often as a person, another thing less often."""
    reported, team, answer = (
        quotes(f'{who} said: "It will hold."')[0] for who in ("The report", "The team from Leeds", "The idea")
    )
    assert reported.confidence == team.confidence > 0.8 > answer.confidence


def test_an_organisation_speaks():
    """An organisation is a speaker, and `it` goes on with its words."""
    first, second = quotes('"It launched," NASA said. "It landed," it added.')
    assert (first.speaker_name, second.speaker_name) == ("NASA", "NASA")


INTERVIEW = """Mary Jones has led the club since May. Tom Brown asked her.

BROWN: Was it hard?

JONES: It was.

But I would do it again.

Brown: Why?

Jones: For the “fun” of it.

The club meets on Mondays."""


def test_a_transcript_has_turns_without_marks():
    """Lines that begin with a person's name and a colon are turns; the last is one paragraph."""
    found = [(each.quote, each.kind, each.speaker_name) for each in quotes(INTERVIEW)]
    assert found == [
        ("Was it hard?", "transcript", "Tom Brown"),
        ("It was.\n\nBut I would do it again.", "transcript", "Mary Jones"),
        ("Why?", "transcript", "Tom Brown"),
        ("For the “fun” of it.", "transcript", "Mary Jones"),
    ]


HEARING = """Place: Leeds

Mary Jones has led the club since May.

The Daily Post: Was it hard?

Dr Jones: It was.

Photo: The Daily Post

But I would do it again.

Clerk: Time is up.

The Daily Post: Why?

Dr Jones: For the fun of it. In short:

Goal: Fun

Means: More fun

The Daily Post: Thanks."""


def test_whoever_has_a_label_in_a_transcript_has_a_turn():
    """A paper that asks and a clerk who interrupts are no part of an answer; a list within it is."""
    found = [(each.quote, each.speaker, each.speaker_name) for each in quotes(HEARING)]
    assert found == [
        ("Was it hard?", "The Daily Post", None),
        ("It was.\n\nPhoto: The Daily Post\n\nBut I would do it again.", "Dr Jones", "Mary Jones"),
        ("Time is up.", "Clerk", None),
        ("Why?", "The Daily Post", None),
        ("For the fun of it. In short:\n\nGoal: Fun\n\nMeans: More fun", "Dr Jones", "Mary Jones"),
        ("Thanks.", "The Daily Post", None),
    ]


def test_questions_and_answers_name_nobody():
    """`Q:` and `A:` are turns, and say no more than that."""
    found = quotes("Q: Was it hard?\nA: It was.\nQ: Why?\nA: It rained.")
    assert [(each.quote, each.speaker, each.speaker_name) for each in found][:2] == [
        ("Was it hard?", "Q", None),
        ("It was.", "A", None),
    ]


def test_questions_and_answers_may_have_full_stops():
    """`Q.` and `A.`, as courts and newspapers print them, are turns."""
    found = quotes("Q. Was it hard?\nA. It was.\nQ. Why?\nA. It rained.")
    assert [(each.quote, each.speaker) for each in found][:2] == [("Was it hard?", "Q"), ("It was.", "A")]


DEBATE = """Mr. Brown (Northmoor, Lab.): Will the bridge be mended?

The Minister for Bridges, Roads and Rivers (Mary Jones): It will.

Tom Brown: When?

Mary Jones: Soon."""
NAMES_ON_LINES = """Tom Brown
(Northmoor) (Lab)

Will the bridge be mended?

The Minister for Bridges, Roads and Rivers
(Mary Jones)

It will.

But we want the money first.

TOM BROWN
When?

Mary Jones

Soon."""


@pytest.mark.parametrize("text", [DEBATE, NAMES_ON_LINES.replace("\n\nBut we want the money first.", "")])
def test_speakers_of_a_debate_have_turns(text: str):
    """A seat, a party or a minister's name may stand in brackets, and the name on a line of its own."""
    found = [(each.quote, each.kind, each.speaker_name) for each in quotes(text)]
    assert found == [
        ("Will the bridge be mended?", "transcript", "Tom Brown"),
        ("It will.", "transcript", "Mary Jones"),
        ("When?", "transcript", "Tom Brown"),
        ("Soon.", "transcript", "Mary Jones"),
    ]


def test_a_turn_below_a_name_has_all_its_paragraphs():
    """What follows a name on a line of its own is that person's up to the next such name."""
    assert quotes(NAMES_ON_LINES)[1].quote == "It will.\n\nBut we want the money first."


def test_points_with_letters_are_no_questions():
    """A list of points from A to Q, as laws have, is no transcript, nor are two of them."""
    points = "".join(f"{letter}. Point {letter} of it.\n" for letter in "ABCDEFGHIJKLMNOPQ")
    assert quotes(points * 2) == []


LIVE = "10:0{0}\nTom Brown\nWe are told it rains.\n\n10:1{0}\nMary Jones\nWe hear it is dry.\n\n"
POSITIONS = "Tom Brown\nFavours the bridge.\n\nMary Jones\nOpposes the bridge.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        LIVE.format(0) + LIVE.format(1),
        LIVE.format(0).replace("\n10:10\nMary Jones", "\nMary Jones\n10:10")
        + LIVE.format(1).replace("\n10:11\nMary Jones", "\nMary Jones\n10:11"),
        POSITIONS * 2,
        "Tom Brown\nChair of the board\n\nMary Jones\nHow may I help you?\n",
    ],
)
def test_names_above_what_others_wrote_are_no_transcript(text: str):
    """Who wrote an entry of a live blog, whose position is told, and who has an office has no turn."""
    assert quotes(text) == []


def test_records_are_no_transcript():
    """Repeated labels that are nobody's names, and one single answer, are no transcript."""
    assert quotes("Place: Leeds\nDate: Monday\nPlace: York\nDate: Friday") == []
    assert quotes("Mary Jones came.\n\nJones: We will see.\n\nQ: Why?") == []
    assert quotes("Host: a.org\nOrigin: b.org\n\nThen:\n\nHost: a.org\nOrigin: b.org") == []
    assert quotes("Who?\n\nA: Tom\nB: Ann\nC: Ida\n\nWhere?\n\nA: Leeds\nB: York\nC: Hull") == []
    assert quotes("Mary Jones came.\n\nJones: Fast.\n\nPlace: Leeds\n\nJones: Slow.\n\nYear: Odd") == []


def test_given_names_with_a_gender():
    """The list knows names of many countries, and leaves out those that both bear."""
    assert (genders()["Mary"], genders()["Vladimir"], genders().get("Robin")) == ("f", "m", None)


ALPHABET = st.text(alphabet="ab MQ\n.,?!:'\"“”‘’„‚«»‹›`—- said he she\u00a0()", max_size=300)


@given(ALPHABET)
def test_offsets_enclose_the_words(text: str):
    """Every quote is the text between its offsets, in order and not overlapping, spaces cut."""
    found = quotes(text)
    for quote in found:
        assert text[quote.start : quote.end] == quote.quote == quote.quote.strip() != ""
        assert 0 <= quote.confidence <= 1
        assert (quote.speaker is None) <= (quote.speaker_name is None)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(ALPHABET)
def test_marks_enclose_their_spans(text: str):
    """Marked spans lie within their marks and do not overlap."""
    spans = find_marked(text)
    assert all(each.outer_start < each.start <= each.end < each.outer_end for each in spans)
    assert all(one.outer_end <= other.outer_start for one, other in pairwise(spans))


SIZE = 400_000
HOSTILE = {
    "straight marks": '"',
    "opening marks": "“",
    "closing marks": "”",
    "single marks": "'",
    "curly single marks": "‘ ’",
    "openings with words": " ‘word",
    "guillemets": "«»",
    "backticks": "`",
    "spaces": " ",
    "lines": "\n",
    "blank lines with spaces": "\n  ",
    "open in every paragraph": "“word\n\n",
    "capitals": "A ",
    "one long word": "a",
    "full stops": ". ",
    "full stops without spaces": ".",
    "cues": "said ",
    "commas": "Jones, ",
    "brackets": "(",
    "quotation after quotation": '"No," he said. ',
    "nothing between": '"No." ',
    "joined": '"no way at all" and ',
    "labels": "Q: a\nA: b\n",
    "label words": "Ab ",
    "names on lines": "Jones\n\nNo, I will not.\n",
    "lines of brackets": "Jones (A\n",
    "empty brackets": "Jones ( ): No.\n",
}
HOSTILE = {name: piece * (SIZE // len(piece)) for name, piece in HOSTILE.items()} | {
    "one label": "Q" * (SIZE // 2) + ":" * (SIZE // 2),
    "never ending": '"No, ' + "never " * (SIZE // 6),
    "one long quotation": '"' + "Never again. " * (SIZE // 13) + '" said Mary Jones.',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_linear_time(name: str):
    """Marks, spaces, capitals and cues without end are read; in more than linear time this would not end."""
    text = HOSTILE[name]
    mentions = [
        Mention(start=place, end=place + 1, surface=text[place], name="Mary Jones", kind="PERSON")
        for place in range(0, len(text), 50)
        if text[place].strip()
    ]
    assert all(text[each.start : each.end] == each.quote for each in quotes(text, mentions=mentions))


def test_a_row_of_marks_is_read_once():
    """A paragraph that a dash opens and marks fill takes no time that grows with their square."""
    assert list(find_dialogue("– a" + "!" * 200_000, LANGUAGES["pl"])) == []
