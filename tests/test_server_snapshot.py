"""Positions as the client counts them, and edits of the live text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec
from tests.e2e.conftest import edited

from quickstudy.languages import Span
from quickstudy_server.edits import text_edits, workspace_edit
from quickstudy_server.protocol import Document
from quickstudy_server.settings import choose
from quickstudy_server.snapshot import Snapshot

ENCODINGS = ("utf-8", "utf-16", "utf-32")
SETTINGS = choose(Path("/"))
PIECES = ["a", "ä", "🐎", "\t", "\f", "\u2028", "\n", "\r\n", "\r"]
PLAIN = [piece for piece in PIECES if piece.isascii()]
TEXTS = (st.lists(st.sampled_from(PIECES), max_size=40) | st.lists(st.sampled_from(PLAIN))).map("".join)


def snapshot(text: str, encoding: str = "utf-16") -> Snapshot:
    place = {"uri": "file:///m.py", "path": Path("/m.py"), "version": 3, "root": Path("/")}
    return Snapshot(text, encoding, settings=SETTINGS, **place)  # type: ignore[arg-type]


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_every_offset_has_a_position_and_back(text: str, encoding: str) -> None:
    """In each encoding, with any line ends; between CR and LF there is no place."""
    now = snapshot(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert offset == now.offset(now.position(offset))


@pytest.mark.parametrize(("line", "column", "offset"), [(0, 99, 2), (1, 99, 4), (99, 0, 4), (99, 99, 4)])
def test_positions_beyond_the_end_are_the_end(line: int, column: int, offset: int) -> None:
    """Of the line, or of the text."""
    assert offset == snapshot("ab\nc").offset(types.Position(line, column))


def test_a_span_in_bytes_is_a_range_in_units() -> None:
    """The languages room counts UTF-8 bytes."""
    span = Span(0, len("ä🐎".encode()), 0, len("ä🐎f".encode()))
    assert types.Range(types.Position(0, 3), types.Position(0, 4)) == snapshot("ä🐎f()").range(span)


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(ENCODINGS))
def test_a_live_document_follows_the_client(before: str, new: str, after: str, encoding: str) -> None:
    """Also with form feeds and other characters that end no line of the protocol."""
    text = before + "old" + after
    now = snapshot(text, encoding)
    span = types.Range(now.position(len(before)), now.position(len(before) + 3))
    codec = PositionCodec(types.PositionEncodingKind(encoding))
    document = Document("file:///m.py", text, position_codec=codec)
    document.apply_change(types.TextDocumentContentChangePartial(span, new))
    assert before + new + after == document.source


@given(st.text("ab🐎\n", max_size=30), st.text("ab🐎\n", max_size=30), st.sampled_from(ENCODINGS))
def test_edits_give_the_new_text(old: str, new: str, encoding: str) -> None:
    """Whatever the two texts are."""
    assert new == edited(old, text_edits(snapshot(old, encoding), new), encoding)


def test_edits_touch_only_the_lines_that_change() -> None:
    """An import at the top and a line further down, as two edits."""
    old = "import a\r\n\r\nx = 1\r\ny = 2\r\n"
    new = "import a\r\nimport b\r\n\r\nx = 1\r\ny = 3\r\n"
    assert ["import b\r\n", "y = 3\r\n"] == [edit.new_text for edit in text_edits(snapshot(old), new)]


def test_the_edit_has_the_form_that_the_client_takes() -> None:
    """Versioned and confirmed where it can, plain where it cannot."""
    able = types.WorkspaceEditClientCapabilities(
        document_changes=True, change_annotation_support=types.ChangeAnnotationsSupportOptions()
    )
    client = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(workspace_edit=able))
    rich = workspace_edit(client, snapshot("a\n"), "b\n", "why")
    (change,) = rich.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert 3 == change.text_document.version
    assert [True] == [each.needs_confirmation for each in (rich.change_annotations or {}).values()]
    plain = workspace_edit(types.ClientCapabilities(), snapshot("a\n"), "b\n", "why")
    assert ["file:///m.py"] == list(plain.changes or {})
