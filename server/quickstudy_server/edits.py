"""From a module's new text to an edit of the live buffer: minimal, versioned, in the client's own terms."""

import difflib
import re

from lsprotocol import types

from quickstudy_server.snapshot import Snapshot

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def text_edits(old: Snapshot, new: str) -> list[types.TextEdit]:
    """The lines that change, and no others, from top to bottom."""
    before, after = _LINES.findall(old.text), _LINES.findall(new)
    places = [0]
    for line in before:
        places.append(places[-1] + len(line))
    edits: list[types.TextEdit] = []
    matcher = difflib.SequenceMatcher(None, before, after)
    for kind, start, stop, first, last in matcher.get_opcodes():
        if kind != "equal":
            span = types.Range(old.position(places[start]), old.position(places[stop]))
            edits.append(types.TextEdit(span, "".join(after[first:last])))
    return edits


def workspace_edit(
    client: types.ClientCapabilities, old: Snapshot, new: str, label: str
) -> types.WorkspaceEdit:
    """The edit in the best form that the client takes: versioned, and confirmed, where it can."""
    edits = text_edits(old, new)
    wants = client.workspace.workspace_edit if client.workspace else None
    if wants is None or not wants.document_changes:
        return types.WorkspaceEdit(changes={old.uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(old.uri, old.version)
    if wants.change_annotation_support is None:
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])
    name = "quickstudy"
    annotated = [types.AnnotatedTextEdit(name, edit.range, edit.new_text) for edit in edits]
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(document, list(annotated))],
        change_annotations={name: types.ChangeAnnotation(label, needs_confirmation=True)},
    )
