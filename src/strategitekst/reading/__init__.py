"""Files → documents: formats told by their content, text repaired, headings and lists found."""

from strategitekst.reading.files import FoundFile, find_files
from strategitekst.reading.front import read_document

__all__ = ["FoundFile", "find_files", "read_document"]
