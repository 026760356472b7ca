"""The server: what it holds while it runs, and the few things every handler needs of it."""

import asyncio
import logging
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.protocol.language_server import lsp_method
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from quickstudy import __version__
from quickstudy.errors import InputError
from quickstudy.languages import Site, Survey, language_for
from quickstudy.project import Project, project_root
from quickstudy_server.hints import Hints
from quickstudy_server.jobs import Jobs
from quickstudy_server.marks import diagnostics
from quickstudy_server.messages import UNTRUSTED, plain
from quickstudy_server.offers import Offers
from quickstudy_server.settings import SECTION, Chosen, choose
from quickstudy_server.snapshot import Documents, Snapshot

log = logging.getLogger(__name__)


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


class Server(LanguageServer):
    """One editor's server. Make it with `create_server`."""

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] its other arguments have no types
            "quickstudy-server",
            __version__,
            protocol_cls=Protocol,
            converter_factory=default_converter,
            max_workers=1,  # the reader of stdin is the only one
        )
        self.jobs = Jobs(self)
        """Optimisations that run, wait or are over."""
        self.offers = Offers()
        """Variants that wait for the user's word."""
        self.hints = Hints(self)
        """Functions that resemble one which became faster."""
        self.initial: object = None
        """The client's `initializationOptions`."""
        self.pushed: object = None
        """Our section of the client's last `didChangeConfiguration`, if it cannot be asked."""
        self.changed = asyncio.Event()
        """Set, and replaced, whenever a document changes."""
        self._surveys: dict[str, Survey] = {}
        """By document, the functions of the text that was last looked at."""
        self._chosen: dict[Path, Chosen] = {}
        """By project, the settings as they were last known."""
        self._current: set[Path] = set()
        """Projects whose settings did not change since; another set once they may have."""
        self._shown: dict[str, list[types.Diagnostic]] = {}
        """By document, the hints that the client has."""
        self._told: set[str] = set()
        """Warnings that the user has had."""
        self._tasks: set[asyncio.Task[Any]] = set()
        """What goes on beside requests."""

    # Documents

    def document(self, uri: str) -> Snapshot | None:
        """An open Python document as it stands now."""
        document = self.workspace.text_documents.get(unquote(uri))
        return None if document is None else self._snapshot(document)

    def _snapshot(self, document: TextDocument) -> Snapshot | None:
        file = to_fs_path(document.uri)
        if file is None and document.language_id == "python" and document.uri.startswith("untitled:"):
            file = str(self._home() / f"{Path(document.path).name}.py")
        if file is None or not file.lower().endswith(".py"):
            return None
        encoding = types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value
        return Snapshot(document.uri, Path(file), document.version, document.source, encoding)

    def sites(self, snapshot: Snapshot, first: int, last: int) -> list[Site]:
        """The functions that stand on any of these lines of a live document."""
        return self.survey(snapshot).between(first, last)

    def survey(self, snapshot: Snapshot) -> Survey:
        """The functions of a live document."""
        survey = self._surveys.get(snapshot.uri)
        if survey is None:
            survey = language_for(snapshot.path).survey(snapshot.text)
        survey = survey.after(snapshot.text)
        self._surveys[snapshot.uri] = survey
        return survey

    def line(self, uri: str, site: Site) -> int:
        """The line of a function's name now; where it was, if it is gone or its document is closed."""
        now = self.document(uri)
        places = self.survey(now).sites if now else []
        return next((one.name.line for one in places if one.qualname == site.qualname), site.name.line)

    def tell_change(self) -> None:
        """Wake those who wait for a document to change."""
        self.changed.set()
        self.changed = asyncio.Event()

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._surveys.pop(uri, None)
        self.hints.forget(uri)

    # Projects

    def root(self, path: Path) -> Path:
        """The project of a file: never above the workspace folder that holds it."""
        found = project_root(path)
        for folder in sorted(self._folders(), key=lambda folder: len(folder.parts), reverse=True):
            if path.is_relative_to(folder):
                return found if found.is_relative_to(folder) else folder
        return found

    @property
    def roots(self) -> list[Path]:
        """The projects of the workspace and of the open documents, each once."""
        opened = map(self._snapshot, self.workspace.text_documents.values())
        paths = [snapshot.path for snapshot in opened if snapshot]
        return list(dict.fromkeys(self.root(path) for path in (*self._folders(), *paths)))

    def bank(self, root: Path) -> Path:
        """Where a project's lessons lie."""
        return self.known(root).run.bank or Project(root).bank

    def known(self, root: Path) -> Chosen:
        """The settings of a project as they were last known, without a question."""
        return self._chosen.get(root) or choose(root, self.initial, self.pushed)

    async def trusted(self, roots: Sequence[Path]) -> list[Path]:
        """Those of some projects whose workspace is trusted. Raises InputError if none of them is."""
        found = [root for root in roots if (await self.chosen(root, root.as_uri())).trusted]
        if roots and not found:
            raise InputError(UNTRUSTED)
        return found

    def _folders(self) -> list[Path]:
        paths = [to_fs_path(folder.uri) for folder in self.workspace.folders.values()]
        root = self.workspace.root_path
        return [Path(path) for path in (*paths, root) if path]

    def _home(self) -> Path:
        return next(iter(self._folders()), Path.home())

    def reconsider(self) -> None:
        """The settings changed: ask for them anew when they are needed."""
        self._current = set()
        self.hints.everywhere()

    async def chosen(self, root: Path, uri: str) -> Chosen:
        """The settings as they were last known; asked for if they are not."""
        return self._chosen[root] if root in self._current else await self.settings(root, uri)

    async def settings(self, root: Path, uri: str) -> Chosen:
        """The settings as they are now; a wrong one is named to the user, once."""
        asked: object = self.pushed
        current = self._current
        workspace = self.client_capabilities.workspace
        if workspace and workspace.configuration:
            item = types.ConfigurationItem(scope_uri=uri, section=SECTION)
            try:
                (asked,) = await self.workspace_configuration_async(types.ConfigurationParams([item]))
            except (JsonRpcException, ValueError) as error:
                log.warning("The client did not tell its settings: %s", error)
        self._chosen[root] = chosen = choose(root, self.initial, asked)
        current.add(root)
        for problem in chosen.problems:
            self.say_once(problem)
        return chosen

    # The user

    def say(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show the user a sentence."""
        self.window_show_message(types.ShowMessageParams(kind, plain(message)))

    def say_once(self, message: str) -> None:
        """Warn the user of something that stays as it is until it is mended."""
        if message not in self._told:
            self._told.add(message)
            self.say(message, types.MessageType.Warning)

    def note(self, message: str) -> None:
        """Write a sentence to the editor's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Info, plain(message)))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A message that could not be handled: for the log, as there is nothing the user could do."""
        log.error("%s: %s", getattr(source, "__name__", source), error)

    def publish(self, uri: str) -> None:
        """Show the offers and hints of a document where that is not what it shows already."""
        snapshot = self.document(uri)
        if snapshot:
            uri = snapshot.uri  # as this client writes it; an offer may have it from another
        found = diagnostics(self, snapshot) if snapshot else []
        if found == self._shown.get(uri, []):
            return
        version = snapshot.version if snapshot else None
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))
        self._shown[uri] = found
        if not found:
            del self._shown[uri]
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.spawn(self._refresh_lenses())

    async def _refresh_lenses(self) -> None:
        with suppress(JsonRpcException):
            await self.workspace_code_lens_refresh_async(None)

    # Work beside requests

    def spawn(self, work: Any) -> asyncio.Task[Any]:
        """Do something that no request waits for; a bug in it is logged and said, and harms nothing else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("A task failed", exc_info=error)
            self.say(f"This is a bug in Quickstudy: {error!r}; the log has more.", types.MessageType.Error)

    async def close(self) -> None:
        """End every job and every other task, and the engines with them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
