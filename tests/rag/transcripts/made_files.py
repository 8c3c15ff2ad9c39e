"""Files made by the tests themselves: Word and PDF, byte by byte where that matters."""

import io
import zipfile
from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

import docx

PdfLine = tuple[float, float, str]
"""Left edge and baseline in points from the lower left corner, and the text; "**" before it makes it bold."""


def pdf_of(pages: Sequence[Sequence[PdfLine]], *, title: str | None = None, size: float = 11) -> bytes:
    """Write a PDF with standard fonts, a text object for each line, as plain tools do."""
    objects: list[bytes] = [b"", b""]
    fonts = b"<< /F1 3 0 R /F2 4 0 R >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects.extend(font % name for name in (b"Helvetica", b"Helvetica-Bold"))
    kids = []
    for lines in pages:
        content = b"\n".join(_shown(*line, size) for line in lines)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font %s >> /Contents %d 0 R >>"
            % (fonts, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    info = b""
    if title is not None:
        objects.append(b"<< /Title (%s) >>" % _escaped(title))
        info = b"/Info %d 0 R " % len(objects)
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, info, start))
    return out.getvalue()


def _shown(left: float, baseline: float, text: str, size: float) -> bytes:
    font, text = (b"/F2", text[2:]) if text.startswith("**") else (b"/F1", text)
    bold, _, rest = text.partition("**") if font == b"/F2" else (text, "", "")
    shown = b"(%s) Tj" % _escaped(bold)
    if rest:
        shown += b" /F1 %g Tf (%s) Tj" % (size, _escaped(rest))
    return b"BT %s %g Tf %g %g Td %s ET" % (font, size, left, baseline, shown)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def docx_of(paragraphs: Sequence[str], *, title: str = "") -> bytes:
    """Write a Word file; "**" around the beginning of a paragraph makes it bold, "# " a heading."""
    document = docx.Document()
    document.core_properties.title = title
    for text in paragraphs:
        if text.startswith("# "):
            document.add_heading(text[2:], level=1)
            continue
        paragraph = document.add_paragraph()
        bold, _, rest = text[2:].partition("**") if text.startswith("**") else ("", "", text)
        paragraph.add_run(bold).bold = True
        paragraph.add_run(rest)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def empty_docx() -> bytes:
    """Write a Word file without a paragraph."""
    return docx_of([])


def with_body(data: bytes, body: str) -> bytes:
    """Return a Word file with other XML in its body."""
    return with_part(
        data,
        "word/document.xml",
        '<?xml version="1.0" encoding="UTF-8"?><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>{body}</w:body></w:document>',
    )


def with_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """Return an archive with another part in place of one, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def run(text: str) -> str:
    """Return a run of a Word file's XML."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
