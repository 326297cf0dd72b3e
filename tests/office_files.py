"""Builds small office files by hand, byte by byte, so that a test sees all there is in them."""

import io
import zipfile
from pathlib import Path

from pypdf import PdfReader, PdfWriter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CASES = Path(__file__).parent / "cases" / "office"
FONTS = "/Resources<</Font<</F1 3 0 R>>>>"


def pdf(*pages: list[tuple[int, int, str]] | None, info: str = "") -> bytes:
    """Return a PDF of pages with lines at places, in points from the lower left; None is a picture."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        f"<<{info}>>",
    ]
    for number, lines in enumerate(pages):
        if lines is None:
            content = "q 200 0 0 200 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID 80> EI Q"
        else:
            content = "\n".join(f"BT /F1 12 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in lines)
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {6 + 2 * number} 0 R{FONTS}>>",
            f"<</Length {len(content.encode('cp1252'))}>>stream\n{content}\nendstream",
        ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer<</Size {size}/Root 1 0 R/Info 4 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def rewritten_pdf(
    data: bytes, password: str = "", attach: dict[str, bytes] | None = None, xmp: str = ""
) -> bytes:
    """Return a PDF with a password, with files attached to it, or with an XMP packet."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for name, content in (attach or {}).items():
        writer.add_attachment(name, content)
    if xmp:
        writer.xmp_metadata = xmp.encode()
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped(members: dict[str, str | bytes]) -> bytes:
    """Return a zip of these members, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return out.getvalue()


def docx(
    body: str, core: str = "", footnotes: str = "", extra: dict[str, str | bytes] | None = None
) -> bytes:
    """Return a Word document with this content in `w:body`."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = ("document", "footnotes", "numbering", "styles")
    overrides = "".join(f'<Override PartName="/word/{n}.xml" ContentType="{kind}.{n}+xml"/>' for n in parts)
    links = "".join(
        f'<Relationship Id="{n}" Type="{RELATIONS}/{n}" Target="{n}.xml"/>' for n in parts if n != "document"
    )
    link = (
        f'<Relationship Id="link" Type="{RELATIONS}/hyperlink" Target="https://example.org/"'
        ' TargetMode="External"/>'
    )
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{overrides}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="d"'
            f' Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}{link}'
            "</Relationships>",
            "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:body>{body}</w:body>'
            "</w:document>",
            "word/footnotes.xml": f'<w:footnotes xmlns:w="{WORD}">{footnotes}</w:footnotes>',
            "word/numbering.xml": f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{level}'
            '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
            "word/styles.xml": f'<w:styles xmlns:w="{WORD}"><w:style w:type="paragraph" w:styleId="T">'
            '<w:name w:val="Title"/></w:style></w:styles>',
            "docProps/core.xml": '<cp:coreProperties xmlns:dcterms="http://purl.org/dc/terms/"'
            f' xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"{core}</cp:coreProperties>",
            **(extra or {}),
        }
    )


def word_paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph of a Word document."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def odt(body: str, meta: str = "", extra: dict[str, str | bytes] | None = None) -> bytes:
    """Return an OpenDocument text with this content in `office:text`."""
    names = {name: name for name in ("office", "text", "table", "meta")}
    names |= {"draw": "drawing", "svg": "svg-compatible"}
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in names.items()
    )
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content{spaces}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f"<office:document-meta{spaces}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
            **(extra or {}),
        }
    )


def epub(
    chapters: dict[str, str], meta: str = "", nav: str = "", extra: dict[str, str | bytes] | None = None
) -> bytes:
    """Return a book of XHTML chapters by file name, given the content of their bodies."""
    items = "".join(
        f'<item id="c{number}" href="text/{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    head = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"'
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            f' xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{meta}</metadata><manifest>{items}'
            '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest>'
            f'<spine><itemref idref="nav"/>{spine}</spine></package>',
            "OEBPS/nav.xhtml": f'{head} xmlns:epub="http://www.idpf.org/2007/ops"><body>'
            f'<nav epub:type="toc"><ol>{nav}</ol></nav></body></html>',
            **{
                f"OEBPS/text/{name}": f"{head}><head><title/></head><body>{body}</body></html>"
                for name, body in chapters.items()
            },
            **(extra or {}),
        }
    )


def rtf(body: str, info: str = "") -> bytes:
    """Return a Rich Text document."""
    return (
        "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial CYR;}}"
        f"{{\\stylesheet{{\\s0 Normal;}}{{\\s1 heading 1;}}{{\\s2 heading 2;}}}}{{\\info{info}}}{body}}}"
    ).encode("cp1252")


def sample_docx() -> bytes:
    """Return a Word document with a bit of everything."""
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>The footnote names Tyuratam.</w:t></w:r></w:p></w:footnote>'
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = "".join(f"<w:tr>{cell.format(one)}{cell.format(two)}</w:tr>" for one, two in ROWS)
    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        word_paragraph("A Red Moon Rises", '<w:pStyle w:val="T"/>')
        + "<w:p><w:r><w:t>The metal ball</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r><w:r>"
        "<w:t xml:space='preserve'> went round. </w:t></w:r>"
        "<w:r><w:rPr><w:b/></w:rPr><w:t>Everyone</w:t></w:r>"
        "<w:hyperlink r:id='link'><w:r><w:t xml:space='preserve'> heard</w:t></w:r></w:hyperlink>"
        "<w:del><w:r><w:delText>Deleted</w:delText></w:r></w:del>"
        "<w:r><w:t xml:space='preserve'> it.</w:t></w:r></w:p>"
        + word_paragraph("What it carried", '<w:pStyle w:val="Heading2"/>')
        + word_paragraph("a transmitter", item)
        + word_paragraph("three batteries", item)
        + f"<w:tbl>{rows}</w:tbl>"
    )
    core = (
        "<dc:title>Template</dc:title><dc:creator>Ann Lee; Bo Ek</dc:creator>"
        "<cp:keywords>space; moon</cp:keywords>"
        "<dcterms:created>1957-10-05T08:15:00Z</dcterms:created><dc:language>en-US</dc:language>"
    )
    return docx(body, core, note)


def sample_odt() -> bytes:
    """Return an OpenDocument text with a bit of everything."""
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + '<table:table-cell table:number-columns-repeated="1022"/></table:table-row>'
        for row in ROWS
    )
    body = (
        "<text:tracked-changes><text:p>Deleted</text:p></text:tracked-changes>"
        '<text:h text:outline-level="1">A Red Moon Rises</text:h>'
        "<text:p>The metal ball<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>The footnote names Tyuratam.</text:p></text:note-body></text:note>"
        " went<text:s/>round."
        ' Everyone<text:a xlink:href="https://example.org/"> heard</text:a> it.</text:p>'
        '<text:h text:outline-level="2">What it carried</text:h>'
        "<text:list><text:list-item><text:p>a transmitter</text:p></text:list-item>"
        "<text:list-item><text:p>three batteries</text:p></text:list-item></text:list>"
        f"<table:table>{rows}</table:table>"
        "<text:p><draw:frame><draw:image/><svg:desc>A drawing of the ball</svg:desc></draw:frame></text:p>"
    )
    meta = (
        "<dc:title>Template</dc:title><meta:initial-creator>Ann Lee</meta:initial-creator>"
        "<dc:creator>Typist</dc:creator><meta:creation-date>1957-10-05T08:15:00.12</meta:creation-date>"
        "<meta:keyword>space</meta:keyword><meta:keyword>moon</meta:keyword><dc:language>en-GB</dc:language>"
    )
    return odt(body, meta)


def sample_epub() -> bytes:
    """Return a book of two chapters."""
    rows = "".join(f"<tr><td>{one}</td><td>{two}</td></tr>" for one, two in ROWS)
    chapters = {
        "cover.xhtml": '<img src="cover.jpg" alt=""/>',
        "one.xhtml": '<h1>A Red Moon Rises</h1><p>The metal ball<a id="back"/><sup>'
        '<a href="#note">1</a></sup> went round.&nbsp;Everyone heard it.</p><h2>What it carried</h2>'
        "<ul><li>a transmitter</li>"
        f"<li>three batteries</li></ul><table>{rows}</table>"
        '<aside><p id="note">The footnote names Tyuratam. <a href="#back">↑</a></p></aside>',
        "two.xhtml": "<p>Laika, a mongrel from the streets of Moscow, was the first to go round.</p>",
    }
    meta = (
        '<dc:title>The Space Race</dc:title><dc:creator opf:role="aut">Ann Lee</dc:creator>'
        '<dc:creator opf:role="ill">Drawer</dc:creator><dc:date>1958-03</dc:date>'
        '<dc:creator id="who">Translator</dc:creator><meta refines="#who" property="role">trl</meta>'
        "<dc:language>en</dc:language>"
        "<dc:publisher>Meridian Press</dc:publisher><dc:subject>space</dc:subject>"
    )
    nav = '<li><a href="text/two.xhtml#top">The Dog in Orbit</a></li>'
    return epub(chapters, meta, nav)


def sample_rtf() -> bytes:
    """Return a Rich Text document with a bit of everything."""
    rows = "".join(f"\\trowd\\pard\\intbl {one}\\cell {two}\\cell\\row\n" for one, two in ROWS)
    body = (
        "{\\header Page header\\par}\\pard\\s1 A Red Moon Rises\\par\n\\pard The metal ball"
        "{\\super\\chftn{\\footnote\\pard\\plain The footnote names Tyuratam.}} went round. {\\b Everyone}"
        '{\\field{\\*\\fldinst{HYPERLINK "https://example.org/"}}{\\fldrslt  heard}} it.'
        "{\\deleted Deleted}\\par\n"
        "\\pard Caf\\'e9 \\u8220?S\\u8364?\\u8221? {\\f1\\'cc\\'ee\\'f1\\'ea\\'e2\\'e0}\\par\n"
        "\\pard\\s2 What it carried\\par\n{\\listtext\\bullet\\tab}\\pard\\ls1 a transmitter\\par\n"
        "{\\listtext\\bullet\\tab}three batteries\\par\n\\pard\n"
        f"{rows}\\pard{{\\*\\shppict{{\\pict\\pngblip 89504e47}}}}\\par\n"
    )
    info = "{\\title Template}{\\author Ann Lee}{\\keywords space, moon}"
    return rtf(body, info + "{\\creatim\\yr1957\\mo10\\dy5\\hr8\\min15}")


ROWS = (("Ship", "Year"), ("Sputnik", "1957"), ("Vostok", "1961"))
SAMPLES = {"moon.docx": sample_docx, "moon.odt": sample_odt, "moon.epub": sample_epub, "moon.rtf": sample_rtf}

if __name__ == "__main__":
    CASES.mkdir(parents=True, exist_ok=True)
    for sample, make in SAMPLES.items():
        (CASES / sample).write_bytes(make())
