"""Files that are zips of XML, as Word, OpenDocument and EPUB are: opened with care, nothing unpacked to disk."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - it is a class

from lxml import etree

from strategitekst.errors import CorruptFile, EncryptedFile, TooLarge
from strategitekst.reading.limits import MEGABYTE

_MOST_PARTS = 20_000
_DAMAGE = (BadZipFile, ZlibError, ValueError, NotImplementedError, EOFError, OSError, KeyError)


class Package:
    """The parts of a zip, by name.

    Opening it reads the list of parts only: their declared sizes are checked before anything is unpacked, and zipfile
    never unpacks more of a part than it declares.

    Args:
        data: The content of the file.
        name: How messages name it.
        most_bytes: What all parts together may hold unpacked.

    Raises:
        CorruptFile: It is no zip, or a damaged one.
        TooLarge: It holds too much, or too many parts.
        EncryptedFile: Its parts ask for a password.
    """

    def __init__(self, data: bytes, name: str, most_bytes: int) -> None:
        self.name = name
        try:
            self._archive = ZipFile(BytesIO(data))
            infos = self._archive.infolist()
        except _DAMAGE as error:
            raise CorruptFile(f"{name} er beskadiget og kan ikke pakkes ud: hent eller gem filen igen") from error
        if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > most_bytes:
            raise TooLarge(
                f"{name} fylder for meget pakket ud (højst {most_bytes // MEGABYTE} MB): "
                "gem den uden billeder, eller del den op"
            )
        if any(info.flag_bits & 1 for info in infos):
            raise EncryptedFile(f"{name} er pakket med adgangskode: pak den ud, og prøv igen")
        self.names = frozenset(info.filename for info in infos)
        self._decoders: dict[str, Callable[[bytes], bytes]] = {}

    def decode(self, decoders: dict[str, Callable[[bytes], bytes]]) -> None:
        """Set what encrypted parts are to be decoded with."""
        self._decoders = decoders

    def read(self, part: str) -> bytes:
        """Unpack a part.

        Raises:
            CorruptFile: It is not there, or damaged.
        """
        try:
            data = self._archive.read(part)
        except _DAMAGE as error:
            raise CorruptFile(f"{self.name} er beskadiget ({part} kan ikke pakkes ud): gem den igen") from error
        return self._decoders[part](data) if part in self._decoders else data

    def xml(self, part: str, rename: tuple[bytes, bytes] = (b"", b"")) -> Any:
        """Unpack a part and parse it; its root.

        Args:
            part: Its name.
            rename: What to write for what before parsing.

        Raises:
            CorruptFile: It is not there, damaged, or nested deeper than documents are.
        """
        try:
            return parse_xml(self.read(part).replace(*rename) if rename[0] else self.read(part))
        except etree.XMLSyntaxError as error:
            raise CorruptFile(f"{self.name} er beskadiget ({part} er ikke gyldig XML): gem den igen") from error

    def beside(self, part: str, target: str) -> str:
        """Resolve a reference inside the package; whatever it says, the result is a name in the package.

        Example:
            >>> posixpath.normpath(posixpath.join("OEBPS", "../kapitel.xhtml"))
            'kapitel.xhtml'
        """
        return posixpath.normpath(posixpath.join(posixpath.dirname(part), target)).lstrip("/")


def parse_xml(data: bytes) -> Any:
    """Parse XML: entities stay what they are, nothing is loaded, libxml2's bounds on depth and size hold.

    Raises:
        lxml.etree.XMLSyntaxError: It is no XML.

    Example:
        >>> parse_xml(b"<a><b>Akut</b></a>").findtext("b")
        'Akut'
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)
