"""The static site: complete, without a dead link, in any folder, the same each time, and only its own."""

import base64
import errno
import fcntl
import hashlib
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from ingest.cli import main
from ingest.collate.articles import unique_slugs
from ingest.editions.edition import make_edition
from ingest.errors import LockedError, SettingsError, StorageError
from ingest.settings import load_settings
from ingest.website.addresses import Layout, place, public_address
from ingest.website.links import SERVER, rewrite_page, state_address, way_up
from ingest.website.npm_packages import SQLITE, is_released, package_files
from ingest.website.site import BUILDING, MARKER, PROGRAMS, Options, Site, check_rights, publish_site
from tests.conftest import NOW, ROOT

URL = "https://example.org/news/"
CASES = Path(__file__).parent / "cases" / "search_queries.json"
POLICIES = {"search/index.html", "sql/index.html"}


class Links(HTMLParser):
    """The targets in a page, the links without one, and the policy that it states."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.policy = ""
        self.dead = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag leads to or loads."""
        known = dict(attrs)
        self.ids.add(known.get("id") or "")
        if known.get("http-equiv") == "content-security-policy":
            self.policy = known.get("content") or ""
        self.dead += tag == "a" and "href" not in known
        for name in ("href", "action", "src"):
            if name in known and not (tag == "link" and known.get("rel") == "canonical"):
                self.targets.append(known[name] or "")


@pytest.fixture(scope="module")
def site(sample: Path, package: None, tmp_path_factory) -> Path:  # noqa: ARG001 - it is needed, or skips
    """The sample as a site that knows its address."""
    target = tmp_path_factory.mktemp("site")
    publish_site(load_settings(sample), target, Options(url=URL))
    return target


def test_every_link_leads_to_a_file(site: Path):
    """No page leads where there is nothing, not even to a place within a page; no link needs a server."""
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    followed = 0
    for path, page in pages.items():
        assert not page.dead, path
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme:
                assert parts.scheme in {"http", "https", "data"}, (path, target)
                continue
            below = path.parent if path.name != "404.html" else site
            led = (
                (below / unquote(parts.path)).resolve()
                if path.name != "404.html" or not parts.path.startswith("/")
                else site / unquote(parts.path).removeprefix("/news/")
            )
            led = path if not parts.path else led
            assert led.is_file(), (path, target)
            assert site in led.parents
            if parts.fragment and led in pages:
                assert unquote(parts.fragment) in pages[led].ids, (path, target)
            followed += 1
    assert followed > 5000


def test_every_article_and_name_has_a_page(site: Path, query):
    """What is in the database is on the site; other pages below names only lead to these."""
    for table in ("article", "entity"):
        rows = query(f"select key from {'articles' if table == 'article' else 'entities'}")
        pages = {path.parent.name for path in (site / table).glob("*/index.html") if not leads_on(path)}
        assert {row["key"] for row in rows} == pages


def leads_on(path: Path) -> str:
    """Return where a page sends its readers at once; nothing for a page to read."""
    sent = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', path.read_text("utf-8"))
    return sent[1] if sent else ""


def test_what_a_name_was_called_leads_to_it(site: Path):
    """An address by a surname, or by a name that was merged, leads on; one that two people have does not."""
    former = site / "entity" / "gagarin" / "index.html"
    assert leads_on(former) == "../yuri-gagarin/index.html"
    assert "../../entity/yuri-gagarin/index.html" in Links(former.read_text(encoding="utf-8")).targets
    assert not (site / "entity" / "lovell").exists()
    for path in site.glob("entity/*/index.html"):
        led = leads_on(path)
        assert not led or not leads_on(path.parent / unquote(led))


def test_the_address_of_a_copy_leads_to_its_article(site: Path, query):
    """On a site as on a server."""
    rows = query(
        "select former_keys.key as former, articles.key from former_keys, articles where id = article_id"
    )
    assert rows
    for row in rows:
        led = leads_on(site / "article" / row["former"] / "index.html")
        assert led == f"../{row['key']}/index.html"


def test_every_article_carries_its_citations(site: Path, query):
    """They are in the page, named as the server names them, with the public address where none is stated."""
    for row in query("select key, title, url from articles"):
        page = (site / "article" / row["key"] / "index.html").read_text(encoding="utf-8")
        held = dict(re.findall(r'<a href="data:[^,]+,([^"]+)" download="([^"]+)">', page))
        given = {name.removeprefix(f"article-{row['key']}."): unquote(data) for data, name in held.items()}
        assert list(given) == ["bib", "ris", "csl.json", "txt"]
        stated = row["url"] or f"{URL}article/{row['key']}/index.html"
        assert all(stated in each for each in given.values())
        assert json.loads(given["csl.json"])[0]["title"] == " ".join(row["title"].split())
        assert given["ris"].endswith("\r\nER  - \r\n")


def test_the_guide_promises_what_the_site_gives(site: Path):
    """A server gives what a query finds as JSON, too; the site's own page gives CSV alone."""
    guide = (site / "guide" / "index.html").read_text(encoding="utf-8")
    assert "can be\ndownloaded" in guide
    assert "JSON" not in guide.partition('<ol class="examples">')[0]


def test_every_page_states_a_strict_policy(site: Path):
    """Nothing inline runs, nothing comes from elsewhere; only two pages run scripts at all."""
    for path in site.rglob("*.html"):
        page = Links(path.read_text(encoding="utf-8"))
        assert page.policy.startswith("default-src 'none'"), path
        assert "unsafe-inline" not in page.policy
        assert "'unsafe-eval'" not in page.policy
        assert ("script-src" in page.policy) == (str(path.relative_to(site)) in POLICIES), path


def test_machines_find_feeds_and_all_pages(site: Path):
    """The feed and the sitemap name public addresses, each of a page that is there."""
    listed = set()
    for path in site.glob("sitemap*.xml"):
        listed |= {each.text or "" for each in ET.parse(path).iter() if each.tag.endswith("loc")}
    listed |= {
        each.get("href") or "" for each in ET.parse(site / "feed.atom").iter() if each.tag.endswith("link")
    }
    assert all(each.startswith(URL) for each in listed)
    assert all((site / unquote(urlsplit(each.removeprefix(URL)).path)).is_file() for each in listed)
    assert len(listed) > len(list((site / "article").iterdir()))
    assert f"Sitemap: {URL}sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_every_article_is_cited_at_the_public_address(site: Path, query):
    """No page says that it lies on a machine of ours: citations and metadata name the site's own address."""
    for row in query("select key, url from articles"):
        page = (site / "article" / row["key"] / "index.html").read_text(encoding="utf-8")
        address = f"{URL}article/{row['key']}/index.html"
        stated = row["url"] or address
        assert f'<link rel="canonical" href="{stated}">' in page
        assert f'<meta name="DC.identifier" content="{address}">' in page
        assert f'"archivedAt": "{address}"' in page
        assert f" {stated}.</p>" in page
        assert SERVER not in page


def test_a_page_without_a_public_address_states_none():
    """A site that was told no address claims none; what an article states itself stays."""
    page = (
        '<link rel="canonical" href="{0}/article/1a">\n<meta name="DC.identifier" content="{0}/article/1a">\n'
        '<script type="application/ld+json">{{"@type": "Article", "@id": "{0}/article/1a", "headline": "A",'
        ' "url": "https://example.org/a", "archivedAt": "{0}/article/1a"}}</script><p>12 April 1961.'
        " {0}/article/1a.</p>"
    )
    left = (
        '<script type="application/ld+json">{"@type": "Article", "headline": "A",'
        ' "url": "https://example.org/a"}</script><p>12 April 1961.</p>'
    )
    assert rewrite_page(page.format(SERVER), "/article/1a", Layout(), top="").text == left


def test_a_citation_without_a_public_address_states_none():
    """In every format the entry is whole without it."""
    place = f"{SERVER}/article/1a"
    for stated, left in (
        (
            f"@misc{{a,\n  title = {{A}},\n  url = {{{place}}},\n  month = jan\n}}\n",
            "@misc{a,\n  title = {A},\n  month = jan\n}\n",
        ),
        (f"TI  - A\r\nUR  - {place}\r\nER  - \r\n", "TI  - A\r\nER  - \r\n"),
        (f'[\n{{"id": "a", "title": "A", "URL": "{place}"}}\n]\n', '[\n{"id": "a", "title": "A"}\n]\n'),
        (f"“A.” 12 April 1961. {place}.\n", "“A.” 12 April 1961.\n"),
    ):
        assert state_address(stated, Layout()) == left
        assert state_address(stated, Layout(url=URL)) == stated.replace(place, f"{URL}article/1a/index.html")


@pytest.mark.usefixtures("package")
def test_a_site_is_replaced_and_its_neighbours_stay(room, tmp_path: Path):
    """A second run takes away pages of articles that are gone, and leaves what the host put there."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    gone = room.put("two.md", "# Two\n\nYuri Gagarin flew.")
    room.ingest()
    target = tmp_path / "site"
    first = publish_site(load_settings(room.folder), target, Options())
    again = publish_site(load_settings(room.folder), tmp_path / "again", Options())
    assert first == again
    before, after = files_of(target), files_of(tmp_path / "again")
    assert before == after
    (target / "CNAME").write_text("example.org")
    (target / ".git").mkdir()
    (target / "notebooks").mkdir()
    (target / "notebooks" / "mine.ipynb").write_text("{}")
    (target / "sitemap-pictures.xml").write_text("<urlset/>")
    gone.unlink()
    room.ingest()
    publish_site(load_settings(room.folder), target, Options())
    assert len(list((target / "article").iterdir())) == 1
    assert (target / "CNAME").read_text() == "example.org"
    assert (target / ".git").is_dir()
    assert (target / "notebooks" / "mine.ipynb").read_text() == "{}"
    assert (target / "sitemap-pictures.xml").read_text() == "<urlset/>"
    assert not (target / BUILDING).exists()


@pytest.mark.usefixtures("package")
def test_what_says_the_same_keeps_its_time(room, tmp_path: Path):
    """Who copies a site again takes what changed: programs go by the time of a file, and so do caches."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    room.ingest()
    target = tmp_path / "site"
    publish_site(load_settings(room.folder), target, Options())
    before = files_of(target)
    for name in before:
        os.utime(target / name, (1e9, 1e9))
    room.put("two.md", "# Two\n\nYuri Gagarin flew.")
    room.ingest()
    publish_site(load_settings(room.folder), target, Options())
    same = {name for name, content in files_of(target).items() if before.get(name) == content}
    assert {name for name in before if (target / name).stat().st_mtime == 1e9} == same - {MARKER}
    assert "static/search.js" in same
    assert "index.html" not in same


@pytest.mark.usefixtures("package")
def test_a_run_that_fails_leaves_the_site_as_it_was(room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On a full disk the site stays, and no part of the next lies within it, to be copied to the host."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    room.ingest()
    target = tmp_path / "site"
    publish_site(load_settings(room.folder), target, Options())
    before = files_of(target)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Site, "write_search", fail)
    with pytest.raises(StorageError, match="No space is left"):
        publish_site(load_settings(room.folder), target, Options())
    assert files_of(target) == before
    assert not (target / BUILDING).exists()


@pytest.mark.usefixtures("package")
def test_one_run_at_a_time_writes_a_site(room, tmp_path: Path):
    """Two would build from each other's files; the second is told, and what the first writes stays."""
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    target = tmp_path / "site"
    target.mkdir()
    held = os.open(target, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(LockedError, match="Another run is writing"):
        publish_site(load_settings(room.folder), target, Options())
    assert not list(target.iterdir())
    os.close(held)


@pytest.mark.usefixtures("package")
def test_a_page_that_is_missing_looks_like_the_others_wherever_it_is_shown(room, tmp_path: Path):
    """Where a site does not know its address, 404.html has its style within, and allows no other."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    room.ingest()
    publish_site(load_settings(room.folder), tmp_path / "site", Options())
    page = (tmp_path / "site" / "404.html").read_text(encoding="utf-8")
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    assert style == (tmp_path / "site" / "static" / "room.css").read_text(encoding="utf-8").rstrip("\n")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in Links(page).policy
    assert 'rel="stylesheet"' not in page


@pytest.mark.usefixtures("package")
def test_nothing_of_others_is_overwritten(room, tmp_path: Path):
    """A file that somebody put into a site's folder, of a name that the site comes to need, is left alone."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    room.ingest()
    target = tmp_path / "site"
    publish_site(load_settings(room.folder), target, Options(url=URL))
    publish_site(load_settings(room.folder), target, Options())
    assert not (target / "feed.atom").exists()
    (target / "feed.atom").write_text("mine")
    with pytest.raises(SettingsError, match=r"holds feed\.atom"):
        publish_site(load_settings(room.folder), target, Options(url=URL))
    assert (target / "feed.atom").read_text() == "mine"
    assert (target / "index.html").is_file()
    assert not (target / BUILDING).exists()
    (target / "feed.atom").unlink()
    publish_site(load_settings(room.folder), target, Options(url=URL))
    assert "One" in (target / "feed.atom").read_text(encoding="utf-8")


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("package")
def test_a_folder_of_others_is_left_alone(room, tmp_path: Path):
    """A folder with anything in it that is no site of ours is refused and untouched."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    room.ingest()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    command = ["publish", "static", str(tmp_path / "mine"), str(room.folder)]
    answer = CliRunner().invoke(main, command)
    assert answer.exit_code == 1
    assert "no site of ours" in answer.output
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["index.html"]
    assert not (tmp_path / "mine" / MARKER).exists()


@pytest.mark.usefixtures("package")
def test_texts_without_rights_are_not_published_by_accident(room, tmp_path: Path):
    """What a publication's rights withhold is in no file of the site; the collection itself is refused."""
    room.put("planet/one.md", "# One\n\nNeil Armstrong spoke. A quetzalcoatlus flew over the harbour.")
    settings = room.folder / "metadata.yml"
    stated = settings.read_text(encoding="utf-8")
    settings.write_text(
        stated.replace(
            "    # What is known", "    publications:\n      planet: {name: P, rights: metadata}\n    # "
        )
    )
    room.ingest()
    command = ["publish", "static", str(tmp_path / "site"), str(room.folder)]
    refused = CliRunner().invoke(main, [*command, "--database", str(room.folder / "collection.db")])
    assert refused.exit_code == 1
    assert "may not be shown in full" in refused.output
    assert not (tmp_path / "site").exists()
    written = CliRunner().invoke(main, [*command, "--yes"])
    assert written.exit_code == 0, written.output
    for path in (tmp_path / "site").rglob("*"):
        assert not path.is_file() or b"quetzalcoatlus" not in path.read_bytes().lower(), path


@pytest.mark.usefixtures("package")
def test_a_site_does_not_forget_what_it_took_down(room, tmp_path: Path):
    """Where a file left a folder that is down, its owner is asked, by the notices of the site before."""
    room.put("letters/a.txt", "Letter of a widow\n\nThe house is empty now and the garden is not.\n")
    room.put("letters/b.txt", "Letter of a clerk\n\nThe clerk wrote down what he saw at the harbour.\n")
    (room.folder / "takedowns.csv").write_text("article,reason,date\nletters/,Order,2026-02-03\n")
    room.ingest()
    command = ["publish", "static", str(tmp_path / "site"), str(room.folder)]
    assert CliRunner().invoke(main, command).exit_code == 0
    (room.folder / "sources" / "letters" / "b.txt").rename(room.folder / "sources" / "b.txt")
    room.ingest()
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 4
    assert "Of 1 article taken down before, nothing is where it was" in refused.output


@pytest.mark.parametrize("name", ["collection.db", "public.db"])
def test_what_was_withheld_since_is_not_published(room, name: str):
    """Neither the collection nor an earlier edition shows what was taken down or restricted meanwhile."""
    room.put("letters/a.txt", "Letter of a widow\n\nThe house is empty now and the garden is not.\n")
    room.put("papers/b.txt", "Paper of a clerk\n\nThe clerk wrote down what he saw at the harbour.\n")
    room.ingest()
    make_edition(load_settings(room.folder), room.folder / "public.db", now=NOW)
    database = room.folder / name
    check_rights(load_settings(room.folder), database)
    (room.folder / "takedowns.csv").write_text("article,reason,date\npapers/b.txt,Order,2026-02-03\n")
    with pytest.raises(SettingsError, match="1 article may not be shown"):
        check_rights(load_settings(room.folder), database)
    (room.folder / "takedowns.csv").unlink()
    settings = (room.folder / "metadata.yml").read_text()
    publications = "    publications: {letters: {rights: metadata}}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", publications, 1))
    with pytest.raises(SettingsError, match="1 article may not be shown"):
        check_rights(load_settings(room.folder), database)


def test_another_package_is_not_taken_for_sqlite(tmp_path: Path):
    """A package that is not what was released is refused, whatever it is called."""
    (tmp_path / "sqlite.tgz").write_bytes(b"something else")
    with pytest.raises(SettingsError, match="not what was"):
        package_files(SQLITE, tmp_path / "sqlite.tgz")
    assert not is_released(SQLITE, b"")


@pytest.mark.parametrize(
    "case", json.loads(CASES.read_text(encoding="utf-8")), ids=lambda case: case["query"][:20]
)
@pytest.mark.usefixtures("reader")
def test_the_server_understands_queries(case: dict[str, object]):
    """The cases that both implementations of the query language must pass, in Python."""
    from datasette.plugins import pm  # noqa: PLC0415 - after the reader has loaded the plugins

    queries = pm.get_plugin("search_query.py")
    found = queries.parse(case["query"])
    assert found.text == case["text"]
    parsed = ("text", "field", "phrase", "prefix")  # how else a word is written is told by a collection

    def said(term: object) -> dict[str, object]:
        return {name: getattr(term, name) for name in parsed}

    assert [[said(term) for term in group] for group in found.groups] == case["groups"]
    assert [said(term) for term in found.excluded] == case["excluded"]
    assert (found.match, list(found.notes)) == (case["match"], case["notes"])
    sentence = queries.explain(found, case.get("chosen", {}), {})
    assert "".join(text for _, text in sentence) == case["understood"]


@pytest.mark.parametrize("word", ["committee ", "комитет ", "委員会 ", "한국방송"])
def test_every_key_is_short_enough_for_a_file(word: str):
    """However long names are and whatever their letters, their keys fit a disk and differ."""
    names = [word * 90 + end for end in ("one", "two")]
    keys = set(unique_slugs(names).values())
    assert len(keys) == len(names)
    assert all(len(key.encode()) <= 255 for key in keys)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40), st.integers(1, 99))
def test_addresses_stay_within_the_site(key: str, page: int):
    """No address of an article, a name or a list leads out of the site's folder or to two files."""
    for address in (f"/entity/{key}?page={page}", f"/article/{key}", f"/quotations?speaker={key}"):
        target = place(address, Layout())
        if target is not None and urlsplit(address).path.count("/") < 4:
            file = unquote(urlsplit(target).path)
            assert not file.startswith("/")


@given(st.text(max_size=60))
def test_text_is_never_taken_for_a_link(text: str):
    """What an article says stays as it is, though it look like a tag."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    html = f'<p>{escaped} href="/article/1"</p><a href="/guide">x</a>'
    page = rewrite_page(html, "/", Layout(), top="../")
    assert page.text == f'<p>{escaped} href="/article/1"</p><a href="../guide/index.html">x</a>'
    assert page.leads == ["/guide"]


@pytest.mark.parametrize(
    ("stated", "left"),
    [
        (
            '<nav>\n<a href="/guide">SQL</a>\n<a href="/map">Map</a>\n</nav>',
            '<nav>\n<a href="guide/index.html">SQL</a>\n</nav>',
        ),
        ('<p class="also">More: the <a href="/timeline">timeline</a>.</p>\n<hr>', "<hr>"),
        (
            '<p><a href="/map">Map</a> · <a href="/guide">SQL</a> · <a href="/timeline">Years</a></p>',
            '<p><a href="guide/index.html">SQL</a></p>',
        ),
        (
            '<li><a href="/timeline/texts?at=1961" rel="nofollow"><b>1961</b></a> twice</li>',
            "<li><b>1961</b> twice</li>",
        ),
        (
            '<p><a href="https://example.org">Original</a> or <a href="/map">map</a></p>',
            '<p><a href="https://example.org">Original</a> or map</p>',
        ),
        (
            '<p><a id="here" href="/map">Map</a> <a href="#here">above</a></p>',
            '<p><a id="here">Map</a> <a href="#here">above</a></p>',
        ),
        (
            '<li><a href="/article/1b">B</a>, 1961 <a class="on" href="/map" rel="nofollow">compare</a></li>',
            '<li><a href="article/1b/index.html">B</a>, 1961</li>',
        ),
        ("<p>No link, <abbr>but</abbr> words</p>", "<p>No link, <abbr>but</abbr> words</p>"),
    ],
)
def test_nothing_looks_like_a_link_and_leads_nowhere(stated: str, left: str):
    """What was only a way to a page that the site lacks is left out; other words stay, as plain text."""
    assert rewrite_page(stated, "/", Layout(), top="").text == left


def test_no_word_of_an_article_goes_with_a_link_of_its_own():
    """What a text has of links within the place it comes from lead nowhere here; the words stay."""
    text = (
        '<p><a href="/wiki/Riga">Riga</a>, and <a href="/wiki/Oslo">Oslo</a> lay dark.</p>\n'
        '<p>See <a href="/x">the town</a>, <a href="https://example.com/">the river</a>, more.</p>'
    )
    kept = (
        "<p>Riga, and Oslo lay dark.</p>\n"
        '<p>See the town, <a href="https://example.com/">the river</a>, more.</p>'
    )
    row = '<p><a href="/x">CSV</a> of <a href="https://example.com/">all</a>, <a href="/x">RIS</a></p>'
    page = rewrite_page(f'<div class="body">{text}</div>{row}', "/", Layout(), top="")
    left = '<p>CSV of <a href="https://example.com/">all</a></p>'
    assert page.text == f'<div class="body">{kept}</div>{left}'


def test_overviews_are_shown_by_datasette_where_the_site_has_it():
    """The menu leads to the map and the timeline as they run in the reader's browser."""
    for address, target in (
        ("/map", "datasette/index.html#/map"),
        ("/timeline/texts?at=1961&exact=1", "datasette/index.html#/timeline/texts?at=1961&exact=1"),
        ("/company/yuri-gagarin", "datasette/index.html#/company/yuri-gagarin"),
        ("/nosuch", None),
    ):
        assert place(address, Layout(datasette=True)) == target
        assert place(address, Layout()) is None


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("", ""),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:8443/news//", "https://example.org:8443/news/"),
        ("https://example.org/my papers/über", "https://example.org/my%20papers/%C3%BCber/"),
        ("https://example.org/my%20papers/", "https://example.org/my%20papers/"),
        ('https://example.org/~ann/"x"', "https://example.org/~ann/%22x%22/"),
    ],
)
def test_a_sites_address_is_written_as_machines_take_it(stated: str, written: str):
    """A blank would end an address in a citation, and no sitemap may have one."""
    assert public_address(stated) == written


def test_an_address_that_no_page_can_lie_below_is_refused(tmp_path: Path):
    """A site's address has no query and no fragment."""
    for url in ("https://example.org/?page=news", "https://example.org/#news", "example.org"):
        answer = CliRunner().invoke(main, ["publish", "static", str(tmp_path / "site"), "--url", url])
        assert answer.exit_code == 2
        assert "--url" in answer.output


def test_ways_up_lead_to_the_top():
    """From every depth the site's top is reached."""
    assert way_up("index.html") == "./"
    assert way_up("article/1/and/2/index.html") == "../../../../"


def test_the_page_names_all_programs_that_it_imports():
    """What a browser is told beforehand is what it will ask for, so that nothing is late or for nothing."""
    imported, waiting = set(), ["search_page.js"]
    while waiting:
        text = (ROOT / "ingest" / "website" / "browser" / waiting.pop()).read_text(encoding="utf-8")
        found = set(re.findall(r'^import .* from "\./([\w.]+)";$', text, re.MULTILINE)) - imported
        imported |= found
        waiting += found
    assert imported == set(PROGRAMS)
