"""Every error that a user can cause, each with one line that says what is wrong and what to do.

The class name is part of the contract: it stands in the ``status`` column of ``documents.parquet``.
"""

from __future__ import annotations


class StrategitekstError(Exception):
    """Base class of all errors meant for users.

    The message is one line: what is wrong, then what to do about it.

    Example:
        >>> try:
        ...     raise EmptyDocument("plan.txt holds no text: check that the right file was saved")
        ... except StrategitekstError as error:
        ...     print(type(error).__name__)
        EmptyDocument
    """


class ReadingError(StrategitekstError):
    """A file could not be turned into paragraphs; the rest of a batch goes on."""


class FileMissing(ReadingError):
    """The path names nothing that exists."""


class EmptyDocument(ReadingError):
    """The file was read, but there is no text in it."""


class UnsupportedFormat(ReadingError):
    """The content is of no format that is read, whatever the file's ending says."""


class CorruptFile(ReadingError):
    """The content starts like a known format but cannot be read to the end."""


class EncryptedFile(ReadingError):
    """The file asks for a password."""


class NoTextLayer(ReadingError):
    """A PDF of pictures: there are pages, but no text on them."""


class TooLarge(ReadingError):
    """The file is over the limit on size, packed or unpacked."""


class TooManyPages(TooLarge):
    """The file has more pages than the limit."""


class ReadingTimeout(ReadingError):
    """Reading took longer than the limit and was stopped."""


class ReadingMemory(ReadingError):
    """Reading asked for more memory than the limit and was stopped."""


class ReaderCrashed(ReadingError):
    """The process that read the file died or failed in a way that nobody foresaw."""


class AnalysisTimeout(StrategitekstError):
    """Analysing one document took longer than the limit and was stopped; the rest of a batch goes on."""


class AnalysisCrashed(StrategitekstError):
    """The process that analysed one document died or failed in a way that nobody foresaw."""


class StrategyError(StrategitekstError):
    """A strategy could not be found, or its TOML breaks the schema."""


class ModelError(StrategitekstError):
    """A model directory is missing, damaged, or made for another encoder."""


class CorpusError(StrategitekstError):
    """A labelled document and its labels do not fit together."""


class OcrMissing(StrategitekstError):
    """Text recognition was asked for, and the program or its Danish data is not installed."""


class UsageError(StrategitekstError):
    """A function or command was called with something it cannot take."""
