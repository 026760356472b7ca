"""A server in this process, without a transport: what an editor sends goes straight in."""

import json
from pathlib import Path
from typing import Any

from lsprotocol import types
from tests.banks import lesson

from quickstudy.languages import language_for
from quickstudy_server.app import create_server
from quickstudy_server.offers import Offer
from quickstudy_server.suggestions import Suggestion

TEXT = """\
def balances(bookings):
    return [sum(bookings[: n + 1]) for n in range(len(bookings))]


def highest(bookings):
    return [max(bookings[: n + 1]) for n in range(len(bookings))]
"""
CAPABILITIES = {
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}}
}
JOB = "0123456789ab"


class Editor:
    """An editor with one open document."""

    def __init__(self, root: Path, text: str = TEXT, window: object = None) -> None:
        self.root = root
        self.path = root / "ledger.py"
        self.uri = self.path.as_uri()
        self.text = text
        self.server = create_server()
        self.server.protocol.set_writer(self, include_headers=False)
        self.sent: list[dict[str, Any]] = []
        """What the server sent, the last one last."""
        self.version = 1
        capabilities = {**CAPABILITIES, "window": window}
        self.send("initialize", id=1, processId=None, rootUri=root.as_uri(), capabilities=capabilities)
        document = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
        self.send("textDocument/didOpen", textDocument=document)

    def write(self, data: bytes) -> None:
        self.sent.append(json.loads(data))

    def send(self, method: str, id: int | None = None, **params: object) -> None:
        self._receive({"method": method, "params": params, **({} if id is None else {"id": id})})

    def answer(self, result: object) -> None:
        """Answer what the server asked last."""
        self._receive({"id": self.sent[-1]["id"], "result": result})

    def _receive(self, message: dict[str, Any]) -> None:
        protocol = self.server.protocol
        protocol.handle_message(protocol.structure_message({"jsonrpc": "2.0", **message}))

    def offer(self, qualname: str = "balances", report: object = None) -> Offer:
        """Have an offer for a function of the document."""
        target = language_for(self.path).find(self.path, self.text, qualname)
        figures = (3.0, 2.9, 3.1)
        made = Offer(JOB, self.uri, qualname, target.sha256, 0, target.source, "one", *figures, "", report)
        self.server.offers.add(made, self.root)
        self.server.offering.reconcile(self.uri)
        self.server.diagnostics.publish(self.uri)
        return made

    def suggest(self, qualname: str = "highest") -> None:
        """Have a suggestion for a function of the document."""
        sites = language_for(self.path).sites(self.text)
        (site,) = (each for each in sites if each.qualname == qualname)
        name = types.Range(
            types.Position(site.name.line, site.name.column),
            types.Position(site.name.end_line, site.name.end_column),
        )
        self.server.suggestions.put(self.uri, [Suggestion(self.uri, qualname, name, lesson(), "slices")])
        self.server.diagnostics.publish(self.uri)

    def type(self, text: str, line: int = 0, character: int = 0) -> None:
        """Put some characters into the document."""
        self.version += 1
        place = {"line": line, "character": character}
        change = {"range": {"start": place, "end": place}, "text": text}
        document = {"uri": self.uri, "version": self.version}
        self.send("textDocument/didChange", textDocument=document, contentChanges=[change])

    @property
    def diagnostics(self) -> list[dict[str, Any]]:
        """Those of the document, as it was last told."""
        published = [each for each in self.sent if each.get("method") == "textDocument/publishDiagnostics"]
        return published[-1]["params"]["diagnostics"] if published else []

    def actions(self, line: int) -> list[dict[str, Any]]:
        """The code actions on a line, with all diagnostics in hand."""
        place = {"line": line, "character": 0}
        self.send(
            "textDocument/codeAction",
            id=2,
            textDocument={"uri": self.uri},
            range={"start": place, "end": place},
            context={"diagnostics": self.diagnostics},
        )
        return self.sent[-1]["result"]
