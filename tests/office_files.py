"""Builds small office files by hand, byte by byte, so that a test sees all there is in them."""

import io
import zipfile

from pypdf import PdfReader, PdfWriter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
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
    """Return a zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
