"""Everybody can read and use the pages: by screen reader, by keyboard, enlarged, and from right to left."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.browsers import chromium, follow, need_chromium, served
from tests.conftest import Room

need_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (1280, 390)
LONG = "Internationalisation" * 8
ARABIC = "قال رائد الفضاء إن الرحلة إلى القمر كانت طويلة وإن الأرض بدت صغيرة جدا من هناك."
ARABIC_SAID = "في 20 يوليو 1969 في القاهرة قال «وصلنا إلى القمر قبل غيرنا»."
ARABIC_TEXT = f"""{" ".join([ARABIC] * 4)}

{ARABIC_SAID}

> {ARABIC}

```
launch();
```

| عمود | قيمة |
| --- | --- |
| ١ | ٢ |
"""
TABLE = f"""
## Table

| {LONG} | b | c | d |
| --- | --: | :-: | --- |
| 1 | 2 | 3 | 4 |

```
{LONG * 3}
```

![A chart](https://pictures.example/chart.png)

> The keeper counted lanterns along the quay.
"""
# Where words of an element begin, counted from the left.
PLACES = """(element, words) => words.map((word) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node; (node = walker.nextNode()); ) {
        const at = node.data.indexOf(word);
        if (at < 0) continue;
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        return range.getBoundingClientRect().left;
    }
    return null;
})"""
OVERVIEWS = ("/timeline", "/timeline/texts?at=1969", "/map", "/company", "/company/nasa")
# What WCAG 1.4.12 lets a reader set.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
    return document.documentElement.scrollWidth;
}"""
FOCUSED = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const region = element.closest('.skip, form, nav, .list, .facets, header, footer');
    return {
        name: region ? region.className || region.tagName.toLowerCase() : element.tagName.toLowerCase(),
        outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        within: box.left >= 0 && box.right <= innerWidth + 1 && box.width > 0,
        svg: element instanceof SVGElement,
    };
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(sample: Path) -> Iterator[str]:
    """The address of the sample."""
    with served(sample) as address:
        yield address


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a collection with endless words, a text from right to left, and a story told twice."""
    room = Room(tmp_path_factory.mktemp("odd") / "room")
    told = "\n\n".join(
        f"The keeper counted {number} lanterns along the quay that night." for number in range(30)
    )
    files = {
        "gazette/long.md": (
            {"title": f"{LONG} {LONG}", "tags": [LONG], "author": LONG, "section": LONG},
            LONG,
        ),
        "sahifa/moon.md": (
            {"title": "الرحلة إلى القمر", "date": "1969-07-21", "author": "محمد علي"},
            ARABIC_TEXT,
        ),
        "gazette/table.md": (
            {"title": "Figures", "date": "1970"},
            TABLE,
        ),
        "gazette/one.md": ({"title": "The lanterns", "date": "1971-01-02"}, told),
        "courier/two.md": ({"title": "Lanterns", "date": "1971-01-03"}, told.replace("lanterns", "lamps", 1)),
    }
    for locator, (meta, text) in files.items():
        room.put(locator, f"---\n{json.dumps(meta)}\n---\n\n{text}\n")
    room.ingest()
    with served(room.folder) as address:
        yield address


def pages_of(page: Any, address: str) -> list[str]:
    """Return the addresses of all kinds of page, of every article among them."""
    page.goto(f"{address}/search?size=100")
    articles = page.locator("article.item h3 a").evaluate_all("links => links.map(link => link.pathname)")[:6]
    versions = []
    for path in articles:
        page.goto(address + path)
        versions += page.locator("a.on[href*='/and/']").evaluate_all(
            "links => links.map(link => link.pathname)"
        )
    page.goto(f"{address}/entities")
    names = page.locator("table.names a").evaluate_all("links => links.map(link => link.pathname)")[:1]
    fixed = [
        "/",
        "/search?q=moon",
        "/search?q=xqzjvw+person:nobody",
        "/search?size=100",
        "/entities",
        "/quotations",
        "/guide",
    ]
    return [*fixed, "/quotations?q=moon&sure=any", "/nowhere", *articles[:4], *names, *versions[:1]]


def wider(page: Any, address: str, paths: list[str], measure: str, width: int) -> list[str]:
    """Return the pages that are wider than so many pixels, as a script measures them."""
    wide = []
    for path in paths:
        page.goto(address + path)
        if page.evaluate(measure) > width:
            wide.append(path)
    return wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("site", ["address", "odd"], ids=["sample", "odd"])
def test_axe_finds_nothing(browser: Any, request: pytest.FixtureRequest, scheme: str, site: str):
    """No kind of page breaks a rule of WCAG 2.2 AA, wide and narrow, light and dark, as far as axe tells."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where there is a browser

    address = request.getfixturevalue(site)
    axe, found = Axe(), []
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for path in pages_of(page, address):
        page.goto(address + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            options = {"runOnly": list(TAGS), "resultTypes": ["violations"]}
            for broken in axe.run(page, options=options).response["violations"]:
                found += [
                    f"{path} {width}: {broken['id']}: {node['html'][:120]}" for node in broken["nodes"][:2]
                ]
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tables_and_sql_are_readable(browser: Any, address: str, scheme: str):
    """Nothing on Datasette's own pages is too pale or too dark to read, what stands beside the rows least."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    asked = "select 'a', 12 as number from articles where id < 0 -- nothing"
    for path in ("/collection/problems", f"/collection?sql={quote(asked)}"):
        page.goto(address + path)
        page.locator(".advanced-export, .CodeMirror").first.wait_for()
        options = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
        broken = Axe().run(page, options=options).response["violations"]
        assert not [node["html"][:120] for each in broken for node in each["nodes"]], path
    context.close()


def test_tables_and_sql_have_names(browser: Any, address: str):
    """Datasette's own pages say their language and their main part, and what every box of theirs is for."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    rules = ["html-has-lang", "label", "select-name", "landmark-one-main"]
    page = browser.new_page()
    for path in ("/collection/articles?year=1969", "/collection/articles/1", "/collection?sql=select+1"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address + path)
            options = {"runOnly": {"type": "rule", "values": rules}, "resultTypes": ["violations"]}
            broken = Axe().run(page, options=options).response["violations"]
            assert not [node["html"][:120] for each in broken for node in each["nodes"]], path
    page.goto(f"{address}/collection")
    assert page.get_by_role("main").get_by_role("textbox", name="SQL").count() == 1
    page.close()


def test_axe_can_find(browser: Any):
    """The same check sees what is wrong on a page that is."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    page = browser.new_page()
    page.set_content(
        "<html><body><img src=x><input><p style='color:#ccc;background:#fff'>pale</p></body></html>"
    )
    options = {"runOnly": list(TAGS), "resultTypes": ["violations"]}
    broken = {each["id"] for each in Axe().run(page, options=options).response["violations"]}
    page.close()
    assert broken >= {"image-alt", "label", "color-contrast", "html-has-lang"}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_keyboard_reaches_everything_in_order(browser: Any, address: str, width: int):
    """Tab leads from the way past the menu to the search box, the results and the facets, always in sight."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/search?q=moon")
    reached: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["name"] == "body":
            break
        assert focused["within"], focused
        assert focused["outlined"] or focused["svg"], focused
        if focused["name"] not in reached:
            reached.append(focused["name"])
    page.goto(f"{address}/search?q=moon")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    context.close()
    order = [name for name in ("skip", "find", "list", "facets") if name in reached]
    assert order == ["skip", "find", "list", "facets"]
    assert [name for name in reached if name in order] == order


@pytest.mark.parametrize("width", [640, 320])
@pytest.mark.parametrize("site", ["address", "odd"], ids=["sample", "odd"])
def test_enlarged_pages_do_not_scroll_sideways(
    browser: Any, request: pytest.FixtureRequest, width: int, site: str
):
    """At twice and four times the size a page of 1280 still fits, whatever words it holds."""
    address = request.getfixturevalue(site)
    context = browser.new_context(viewport={"width": width, "height": 450}, device_scale_factor=1280 // width)
    page = context.new_page()
    wide = wider(page, address, pages_of(page, address), "document.documentElement.scrollWidth", width)
    context.close()
    assert not wide


def test_right_to_left(browser: Any, odd: str):
    """A text from right to left is read so, and says its language, in lists and on its page."""
    page = browser.new_page()
    page.goto(f"{odd}/search?q=القمر")
    title = page.locator("article.item h3").first
    assert title.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert title.get_attribute("lang") == "ar"
    follow(page, "article.item h3 a >> nth=0")
    for part in ("h1", ".body"):
        assert page.locator(part).evaluate("element => getComputedStyle(element).direction") == "rtl"
        assert page.locator(part).get_attribute("lang") == "ar"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("article.text").evaluate("element => getComputedStyle(element).direction") == "ltr"
    page.close()


def test_right_to_left_turns_nothing_around_it(browser: Any, odd: str):
    """A name from right to left leaves numbers beside it in place, code as it is, and quotations marked."""
    page = browser.new_page()
    page.goto(f"{odd}/search?q=القمر")
    follow(page, "article.item h3 a >> nth=0")
    words = page.locator(".by").inner_text().split(" · ")[-1].split()
    by, author, number, noun = page.locator(".by").evaluate(PLACES, [" · by", "محمد", *words])
    assert by < author < number < noun
    name, bracket = page.locator(".body pre").evaluate(PLACES, ["launch", ";"])
    assert name < bracket
    style = "(element, name) => getComputedStyle(element)[name]"
    assert page.locator(".body blockquote").evaluate(style, "borderRightWidth") == "3px"
    assert page.locator(".body th").first.evaluate(style, "textAlign") == "start"
    page.close()


def test_columns_stand_as_their_table_says(browser: Any, odd: str):
    """Figures that an article puts below each other by their last digit stand so, and nothing is refused."""
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{odd}/search?q=keeper+chart")
    follow(page, "article.item h3 a:has-text('Figures')")
    for cell in ("th", "td"):
        ways = page.locator(f".body {cell}").evaluate_all(
            "cells => cells.map(cell => getComputedStyle(cell).textAlign)"
        )
        assert ways == ["start", "right", "center", "start"]
    assert not refused
    page.close()


@pytest.mark.parametrize("seen", [{"forced_colors": "active"}, {}], ids=["in a reader's colours", "on paper"])
def test_what_a_version_changed_is_seen_without_colours(browser: Any, odd: str, seen: dict[str, Any]):
    """Added words are underlined and lost ones struck through: paper and some screens have no tint."""
    page = browser.new_page(**seen)
    page.goto(f"{odd}/search?q=lamps")
    follow(page, "article.item h3 a >> nth=0")
    follow(page, "a.on[href*='/and/'] >> nth=0")
    page.emulate_media(media="screen" if seen else "print")
    line = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator(".body ins").first.evaluate(line) == "underline"
    assert page.locator(".body del").first.evaluate(line) == "line-through"
    page.close()


def test_lists_say_what_language_their_titles_are_in(browser: Any, odd: str):
    """A title or a quotation in another language than the page's says so, on every kind of list."""
    page = browser.new_page()
    page.goto(f"{odd}/entities?kind=place")
    place = page.locator("table.names a").first.get_attribute("href")
    for path in ("/", "/timeline?at=1969", "/timeline/texts?at=1969", "/quotations?sure=any", place):
        page.goto(odd + path)
        spoken = page.locator("main a, blockquote p").filter(has_text="القمر")
        assert spoken.count(), path
        languages = spoken.evaluate_all("all => all.map(element => element.closest('[lang]').lang)")
        assert set(languages) == {"ar"}, path
    page.close()


def test_the_heading_of_a_page_comes_before_what_narrows_it(browser: Any, address: str):
    """Read in order, by voice, by keyboard or on a narrow screen, a page first says what it is."""
    page = browser.new_page()
    for path in [*pages_of(page, address), *OVERVIEWS]:
        page.goto(address + path)
        assert page.locator("h1, h2, h3").first.evaluate("element => element.tagName") == "H1", path
    page.close()


def test_text_may_be_spaced_out(browser: Any, address: str):
    """Whoever sets wider letters, words and lines scrolls no page sideways, however enlarged."""
    page = browser.new_page(viewport={"width": 320, "height": 450})
    wide = wider(page, address, [*pages_of(page, address), *OVERVIEWS], SPACED, 320)
    page.close()
    assert not wide


def test_links_to_the_articles_of_a_pair_say_which(browser: Any, address: str):
    """In a list of the links of a page none is like another that leads elsewhere."""
    page = browser.new_page()
    page.goto(f"{address}/company")
    names = page.locator("table.pairs td:last-child a").evaluate_all("all => all.map(link => link.ariaLabel)")
    assert len(names) == len(set(names)) > 1
    assert all(name.startswith("Read the articles naming ") for name in names)
    page.close()


def test_links_of_like_words_say_where_they_lead(browser: Any, address: str, odd: str):
    """Of the ways to more of a facet or to another version, a list of a page's links tells which is which."""
    page = browser.new_page()
    page.goto(f"{address}/search")
    names = page.locator(".facet > a.on").evaluate_all("all => all.map(link => link.ariaLabel)")
    assert len(names) == len(set(names)) > 1
    page.goto(f"{odd}/search?q=lamps")
    follow(page, "article.item h3 a >> nth=0")
    assert page.get_by_role("link", name="compare with The lanterns").count() == 1
    page.close()


def test_nothing_is_printed_that_only_leads_on(browser: Any, odd: str):
    """On paper an article has its citation, with its address, and no links that nobody can follow there."""
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(f"{odd}/search?q=lamps")
    follow(page, "article.item h3 a >> nth=0")
    assert page.get_by_text("This article as data").is_hidden()
    assert page.get_by_text("compare", exact=True).is_hidden()
    assert page.locator(".cite cite").is_visible()
    for path in ("/", "/entities", "/quotations", "/search?q=lamps", "/timeline"):
        page.goto(odd + path)
        assert page.locator("form").evaluate_all("all => all.filter((one) => one.checkVisibility())") == [], (
            path
        )
    page.close()


def test_nothing_moves_where_that_is_not_wanted(browser: Any, address: str):
    """A page jumps to what a link leads to where a reader asked for less motion, and glides elsewhere."""
    for wish, way in (("reduce", "auto"), ("no-preference", "smooth")):
        page = browser.new_page(reduced_motion=wish)
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == way
        page.close()


def test_a_name_holds_what_is_in_view(browser: Any, address: str):
    """Whoever speaks to the computer may say what a link shows: its name has the words."""
    page = browser.new_page()
    for path in [*pages_of(page, address), *OVERVIEWS]:
        page.goto(address + path)
        named = page.locator("a[aria-label], button[aria-label]").evaluate_all(
            "all => all.map(one => [one.ariaLabel, one instanceof SVGElement"
            " ? one.querySelector('text')?.textContent ?? '' : one.textContent])"
        )
        for name, shown in named:
            assert shown.strip().removesuffix("…").lower() in name.lower(), path
    page.close()


def test_focus_is_seen_on_datasettes_own_pages(browser: Any, address: str):
    """What chooses a column and the box for SQL show that they are in use, as everything else does."""
    page = browser.new_page()
    outlined = "element => getComputedStyle(element).outline.endsWith('solid 3px')"
    page.goto(f"{address}/collection/articles")
    page.locator(".select-wrapper select").first.focus()
    assert page.locator(".select-wrapper").first.evaluate(outlined)
    page.goto(f"{address}/collection")
    page.locator(".CodeMirror").click()
    assert page.locator(".CodeMirror").evaluate(outlined)
    page.close()


def test_landmarks_lead_to_something(browser: Any, address: str):
    """No region that a screen reader lists is empty, not even where nothing is found."""
    page = browser.new_page()
    for path in [*pages_of(page, address), *OVERVIEWS, "/entities?q=gagarin"]:
        page.goto(address + path)
        regions = page.locator("nav, aside, header, footer, main, [role=search], section[aria-label]")
        assert all(text.strip() for text in regions.all_inner_texts()), path
    page.close()


@pytest.mark.parametrize("path", ["/timeline", "/search"])
def test_the_bar_that_a_keyboard_reached_is_seen(browser: Any, address: str, path: str):
    """A bar in focus has a frame that nothing cuts off, and another colour than those beside it."""
    page = browser.new_page()
    page.goto(address + path)
    bars = page.locator("svg:has(rect.room) a")
    page.keyboard.press("Tab")
    bars.nth(1).focus()
    style = "(element, name) => getComputedStyle(element)[name]"
    assert bars.locator("xpath=..").first.evaluate(style, "overflowY") == "visible"
    frame = bars.locator(".room")
    assert [frame.nth(number).evaluate(style, "strokeWidth") for number in (0, 1)] == ["1px", "3px"]
    assert frame.nth(0).evaluate(style, "stroke") == "none"
    fills = [bars.locator(".bar").nth(number).evaluate(style, "fill") for number in (0, 1)]
    assert fills[0] != fills[1]
    page.close()


def test_large_letters_make_no_list_wider_than_a_telephone(browser: Any, address: str):
    """With letters of twice the size the front page still fits a narrow screen."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_a_drawing_is_explained_in_its_own_colours(browser: Any, address: str):
    """Where a reader sets all colours, the dots that say what a colour means still have it."""
    page = browser.new_page(forced_colors="active")
    page.goto(f"{address}/company/nasa")
    dots = page.locator(".key i").evaluate_all("all => all.map(dot => getComputedStyle(dot).color)")
    circles = page.locator(".graph a circle").evaluate_all(
        "all => all.map(one => getComputedStyle(one).fill)"
    )
    assert len(set(dots)) == 3
    assert set(dots) == set(circles)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_more_contrast_is_given_where_it_is_wished(browser: Any, address: str, scheme: str):
    """Whoever asks the system for more contrast gets 7 to 1 for all words, tables and SQL among them."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    context = browser.new_context(color_scheme=scheme, contrast="more")
    page = context.new_page()
    axe, found = Axe(), []
    for path in (
        *pages_of(page, address)[:10],
        *OVERVIEWS,
        "/collection/problems",
        "/collection?sql=select+1",
    ):
        page.goto(address + path)
        options = {
            "runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]},
            "rules": {"color-contrast-enhanced": {"enabled": True}},
            "resultTypes": ["violations"],
        }
        for broken in axe.run(page, options=options).response["violations"]:
            found += [f"{path}: {node['html'][:120]}" for node in broken["nodes"][:2]]
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_box_is_for_is_legible(browser: Any, address: str, scheme: str):
    """The words in an empty box are no paler than others of the second rank, which axe does not look at."""
    page = browser.new_page(color_scheme=scheme)
    page.goto(f"{address}/quotations")
    colour = "element => getComputedStyle(element, '::placeholder').color"
    soft = page.locator(".total").evaluate("element => getComputedStyle(element).color")
    colours = page.locator("input[placeholder]").evaluate_all(f"boxes => boxes.map({colour})")
    assert len(colours) > 1
    assert set(colours) == {soft}
    page.close()


@pytest.mark.parametrize("path", ["/search?q=moon", "/quotations", "/timeline", "/timeline/texts?at=1969"])
def test_a_narrow_screen_leads_to_what_narrows(browser: Any, address: str, path: str):
    """Where the facets come after a list, a link above it leads to them; where they stand beside it, none."""
    page = browser.new_page(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    page.goto(address + path)
    link = page.locator(".head .narrow a")
    link.click()
    assert page.locator("aside.facets").evaluate(
        "element => element.getBoundingClientRect().top < innerHeight"
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('aside.facets') !== null")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert link.is_hidden()
    page.close()


def test_tables_and_sql_are_whole_and_black_on_paper(browser: Any, address: str):
    """Datasette's pages print all columns and where they are from, nothing pale, and no boxes or menus."""
    page = browser.new_page(color_scheme="dark", viewport={"width": 700, "height": 900})
    page.emulate_media(media="print", color_scheme="dark")
    for path in ("/collection/articles?year=1969", "/collection/articles/3", "/collection?sql=select+1"):
        page.goto(address + path)
        page.locator("footer").wait_for()
        colours = page.locator(":is(header, footer) a >> visible=true").evaluate_all(
            "links => links.map(link => getComputedStyle(link).color)"
        )
        assert set(colours) == {page.evaluate("getComputedStyle(document.body).color")} == {"rgb(34, 29, 24)"}
        asking = page.locator(
            ":is(form :is(input, button, select), th svg, .show-hide-sql, a.not-underlined)"
        )
        assert not [each for each in asking.all() if each.is_visible()]
        assert page.locator("table.rows-and-columns").evaluate("table => table.offsetWidth") <= 700
    page.close()


def test_a_chart_on_paper_has_its_numbers(browser: Any, address: str):
    """The list that unfolds below a chart is there at once on paper, where nobody can unfold it."""
    page = browser.new_page()
    page.goto(f"{address}/timeline")
    assert page.locator("ul.counts li").first.is_hidden()
    page.emulate_media(media="print")
    assert page.locator("ul.counts li").first.bounding_box()["height"] > 0
    assert page.locator(".listed summary").is_hidden()
    page.close()
