"""Files of six kinds to text, by what Python programs read them with: pypdf, python-docx, openpyxl,
BeautifulSoup."""

from pathlib import Path

import bs4
import docx
import openpyxl
import pypdf


def read(folder):
    """(name, text) of each file that could be read, and how many could not."""
    texts, failed = [], 0
    for path in sorted(Path(folder).iterdir()):
        try:
            texts.append((path.name, READERS[path.suffix](path)))
        except Exception as why:  # whatever a reader makes of a damaged file
            print(path.name, why)
            failed += 1
    return texts, failed


def of_pdf(path):
    return "\n\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def of_docx(path):
    document = docx.Document(path)
    rows = [" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return "\n\n".join([paragraph.text for paragraph in document.paragraphs] + rows)


def of_xlsx(path):
    sheets = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets
    rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(" | ".join(str(cell) for cell in row if cell is not None) for row in rows)


def of_html(path):
    return bs4.BeautifulSoup(path.read_bytes(), "html.parser").get_text("\n", strip=True)


def of_text(path):
    return path.read_text(encoding="utf-8", errors="replace")


READERS = {
    ".pdf": of_pdf,
    ".docx": of_docx,
    ".xlsx": of_xlsx,
    ".html": of_html,
    ".md": of_text,
    ".txt": of_text,
}
