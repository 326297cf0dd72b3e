"""HTML to Markdown and Markdown to text: nothing a reader would see is lost, nothing bad gets in."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.labels import read_markdown_labels
from ingest.model import Hint, Item, RawDocument
from ingest.normalize import normalize_document
from ingest.normalize.attributes import drop_attributes
from ingest.normalize.markdown import escape, html_to_markdown, plain_text, resolve_html
from ingest.normalize.shortcodes import write_out_shortcodes
from ingest.normalize.wiki_marks import write_out_marks
from ingest.readers.markdown import read_markdown
from tests.conftest import ROOT

CASES = sorted((ROOT / "tests" / "cases" / "html").glob("*.html"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden_pairs(path: Path):
    """Each page fragment becomes the Markdown that stands beside it."""
    expected = path.with_suffix(".md").read_text(encoding="utf-8").strip()
    assert html_to_markdown(path.read_text(encoding="utf-8")) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("See [[Pier|the pier]] and [[Mole]].", "See the pier and Mole."),
        ("![[pier.png]]At the pier, ![[Mole#In fog]].", "At the pier, Mole#In fog."),
        ("It was %% ask Ida %% dark, a ==quite dark== night.", "It was  dark, a quite dark night."),
        ("Before.\n\n%%\nAsk Ida.\n\nAnd Ola.\n%%\n\nAfter.", "Before.\n\n\n\nAfter."),
        ("`[[a]] ==b==` and a==b or c==d, [[1]](https://a.example)", None),
        ("Some 100%% of it, or 50%% more.", None),
        ("```\n%%time\n[[ -f a ]] && b ==c==\n```\n\n    [[a]]\n", None),
    ],
)
def test_marks_of_note_taking_programs(written: str, read: str | None):
    """Links between notes are their words, comments are gone, highlights plain; all else stays as written."""
    assert write_out_marks(written) == (written if read is None else read)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"As $a\,b \; c$, $\{1\}$ and $x_1*y*z_2$.", r"As $a\,b \; c$, $\{1\}$ and $x_1*y*z_2$."),
        (r"$$\int_0^1 f(x)\,dx$$", r"$$\int_0^1 f(x)\,dx$$"),
        ("Thus\n$$\na_1 \\\\\n*b* \\, c\n$$\nholds.", r"Thus $$ a_1 \\ *b* \, c $$ holds."),
        (
            r"A pound was $1.25 in C:\tools and $2.50 on *Monday*.",
            r"A pound was $1.25 in C:\tools and $2.50 on Monday.",
        ),
        (r"*They* paid $5_000\, and $6.", "They paid $5_000, and $6."),
        (
            "`$a\\,b$` is code.\n\n```\n$$\na\\,b\n$$\n$a\\,b$\n```",
            "$a\\,b$ is code.\n\n$$\na\\,b\n$$\n$a\\,b$",
        ),
    ],
)
def test_formulas_are_read_as_they_are_written(written: str, read: str):
    """What stands between dollars keeps its backslashes, stars and lines below; prices are no formulas."""
    assert plain_text(write_out_marks(written)) == read


def test_cells_stay_below_the_heads_of_their_columns():
    """A cell that reaches over rows moves no other, and no row is cut off that is longer than the first."""
    rows = (
        "<tr><th>Year</th><th>Fish</th></tr>",
        '<tr><td rowspan="2">1911</td><td>Herring</td><td>12</td></tr>',
        '<tr><td>Cod</td><td colspan="9">7</td></tr>',
        '<tr><td rowspan="99999">1912</td><td>None</td></tr>',
    )
    markdown = html_to_markdown(f"<table>{''.join(rows)}</table>")
    assert [row.rstrip().split("\t") for row in plain_text(markdown).split("\n")] == [
        ["Year", "Fish"],
        ["1911", "Herring", "12"],
        ["", "Cod", "7"],
        ["1912", "None"],
    ]


def test_parts_of_a_table_stay_one_table():
    """Only below its first row is a line; bodies without a head, a foot above and empty rows add none."""
    row = "<tr><td>{0}</td><td>{0}</td></tr>"
    bodies = "".join(f"<tbody>{row.format(year)}<tr></tr></tbody>" for year in (1912, 1913))
    parts = f"<thead>{row.format(1911)}</thead><tfoot>{row.format('all')}</tfoot>{bodies}"
    markdown = html_to_markdown(f"<table>{parts}</table><table>{bodies}</table>")
    line = "| --- | --- |"
    rows = {each: f"| {each} | {each} |" for each in (1911, "all", 1912, 1913)}
    first = [rows[1911], line, rows["all"], rows[1912], rows[1913]]
    assert markdown.split("\n") == [*first, "", rows[1912], line, rows[1913]]


def test_a_table_in_a_cell_widens_no_table():
    """Cells of the table within do not count as columns of that around it, which would be none then."""
    inner = "<table><tr><td>Cod</td><td>Ling</td></tr></table>"
    markdown = html_to_markdown(f"<table><tr><td>Fish</td><td>{inner}</td></tr></table>")
    assert markdown == "| Fish | Cod Ling |\n| --- | --- |"


@pytest.mark.parametrize("points", ["one", "two\n", "lines<br>of one point", "<pre>  code</pre>after it"])
def test_points_of_a_list_are_numbered(points: str):
    """From where it starts, or from one if that is no number; further lines stand below the words."""
    item = f"<li>{points}</li>"
    for start, first in [("", 1), ("99", 99), ("²", 1), ("-4", 1), ("9" * 5000, 1)]:
        lines = html_to_markdown(f'<ol start="{start}">{item * 3}</ol>').split("\n")
        begins = [line for line in lines if line[:1].isdigit()]
        assert [line.split()[0] for line in begins] == [f"{first + place}." for place in range(3)]
        width = {line: len(line.split()[0]) + 1 for line in begins}
        assert all(line[: min(width.values())].isspace() for line in lines if line and line not in begins)


@pytest.mark.parametrize(
    "span", ['rowspan="65000" colspan="1000"', 'colspan="1000"', 'colspan="²"', f'rowspan="{"9" * 5000}"']
)
def test_spans_made_to_do_harm_swell_no_table(span: str):
    """Cells that claim to reach over all rows and columns add few, and those that claim nonsense none."""
    row = f"<tr><td {span}>a</td></tr>"
    assert len(html_to_markdown(f"<table>{row * 500}</table>")) < 50_000


@pytest.mark.parametrize(
    "html",
    [
        "<p>word<script>alert(1)</script></p>",
        "<p>word<img src=x onerror=alert(1)></p>",
        '<p><a href="javascript:alert(1)">word</a></p>',
        '<p><a href="data:text/html,x">word</a></p>',
        "<p>word<style>p{}</style><iframe src=//evil.example></iframe></p>",
        '<p>word<svg onload="alert(1)"></svg></p>',
    ],
)
def test_nothing_active_comes_through(html: str):
    """Scripts, styles, frames, handlers and active links are gone; the words stay."""
    markdown = html_to_markdown(html)
    assert "word" in markdown
    for bad in ("script", "alert", "javascript:", "data:", "onerror", "<", "evil"):
        assert bad not in markdown


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"]), max_size=200))
def test_escaped_text_shows_itself(text: str):
    """Markdown made from plain text shows that text and nothing else."""
    shown = plain_text(escape(text))
    assert shown.split() == text.split()


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# A *b*\n\nc `d` e", "A b\n\nc d e"),
        ("- a\n- b", "a\nb"),
        ("| a | b |\n| --- | --- |\n| 1 | 2 |", "a\tb\n1\t2"),
        ("![An image](x.jpg) after", "An image after"),
        ("![A lock](x.png)The keeper", "A lock The keeper"),
        ("The keeper![A lock](x.png)", "The keeper A lock"),
        ("![One](x.png)![Two](y.png)", "One Two"),
        ("[![A lock](x.png)](z.html)*The* keeper", "A lock The keeper"),
        ('(![A lock](x.png)), “![A lock](x.png)”, "![A lock](x.png)"!', '(A lock), “A lock”, "A lock"!'),
        ("a ![A lock](x.png)\nb![](y.png)c", "a A lock bc"),
        ("- ![A lock](x.png)**Keep** it", "A lock Keep it"),
        ("```\ncode  here\n```\n\nend", "code  here\n\nend"),
        ("soft\nbreak  \nhard", "soft break\nhard"),
        ("[a link](http://x.example) and &amp; \\*", "a link and & *"),
    ],
)
def test_plain_text(markdown: str, text: str):
    """The text is what a reader of the rendered Markdown sees, blocks a blank line apart."""
    assert plain_text(markdown) == text


@pytest.mark.parametrize(
    ("hugo", "markdown"),
    [
        ('{{< figure src="x.jpg" alt="Alt" caption="Cap" >}}', "![Alt](x.jpg)\n\n*Cap*\n\n"),
        ("{{< youtube abc123 >}}", "[Video: abc123](https://www.youtube.com/watch?v=abc123)"),
        ("{{% note %}}Kept *inside*.{{% /note %}}", "Kept *inside*."),
        ('[t]({{< ref "2016-01-01-x.md" >}})', "[t](2016-01-01-x.md)"),
        ('[t]({{< gone "x" >}} "Title") and [t]({{< gone >}})', '[t](<> "Title") and [t](<>)'),
        ('[t]({{< ref "a b.md" >}} "Title")', '[t](<a b.md> "Title")'),
        ('[t]({{< ref "a.md" >}}#b) ({{< gone >}})', "[t](a.md#b) ()"),
        (
            '<div>\n{{< img src="a b.png" alt="A & <b>" >}}\n</div>\n\n{{< img src="c.png" >}}',
            '<div>\n<img src="a%20b.png" alt="A &amp; &lt;b&gt;">\n</div>\n\n![](c.png)',
        ),
        (
            '<p>See {{< button href="/x" text="Go" >}} <a href="{{< ref "y.md" >}}">it</a></p>',
            '<p>See <a href="/x">Go</a> <a href="y.md">it</a></p>',
        ),
        ('{{< button href="https://x.example" text="Go" >}}', "[Go](https://x.example)"),
        ('{{< unknown class="wide" text="Spoken" >}}', "Spoken"),
        ('```\n{{< kept in="code" >}}\n```', '```\n{{< kept in="code" >}}\n```'),
    ],
)
def test_shortcodes_are_written_out(hugo: str, markdown: str):
    """Text, captions and links of Hugo's shortcodes stay; their syntax goes; code stays as it is."""
    assert write_out_shortcodes(hugo) == markdown


@pytest.mark.parametrize(
    ("written", "markdown"),
    [
        ("## Tides {#tides}\n\ntext", "## Tides\n\ntext"),
        ("## Tides {#high-tide? .wide data-level=2} ##", "## Tides ##"),
        ("# Tides {.wide} ![Sea](a.png)", "# Tides ![Sea](a.png)"),
        ("Tides {#tides}\n======", "Tides\n======"),
        ("## Tides {: .wide}\n{: #low title='a b'}\ntext", "## Tides\n\ntext"),
        ("- a\n- b\n{:.list}\n\ntext {:toc}", "- a\n- b\n\n\ntext {:toc}"),
        ("[Port](/p_(old)){.link-out} opens", "[Port](/p_(old)) opens"),
        (
            "![Port](a.png){width=50%}, <https://port.example>{.out}.",
            "![Port](a.png), <https://port.example>.",
        ),
        ('| [Port](/p){:target="_blank" rel=me} | a |\n|---|---|', "| [Port](/p) | a |\n|---|---|"),
    ],
)
def test_attribute_lists_go(written: str, markdown: str):
    """What a dialect of Markdown says about a heading, a link or a block is not in the text."""
    assert drop_attributes(written) == markdown


@pytest.mark.parametrize(
    "markdown",
    [
        "## The set {x} and {not this}",
        "## The set {.5}",
        "## The range {a=1}",
        "## Not a list \\{#tides}",
        "A paragraph ends {#so}",
        "The function f(x){.y} and (this){#that}",
        "## Write `# Tides {#tides}`",
        "Write `[Port](/p){.out}` or ``a ` [Port](/p){.out}``",
        "```\n# Tides {#tides}\n[Port](/p){.out}\n{: .wide}\n```",
        "- ~~~\n  [Port](/p){.out}\n  ~~~",
        "    # Tides {#tides}",
        "<pre>\n# Tides {#tides}\n</pre>",
    ],
)
def test_other_braces_stay(markdown: str):
    """Braces of prose and of code are left as they are."""
    assert drop_attributes(markdown) == markdown


def test_html_within_markdown():
    """Embedded HTML becomes Markdown, and Markdown without any is left as its author wrote it."""
    assert resolve_html('An <em>early</em> <a href="https://x.example">link</a>&#8217;s end.') == (
        "An *early* [link](https://x.example)’s end."
    )
    assert resolve_html("Left *as* written:\n\n* a\n* b") == "Left *as* written:\n\n* a\n* b"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            '<ul>\n  <li>\n\n    <a href="https://x.example">One</a> &#8217;tis\n  </li>\n</ul>\n\nEnd.',
            "- [One](https://x.example) ’tis\n\nEnd.",
        ),
        (
            "<div>\n  <h2>Tides</h2>\n\n    <p>High at six.</p>\n\n    <p>Low at noon.</p>\n</div>",
            "## Tides\n\nHigh at six.\n\nLow at noon.",
        ),
        ("<div>Tides</div>\n\n    <p>code</p>", "Tides\n\n```\n<p>code</p>\n```"),
        (
            '<!-- <div class="x"> -->\n\n<pre>\n<div>\n</pre>\n\n    <p>code</p>',
            "```\n<p>code</p>\n```",
        ),
        ("<div>\n\nTides</div>\n\n    <p>code</p>", "Tides\n\n```\n<p>code</p>\n```"),
        (
            "<ul>\n<li>a\n\n    <p>x</p>\n\n    1986. A great year\n\n</ul>",
            "- a\n\n  x\n\n  ```\n  1986. A great year\n  ```",
        ),
        ("<pre>a\n```\nb\n</pre>\n\n*End*", "````\na\n```\nb\n````\n\n*End*"),
        ("<div>\n\n    if tide < 3:\n        wait()\n</div>", "```\nif tide < 3:\n    wait()\n```"),
    ],
)
def test_html_goes_on_after_an_empty_line(html: str, markdown: str):
    """Indented tags are code only where no list or division is open; words are code in any case."""
    assert resolve_html(html) == markdown


@pytest.mark.parametrize("mark", ["#", "%", "# a\n"])
def test_blanks_without_end_below_a_mark_are_gone_through_once(mark: str):
    """A megabyte of blanks where a heading or a title should stand states nothing, and holds up no run."""
    content = mark + " " * 1_000_000
    assert read_markdown_labels(content) == ((), content)


@pytest.mark.parametrize(
    "above", ["**The lamp is out**\n\n", "---\ntitle: The lamp is out\n---\n", "# The lamp is out\n"]
)
def test_what_stands_below_a_title_in_markdown(above: str):
    """By-line and date are read below a heading, a line in bold and the title of front matter alike."""
    content = (
        f"{above}By Ida Brandt\n\nMarch 5, 2021\n\nNobody could see the mole, nor the herring below it.\n"
    )
    raw = next(iter(read_markdown(Item(locator="a.md"), io.BytesIO(content.encode()))))
    assert isinstance(raw, RawDocument)
    found, _ = normalize_document(raw, Hint())
    assert (found.title, found.authors) == ("The lamp is out", ("Ida Brandt",))
    assert found.published is not None
    assert found.published.value == "2021-03-05"


@pytest.mark.parametrize("tags", ["<div>\n", "<details>\n", "<div><b>"])
def test_tags_too_deep_in_markdown_cost_no_article(tags: str):
    """Text within hundreds of tags arrives without its structure, and a problem says so."""
    content = f"# The lamp is out\n\nNobody saw it.\n\n{tags * 600}Herring came.\n"
    raw = RawDocument(locator="a.md", format="markdown", content=content)
    found, problems = normalize_document(raw, Hint())
    assert (found.title, " ".join(found.text.split())) == ("The lamp is out", "Nobody saw it. Herring came.")
    assert [problem.code for problem in problems] == ["degraded-convert"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("10<sup>−3</sup> boats", "10⁻³ boats"),
        ("a quay of 40 km<sup>2</sup>", "a quay of 40 km²"),
        ("<em>x</em><sup>2</sup> and 10m<sup>3</sup>", "*x*² and 10m³"),
        ("Ca<sup>2+</sup>", "Ca²⁺"),
        ("the 1<sup>er</sup> May, M<sup>lle</sup> Quell", "the 1er May, Mlle Quell"),
        ("the mole<sup>2</sup>", "the mole2"),
    ],
)
def test_powers_are_raised(html: str, text: str):
    """A power stays one, of units and signs as of numbers; letters that are raised are read on the line."""
    assert html_to_markdown(f"<p>{html}</p>").strip() == text
