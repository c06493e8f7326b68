"""How many pages a PDF has, asked before they are read."""

from __future__ import annotations

import pypdfium2

from strategitekst.errors import CorruptFile, TooManyPages
from strategitekst.reading.encryption import needs_password

_WRONG_PASSWORD = 4


def check_pages(data: bytes, name: str, password: str | None, most: int) -> None:
    """Refuse a PDF with too many pages.

    Args:
        data: The content of the file.
        name: How messages name it.
        password: Opens it, where it asks for one.
        most: The most pages that are read.

    Raises:
        TooManyPages: It has more.
        EncryptedFile: It asks for a password, or for another one.
        CorruptFile: It cannot be opened.
    """
    try:
        document = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _WRONG_PASSWORD:
            raise needs_password(name, password) from error
        raise CorruptFile(f"{name} er en beskadiget PDF: hent eller gem filen igen") from error
    try:
        count = len(document)
    finally:
        document.close()
    if count > most:
        raise TooManyPages(f"{name} har {count} sider, og der læses højst {most}: del den op, eller hæv grænsen")
