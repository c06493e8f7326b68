"""Files → documents: formats told by their content, text repaired, headings and lists found."""

from strategitekst.reading.files import FoundFile, find_files
from strategitekst.reading.front import read_document
from strategitekst.reading.limits import Limits

__all__ = ["FoundFile", "Limits", "find_files", "read_document"]
