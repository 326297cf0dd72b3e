"""The formats of citations: BibTeX, RIS, CSL-JSON, and a line in the manner of Chicago."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from datasette.plugins import pm

MONTH_MACROS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: rf"\{character}" for character in "$&#_%{}"},
    }
)
# BibTeX counts braces, escaped or not, so that an unpaired one is given a partner that is not seen.
UNPAIRED = {ord("{"): r"\{\vphantom{\}}", ord("}"): r"\vphantom{\{}\}"}
# What TeX sets as one sign: dashes, quotation marks, guillemets, turned marks.
LIGATURE = re.compile(r"([-'`,<>])(?=\1)|[?!](?=`)")
IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
# BibLaTeX wants the names that babel has for languages; these are all that it knows words of, but Serbian,
# which has one for each of its scripts.
BABEL = {
    "bg": "bulgarian",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "ngerman",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "gl": "galician",
    "hr": "croatian",
    "hu": "hungarian",
    "is": "icelandic",
    "it": "italian",
    "la": "latin",
    "lt": "lithuanian",
    "lv": "latvian",
    "mr": "marathi",
    "nb": "norsk",
    "nl": "dutch",
    "nn": "nynorsk",
    "no": "norsk",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sk": "slovak",
    "sl": "slovene",
    "sv": "swedish",
    "tr": "turkish",
    "uk": "ukrainian",
}
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
STRAIGHT_QUOTES = re.compile(r'(?<!\w)"([^"]*)"(?!\w)')
MOST_NAMED, NAMED_OF_MANY = 10, 7


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a citation tells of an article; what was not stated is empty.

    `published` is as precise as it was stated, in ISO 8601. `url` is the original address,
    or the article's page in this room where none was stated.
    """

    key: str
    title: str
    authors: tuple[Any, ...] = ()
    source: str = ""
    published: str = ""
    section: str = ""
    language: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    url: str = ""

    @property
    def name(self) -> str:
        """Return the citation key: it follows from the article's public key, so it stays."""
        return f"article-{self.key}"

    @property
    def date(self) -> tuple[str, ...]:
        """Return year, month and day, as far as stated; a citation tells no time of day."""
        stated = DATE.match(self.published)
        return tuple(stated[0].split("-")) if stated else ()


@dataclass(frozen=True, kw_only=True)
class Format:
    """How a list of references is written."""

    label: str
    media_type: str
    write: Callable[[Reference], str]
    before: str = ""
    between: str = "\n"
    after: str = "\n"


def refer(row: Any, authors: list[str], tags: list[str], address: str) -> Reference:
    """Return the reference to an article, from its row and its address in this room."""
    split = pm.get_plugin("citation_names.py")
    source = _line(row["source"])
    names = [_line(author) for author in authors]
    return Reference(
        key=row["key"],
        title=_line(row["title"]) or "Untitled",
        authors=tuple(
            split.Name(name) if name == source else split.split_name(name) for name in names if name
        ),
        source=source,
        published=row["published"] or "",
        section=_line(row["section"]),
        language=row["language"] or "",
        description=_line(row["description"]),
        tags=tuple(filter(None, map(_line, tags))),
        url=_line(row["url"]) or address,
    )


def _line(text: str | None) -> str:
    """Return a text on one line, without what is no character of a text."""
    return " ".join(CONTROL.sub(" ", text or "").split())


def write_bibtex(reference: Reference) -> str:
    """Return an entry for BibTeX and BibLaTeX, in UTF-8, what LaTeX would take as a command escaped.

    The title is in braces of its own, so that no style changes its capitals.
    """
    year, month, *_ = (*reference.date, "", "")
    values = {
        "author": " and ".join(map(_bibtex_name, reference.authors)),
        "title": f"{{{escape_latex(reference.title)}}}",
        "journal": escape_latex(reference.source),
        "date": "-".join(reference.date),
        "year": year,
        "abstract": escape_latex(reference.description),
        "keywords": ", ".join(_keyword(tag) for tag in reference.tags),
        "langid": BABEL.get(reference.language, ""),
        "url": reference.url.translate(IN_ADDRESS),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in values.items() if value and value != "{}"]
    if month:
        lines.append(f"  month = {MONTH_MACROS[int(month) - 1]}")
    kind = "article" if reference.source else "misc"
    return f"@{kind}{{{reference.name},\n" + ",\n".join(lines) + "\n}\n"


def escape_latex(text: str) -> str:
    """Return a text as LaTeX sets it to the letter, its braces balanced as BibTeX wants them."""
    open_braces = 0
    for character in text:
        open_braces += {"{": 1, "}": -1}.get(character, 0)
        if open_braces < 0:
            break
    escaped = text.translate(LATEX if open_braces == 0 else {**LATEX, **UNPAIRED})
    return LIGATURE.sub(r"\g<0>{}", escaped)


def _bibtex_name(name: Any) -> str:
    if not name.given:
        return f"{{{escape_latex(name.family)}}}"
    parts = (name.family, name.suffix, name.given)
    return ", ".join(escape_latex(part) for part in parts if part)


def _keyword(tag: str) -> str:
    escaped = escape_latex(tag)
    return f"{{{escaped}}}" if "," in escaped else escaped


def write_ris(reference: Reference) -> str:
    """Return a record of RIS; a month or a day that was not stated stays empty in its date."""
    year, month, day = (*reference.date, "", "", "")[:3]
    lines = [
        ("TY", "NEWS" if reference.source else "GEN"),
        ("ID", reference.name),
        *(("AU", name.turned()) for name in reference.authors),
        ("TI", reference.title),
        ("T2", reference.source),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("SE", reference.section),
        ("AB", reference.description),
        *(("KW", tag) for tag in reference.tags),
        ("LA", reference.language),
        ("UR", reference.url),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def describe_csl(reference: Reference) -> dict[str, Any]:
    """Return an item of CSL-JSON, as citation processors and Zotero read it."""
    item = {
        "id": reference.name,
        "type": "article-newspaper" if reference.source else "document",
        "title": reference.title,
        "author": [_csl_name(name) for name in reference.authors],
        "container-title": reference.source,
        "issued": {"date-parts": [[int(part) for part in reference.date]]} if reference.date else None,
        "section": reference.section,
        "abstract": reference.description,
        "keyword": ", ".join(reference.tags),
        "language": reference.language,
        "URL": reference.url,
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(name: Any) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def write_csl(reference: Reference) -> str:
    """Return an item of CSL-JSON on one line."""
    return json.dumps(describe_csl(reference), ensure_ascii=False)


def word_citation(reference: Reference) -> tuple[str, str, str]:
    """Return a citation in words, in the manner of Chicago: before, of, and after the publication.

    `Petrova, Anna, and Ivan Malt. “A Title.” The Courier, 12 April 1961. https://…`, the date as
    precise as stated, `n.d.` where none was. No date of access is made up.
    """
    title = STRAIGHT_QUOTES.sub(r"‘\1’", reference.title.replace("“", "‘").replace("”", "’"))
    stop = "" if title.endswith(("?", "!", ".", "…")) else "."
    by = _join_names(reference.authors)
    before = f"{by}{'' if not by or by.endswith('.') else '.'} “{title}{stop}” ".lstrip()
    words = pm.get_plugin("layout.py").date_in_words
    date = words("-".join(reference.date)) if reference.date else "n.d."
    after = f"{', ' if reference.source else ''}{date}{'' if date.endswith('.') else '.'}"
    return before, reference.source, f"{after} {reference.url}." if reference.url else after


def _join_names(names: tuple[Any, ...]) -> str:
    if not names:
        return ""
    listed = [names[0].turned(), *(name.straight() for name in names[1:])]
    if len(listed) > MOST_NAMED:
        return ", ".join([*listed[:NAMED_OF_MANY], "et al."])
    return ", and ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))


FORMATS = {
    "bib": Format(label="BibTeX", media_type="application/x-bibtex; charset=utf-8", write=write_bibtex),
    "ris": Format(
        label="RIS",
        media_type="application/x-research-info-systems; charset=utf-8",
        write=write_ris,
        between="\r\n",
        after="",
    ),
    "csl.json": Format(
        label="CSL-JSON",
        media_type="application/vnd.citationstyles.csl+json; charset=utf-8",
        write=write_csl,
        before="[\n",
        between=",\n",
        after="\n]\n",
    ),
    "txt": Format(
        label="plain text",
        media_type="text/plain; charset=utf-8",
        write=lambda reference: "".join(word_citation(reference)),
    ),
}
