"""Files with a password: opened where it is given, named where it is not."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any

from strategitekst.errors import CorruptFile, EncryptedFile

_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_MOST_ROUNDS = 10_000_000
_CHECKED = 1024
"""Bytes at the start of a part that its checksum is of."""


def needs_password(name: str, password: str | None) -> EncryptedFile:
    """Make the error for a file that asks for a password, or for another one.

    Example:
        >>> print(needs_password("plan.docx", None))
        plan.docx er beskyttet med adgangskode: angiv den med password=…, eller gem filen uden
    """
    if password is None:
        return EncryptedFile(f"{name} er beskyttet med adgangskode: angiv den med password=…, eller gem filen uden")
    return EncryptedFile(
        f"{name} kan ikke åbnes med den adgangskode, der er givet: prøv en anden, eller gem filen uden"
    )


def decrypt_office(data: bytes, name: str, password: str | None) -> bytes:
    """Decrypt a Word file with a password.

    Args:
        data: The content of the file.
        name: How messages name it.
        password: The password, or None.

    Returns:
        The Word file as it is without.

    Raises:
        EncryptedFile: The password is not given or not right.
        CorruptFile: The file is damaged.
    """
    if password is None:
        raise needs_password(name, None)
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    decrypted = BytesIO()
    try:
        file = msoffcrypto.OfficeFile(BytesIO(data))
        file.load_key(password=password)
        file.decrypt(decrypted)
    except (InvalidKeyError, DecryptionError) as error:
        raise needs_password(name, password) from error
    except MemoryError:
        raise
    except Exception as error:  # whatever the parser trips over, the file is at fault
        raise CorruptFile(f"{name} er beskadiget og kan ikke låses op: hent eller gem filen igen") from error
    return decrypted.getvalue()


def odf_decoders(manifest: Any, name: str, password: str | None) -> dict[str, Callable[[bytes], bytes]]:
    """Find how to decrypt the parts of an OpenDocument file.

    Args:
        manifest: The root of its manifest.
        name: How messages name it.
        password: The password, or None.

    Returns:
        For each encrypted part a function that decrypts it; empty where none is.

    Raises:
        EncryptedFile: The password is not given, or the encryption is none that is known.
    """
    entries = [entry for entry in manifest.iter(f"{_MANIFEST}file-entry") if len(entry)]
    if entries and password is None:
        raise needs_password(name, None)
    return {entry.get(f"{_MANIFEST}full-path"): _decoder(entry, name, password or "") for entry in entries}


def _decoder(entry: Any, name: str, password: str) -> Callable[[bytes], bytes]:
    """Read the parameters of AES in CBC mode with a PBKDF2 key, as LibreOffice writes them since version 4."""
    cipher, derivation, start = (
        next(entry.iter(f"{_MANIFEST}{tag}"), None) for tag in ("algorithm", "key-derivation", "start-key-generation")
    )
    algorithm = "" if cipher is None else cipher.get(f"{_MANIFEST}algorithm-name", "")
    if cipher is None or derivation is None or not algorithm.endswith(("aes256-cbc", "aes128-cbc")):
        raise EncryptedFile(f"{name} er krypteret på en måde, der ikke kan læses: gem filen uden adgangskode")
    digest = "sha1" if start is None else "sha256"
    secret = hashlib.new(digest, password.encode()).digest()
    rounds = min(int(derivation.get(f"{_MANIFEST}iteration-count", "0")), _MOST_ROUNDS)
    salt, vector = (
        b64decode(each.get(f"{_MANIFEST}{attribute}", ""))
        for each, attribute in ((derivation, "salt"), (cipher, "initialisation-vector"))
    )
    data_entry = next(entry.iter(f"{_MANIFEST}encryption-data"))
    check = b64decode(data_entry.get(f"{_MANIFEST}checksum", ""))
    kind = "sha256" if len(check) == 32 else "sha1"
    size = int(derivation.get(f"{_MANIFEST}key-size", "16"))

    def decode(data: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        try:
            key = hashlib.pbkdf2_hmac("sha1", secret, salt, rounds, size)
            opened = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
            packed = opened.update(data) + opened.finalize()
            if check and hashlib.new(kind, packed[:_CHECKED]).digest() != check:
                raise ValueError("checksum")
            return zlib.decompress(packed, -zlib.MAX_WBITS)
        except (ValueError, zlib.error) as error:  # a wrong key gives noise
            raise needs_password(name, password) from error

    return decode
