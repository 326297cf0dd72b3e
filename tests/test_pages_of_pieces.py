"""Pages made of many pieces: posts, questions, letters, entries; no piece of them is lost without a word."""

from collections.abc import Callable

import pytest

from tests.test_web_pages import normalize

STORM = (
    "The harbour board met on Tuesday to hear what the storm had done to the eastern mole.",
    "Nobody had expected the swell to reach the fish hall, which stands four metres above the quay.",
    "Two trawlers broke their moorings and drifted as far as the dry dock before they were caught.",
    "The master of the pilot boat said that he had never seen the sound so white in thirty years.",
    "Repairs are put at nine million crowns, of which the county has promised a third so far.",
    "A report will lie before the council in March, when the budget for the coming year is made.",
)
NAVIGATION = (
    '<header class="site-header"><a href="/">The Harbour Post</a><nav class="main-nav"><ul><li>'
    '<a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>'
)
FOOT = (
    '<aside class="sidebar"><h3>Most read</h3><ul><li><a href="/a">Council votes on the bridge over the'
    " narrows</a></li></ul></aside><footer><p>Copyright, The Harbour Post. All rights reserved.</p></footer>"
)
POSTS = (
    "Does anybody know which varnish lasts on an oak rudder? Mine peels every spring, whatever I do.",
    "Linseed oil.",
    "I had the same with my father's boat. We sanded it bare and gave it six coats, a day between each.",
    "Thanks Marit! Six coats, really?",
    "Six. Not one less. And never paint in the sun.",
)
ASKED = {
    "When does the ferry sail?": "At seven, noon and five. On Sundays at ten only.",
    "May I bring a dog, a goat, or another animal of that size on board?": "Yes, if it lies under a bench.",
    "Is there coffee?": "Yes.",
}
LETTERS = {
    "Ola Dahl": "Your report on the mole leaves out the sand. Each winter it drifts, and the county pays.",
    "Per Lund": "I was born above the fish hall. It must not go, whatever the engineers may say.",
    "Eva Holm": "How good it was to hear singing on the ferry! More of that, and less of the loudspeaker.",
}
ENTRIES = {
    "16:42": "The ferry has left the quay with forty on board, the master says. The first since Sunday.",
    "15:10": "All houses on the north side have light again.",
    "12:20": "Divers found two holes in the mole. The larger is eleven metres wide; boats keep away.",
}
NOTED = (
    "<p>Ida says.<sup id='r1'><a href='#n1'>1</a></sup></p><p>Per, too.<sup><a href='#n2'>2</a></sup></p>"
    "<section class='footnotes'><hr><ol><li id='n1'><p>Minutes, 1911. <a href='#r1'>↩</a></p></li>"
    "<li id='n2'><p>Ibid. <a href='#r2'>↩</a></p></li></ol></section>"
)


def text_of(main: str) -> str:
    """Return the text of the article on a page that has all of this as its main part."""
    page = f"<html><head><title>The mole</title></head><body>{NAVIGATION}{main}{FOOT}</body></html>"
    text = normalize(page)[0].text
    assert "Copyright" not in text
    assert "narrows" not in text
    return text


def storm(first: int, last: int) -> str:
    """Return some paragraphs of an article."""
    return "".join(f"<p>{line}</p>" for line in STORM[first:last])


def article(amid: str = "", below: str = "") -> str:
    """Return an article with something amid its paragraphs, or below them."""
    return f"<article><h1>The mole</h1>{storm(0, 3)}{amid}{storm(3, 6)}{below}</article>"


def phpbb(post: str) -> str:
    """Return a post as phpBB sets it."""
    return (
        '<div class="post has-profile"><div><dl class="postprofile"><dt><a href="/u">ida</a>'
        '</dt></dl><div class="postbody"><div><h3><a href="#p1">Re: Varnish</a></h3><p class="author">by '
        '<a href="/u">ida</a> » 12 Mar 2019, 14:00</p>'
        f'<div class="content">{post}</div></div></div></div></div>'
    )


def xenforo(post: str) -> str:
    """Return a post as XenForo sets it."""
    return (
        '<article class="message"><div class="inner"><div class="message-user"><h4><a href="/u">ida</a>'
        '</h4></div><div class="message-main"><div class="message-content"><article class="message-body">'
        f'<div class="bbWrapper">{post}</div></article></div></div></div></article>'
    )


@pytest.mark.parametrize("written", [phpbb, xenforo])
def test_every_post_of_a_thread_is_read(written: Callable[[str], str]):
    """Short answers and those that no reading of the page took for its main part are there."""
    text = text_of(f'<div class="thread"><h1>Varnish</h1>{"".join(map(written, POSTS))}</div>')
    assert [post for post in POSTS if post not in text] == []


@pytest.mark.parametrize(
    "button",
    [
        '<h2 class="accordion-header"><button type="button" data-bs-toggle="collapse">{}</button></h2>',
        '<button aria-expanded="false"><span>{}</span></button>',
        '<div class="expand"><h4><a data-toggle="collapse" href="#a1">{}</a></h4></div>',
    ],
)
def test_questions_that_unfold_are_headings(button: str):
    """A question that is a button to its answer stands above it."""
    pairs = (
        f'<div class="item">{button.format(asked)}<div class="panel"><p>{told}</p></div></div>'
        for asked, told in ASKED.items()
    )
    text = text_of(article(amid=f'<div class="accordion">{"".join(pairs)}</div>'))
    words = [each for pair in ASKED.items() for each in pair]
    assert sorted(words, key=text.index) == words


def test_a_button_within_a_sentence_is_of_it():
    """A name or a term that opens an explanation is not torn from its sentence; what does something is."""
    name, term = '<button class="tip">Mara Quill</button>', "<button>mole</button>"
    told = f"<p>The new ferry, said {name} on Tuesday, calls at the {term}, too."
    text = text_of(article(amid=f"{told} <button>Copy link</button></p>"))
    assert "said Mara Quill on Tuesday, calls at the mole, too." in text
    assert "Copy" not in text


def test_buttons_that_are_no_questions_are_no_text():
    """What opens a menu, or does something, is not of the article."""
    menu = '<button aria-expanded="false">All sections</button><ul><li><a href="/n">News today</a></li></ul>'
    text = text_of(article(amid=f'{menu}<button class="share">Share this article</button>'))
    assert "sections" not in text
    assert "Share" not in text


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<aside><ul><li>Built in 1874<li>412 metres from end to end<li>90,000 stones</ul></aside>",
         ("Built in 1874", "412 metres", "90,000")),
        ("<figure><video src='a.mp4'></video><figcaption>The pilot boat at noon.</figcaption></figure>",
         ("The pilot boat at noon.",)),
    ],
    ids=["list", "film"],
)  # fmt: skip
def test_what_stands_amid_the_text_is_read(html: str, words: tuple[str, ...]):
    """All points of a list are kept where one is, and captions of what is no picture."""
    text = text_of(article(amid=html))
    assert [each for each in words if each not in text] == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div class='embed'><h2>In brief</h2><ul><li>Gull steals purse.<li>Choir sings.</ul></div>",
         ("In brief", "Gull steals purse.", "Choir sings.")),
        ("<aside class='correction'><p><b>Correction</b>: an earlier version had another height.</p></aside>",
         ("had another height",)),
        ("<footer><p><em>This article was amended to say that the hearse was empty.</em></p></footer>",
         ("the hearse was empty",)),
        (f"<div style='display:none'><p>On Friday a hearse and a choir sailed. {STORM[0]}</p></div>",
         ("a hearse and a choir",)),
        (NOTED, ("Minutes, 1911.", "Ibid.")),
    ],
    ids=["list", "correction", "amended", "unfolds", "note"],
)  # fmt: skip
def test_what_stands_below_the_text_is_read(html: str, words: tuple[str, ...]):
    """A list that ends a text is of it, and so are corrections, notes and what unfolds."""
    text = text_of(article(below=html))
    assert [each for each in words if each not in text] == []


def test_letters_have_their_writers():
    """The names below several letters on one page are kept, and what introduces them."""
    letters = (
        f'<h3>A letter</h3><p>{told}</p><p class="letter-author"><b>{name}</b></p>'
        for name, told in LETTERS.items()
    )
    head = '<h1>Letters</h1><p class="standfirst">Readers write on sand.</p>'
    text = text_of(f'<article>{head}<div class="article-body">{"".join(letters)}</div></article>')
    words = ["Readers write on sand.", *(each for pair in LETTERS.items() for each in pair[::-1])]
    assert sorted(words, key=text.index) == words


def test_entries_of_a_live_page_have_their_times():
    """Each entry is kept below the time of day at which it was made."""
    entries = (
        f'<li class="entry"><div class="timestamp">{time}</div><p>{told}</p></li>'
        for time, told in ENTRIES.items()
    )
    text = text_of(f'<main><h1>Storm over the sound</h1><ol class="feed">{"".join(entries)}</ol></main>')
    words = [each for pair in ENTRIES.items() for each in pair]
    assert sorted(words, key=text.index) == words


@pytest.mark.parametrize(
    "attributes",
    ['class="tp-modal tp-active"', 'id="piano-offer" class="piano-offer"', 'role="dialog" aria-modal="true"'],
)
def test_an_offer_that_lay_over_a_page_is_not_its_text(attributes: str):
    """The window that asked for a subscription when a page was saved is none of the article."""
    offer = f"<div {attributes}><h2>Support us</h2><p>You have read four articles, dear reader.</p></div>"
    assert "dear reader" not in text_of(article(amid=offer))
    assert "pilot boat" in text_of(f"<div {attributes}>{article()}</div>")
