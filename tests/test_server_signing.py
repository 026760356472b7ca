"""Signatures of offers: one key of the user's, and nothing that is not signed with it fits."""

import os
import threading
from pathlib import Path

import pytest

from quickstudy.machine import state_folder
from quickstudy_server.signing import CONTENT as AS_CONTENT
from quickstudy_server.signing import KEY_BYTES, NAME, Signer

CONTENT = b'{"variant": "def f(): ..."}'


def sign(root: Path, content: bytes) -> bytes:
    return Signer(root).sign(AS_CONTENT, content)


def is_signed(root: Path, content: bytes, signature: bytes) -> bool:
    return Signer(root).is_signed(AS_CONTENT, content, signature)


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the key of this test's user lies."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return state_folder() / "offers.key"


def test_a_signature_fits_its_content_and_place_only(tmp_path: Path) -> None:
    """A changed byte, another project and another signature do not fit."""
    signature = sign(tmp_path, CONTENT)
    assert is_signed(tmp_path, CONTENT, signature)
    assert not is_signed(tmp_path, CONTENT + b" ", signature)
    assert not is_signed(tmp_path / "other", CONTENT, signature)
    for other in (b"", b"0" * 64, signature[:-1], signature.upper(), signature + b"0", "ä".encode()):
        assert not is_signed(tmp_path, CONTENT, other)


def test_a_signature_fits_its_purpose_only(tmp_path: Path) -> None:
    """That of a name is none of a content."""
    assert not is_signed(tmp_path, CONTENT, Signer(tmp_path).sign(NAME, CONTENT))


def test_place_and_content_cannot_be_shifted(tmp_path: Path) -> None:
    """What ends one path and begins the other's content is not the same message."""
    assert sign(tmp_path / "a", b"b" + CONTENT) != sign(tmp_path / "ab", CONTENT)


def test_a_project_has_one_place_however_it_is_reached(tmp_path: Path) -> None:
    """By a link as well."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert is_signed(tmp_path / "link", CONTENT, sign(tmp_path / "real", CONTENT))


def test_the_key_is_the_user_s_alone(tmp_path: Path, key: Path) -> None:
    """Random, 32 bytes, and neither it nor its folder open to others."""
    key.parent.mkdir(parents=True, mode=0o755)
    sign(tmp_path, CONTENT)
    assert (KEY_BYTES, 0o600, 0o700) == (
        len(key.read_bytes()),
        key.stat().st_mode & 0o777,
        key.parent.stat().st_mode & 0o777,
    )
    assert [key] == list(key.parent.iterdir())


def test_a_key_that_cannot_be_trusted_is_replaced(tmp_path: Path, key: Path) -> None:
    """Lost, short, long, open to others, a link to what a stranger knows, a pipe: a new key each time."""
    known = tmp_path / "known"
    known.write_bytes(b"k" * KEY_BYTES)
    known.chmod(0o600)
    before = sign(tmp_path, CONTENT)
    for spoil in (
        lambda: None,
        lambda: key.write_bytes(b"k" * 16),
        lambda: key.write_bytes(b"k" * 64),
        lambda: (key.write_bytes(b"k" * KEY_BYTES), key.chmod(0o644)),
        lambda: key.symlink_to(known),
        lambda: os.mkfifo(key),
    ):
        key.unlink()
        spoil()
        after = sign(tmp_path, CONTENT)
        assert (True, after) == (before != after, sign(tmp_path, CONTENT))
        assert (KEY_BYTES, 0o600, False) == (key.stat().st_size, key.stat().st_mode & 0o777, key.is_symlink())
        assert not is_signed(tmp_path, CONTENT, before)
        before = after
    assert b"k" * KEY_BYTES == known.read_bytes()


def test_servers_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    """None is left with a key that was replaced under it."""
    ready = threading.Barrier(8)
    found: set[bytes] = set()

    def start() -> None:
        ready.wait()
        found.add(sign(tmp_path, CONTENT))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {sign(tmp_path, CONTENT)} == found


def test_without_a_key_there_is_no_signature(tmp_path: Path, key: Path) -> None:
    """The state folder's place is taken by a file."""
    key.parent.parent.write_text("")
    with pytest.raises(OSError, match=r"directory|exists"):
        sign(tmp_path, CONTENT)
