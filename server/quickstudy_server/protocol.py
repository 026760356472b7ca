"""What we mend of pygls: an answer to every request, lines that end where LSP says, buttons with commands."""

from collections.abc import Generator
from typing import Any, cast

import attrs
from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.protocol.language_server import lsp_method
from pygls.workspace import TextDocument, Workspace

from quickstudy_server.positions import Text


class Protocol(LanguageServerProtocol):
    """pygls's protocol, with an answer to every request, also to one that cannot be understood."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        result = yield from super().lsp_initialize(params)
        self._workspace = Documents(
            self.workspace.root_uri,
            types.TextDocumentSyncKind.Incremental,
            list(self.workspace.folders.values()),
            self.workspace.position_encoding,
        )
        return result

    def structure_message(self, data: dict[str, Any]) -> Any:
        try:
            message = super().structure_message(data)
        except JsonRpcException as error:
            self._refuse(data, error)
            raise
        # A notification's method with an id: pygls would drop the id, and never answer.
        return message if hasattr(message, "id") or "id" not in data else data

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        # pygls's own walks over what is in flight while cancelling changes it.
        features = cast("dict[str, Any]", self.fm.features)  # pyright: ignore[reportUnknownMemberType]
        yield features[types.SHUTDOWN], args, None
        for id, future in tuple(self._request_futures.items()):
            if id != self.msg_id:
                future.cancel()
        self._shutdown = True

    def handle_message(self, message: Any) -> None:
        if isinstance(message, dict):
            self._refuse(cast("dict[str, Any]", message), JsonRpcInvalidRequest())
        elif self._shutdown and hasattr(message, "id") and hasattr(message, "method"):
            self._send_response(message.id, error=JsonRpcInvalidRequest().to_response_error())
        else:
            super().handle_message(message)

    def _handle_response(self, msg_id: int | str, result: Any = None, error: Any = None) -> None:
        future = self._request_futures.get(msg_id)
        if future is not None and future.cancelled():
            del self._request_futures[msg_id]  # whoever asked does not wait any more
        else:
            super()._handle_response(msg_id, result, error)

    def _refuse(self, data: dict[str, Any], error: JsonRpcException) -> None:
        id: object = data.get("id")
        if "method" in data and isinstance(id, int | str):
            self._send_response(id, error=error.to_response_error())


class Document(TextDocument):
    """A live document whose lines end where the protocol says, and not at form feeds as well."""

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        now = Text(self.source, types.PositionEncodingKind(self.position_codec.encoding).value)
        start, end = now.offset(change.range.start), now.offset(change.range.end)
        self._source = now.text[:start] + change.text + now.text[max(start, end) :]


class Documents(Workspace):
    """The client's open documents."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> TextDocument:
        return Document(
            doc_uri,
            source,
            version,
            language_id,
            sync_kind=types.TextDocumentSyncKind.Incremental,
            position_codec=self.position_codec,
        )


@attrs.define
class Button(types.MessageActionItem):
    """A button of a question, and the command that does the same, by which an editor knows it."""

    command: str | None = None


def converter() -> Converter:
    """pygls's own, which writes all of a `Button`; LSP lets a button have more fields than its title."""
    made = default_converter()
    made.register_unstructure_hook(types.MessageActionItem, _fields)
    return made


def _fields(button: types.MessageActionItem) -> dict[str, object]:
    return attrs.asdict(button, filter=lambda _, value: value is not None)
