"""Files as text and back: each in the encoding that it declares, nothing translated, replaced in one step."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.project import read_regular

Encoding = Callable[[bytes], str]
"""The codec of a file's bytes, as a language has them declare it. Raises SyntaxError."""


def read(path: Path, title: str, encoding_of: Encoding) -> str:
    """The text of a file in the language of this title; all that is in it stays. Raises InputError."""
    try:
        data = read_regular(path)
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the path.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; name a {title} file in it.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return data.decode(encoding_of(data))
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise InputError(
            f"{path} cannot be decoded ({error}); save it as UTF-8 or correct its coding line."
        ) from error


def write(path: Path, text: str, encoding_of: Encoding) -> None:
    """Put the text in the file's place at once, so that no reader ever sees half of it. Raises InputError.

    The file keeps its permissions, and a symbolic link stays one.
    """
    encoding = "utf-8"
    try:
        encoding = encoding_of(text.encode())
        data = text.encode(encoding)
    except (SyntaxError, UnicodeEncodeError, LookupError) as error:
        raise InputError(f"{path} cannot hold the new text in {encoding} ({error}).") from error
    real = path.resolve()
    try:
        if real.exists() and not os.access(real, os.W_OK):
            raise InputError(f"{path} is read-only; make it writable and try again.")
        mode = real.stat().st_mode if real.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
        scratch = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp makes its files private.
            scratch.chmod(mode)
            scratch.replace(real)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
