"""Signatures: an offer in a project's folder is believed only if a server of this user wrote it there.

A signature is an HMAC-SHA256 over some bytes, the project's path and the purpose: that of an offer's content,
or of its file's name. The key lies in the user's state folder, where no repository writes; once it is lost,
offers signed with it are believed no more.
"""

import hashlib
import hmac
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from quickstudy.machine import state_folder

KEY_BYTES = 32

CONTENT, NAME = b"quickstudy offer 2", b"quickstudy offer name 1"
"""The purposes, each with a number that changes with the form of what is signed."""


class Signer:
    """Signs what lies in one project. Raises OSError if there is no key."""

    def __init__(self, root: Path) -> None:
        self._place = os.fsencode(os.path.realpath(root))
        self._key = _key()

    def sign(self, purpose: bytes, content: bytes) -> bytes:
        """The signature, in hexadecimal."""
        # No path holds a zero byte, so that each message is of one purpose, place and content only.
        message = b"\0".join((purpose, self._place, content))
        return hmac.digest(self._key, message, hashlib.sha256).hex().encode()

    def is_signed(self, purpose: bytes, content: bytes, signature: bytes) -> bool:
        """Whether that is the signature."""
        return hmac.compare_digest(self.sign(purpose, content), signature)


def _key() -> bytes:
    """The user's key, made if there is none that can be trusted."""
    folder = state_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    file = folder / "offers.key"
    return _read(file) or _make(file)


def _read(file: Path) -> bytes | None:
    """A key that only the user can have written and read."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        own = found.st_uid == os.geteuid() and not found.st_mode & 0o077
        if not own or not stat.S_ISREG(found.st_mode) or found.st_size != KEY_BYTES:
            return None
        return stream.read()


def _make(file: Path) -> bytes:
    """A new key in that place; if another server was faster, its key."""
    key = secrets.token_bytes(KEY_BYTES)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(key)
        try:
            os.link(fresh, file, follow_symlinks=False)
        except FileExistsError:
            other = _read(file)
            if other is not None:
                return other
            fresh.replace(file)
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
    return key
