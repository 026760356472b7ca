"""A real server process for each test, driven once as Neovim and once as VS Code."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client
from tests.openai_server import OpenAIServer, ok

from quickstudy.demo import write_demo

FASTER = """\
from itertools import accumulate

def balances(bookings):
    return list(accumulate(bookings))
"""
REPLY = f"Carry the balance along.\n\n```python\n{FASTER}```\n"

PATIENCE_S = 120.0
"""What a test waits at most for the server, on a machine that is busy with others."""

SERVER = (sys.executable, "-m", "quickstudy_server")

ASKED_BY_US, ASKED_BY_LITELLM = "hosted_vllm/scripted", "openai/scripted"
"""The two ways to a model. litellm takes seconds to load, so that only some tests are about both."""


@dataclass
class Editor:
    """A client with a server behind it, and what an editor would do with what the server asks."""

    client: LanguageClient
    root: Path
    name: str
    encoding: str = ""
    """The unit of columns that was agreed."""
    texts: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    answers: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    """What the user will click; None for no answer."""
    asked: asyncio.Queue[types.ShowMessageRequestParams] = field(default_factory=asyncio.Queue)
    said: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    edits: list[types.ApplyWorkspaceEditParams] = field(default_factory=list)
    edit: "Callable[[types.ApplyWorkspaceEditParams], types.ApplyWorkspaceEditResult] | None" = None
    """Instead of making the edit: what to do with it."""

    async def start(self, options: object = None, folders: tuple[Path, ...] = ()) -> types.InitializeResult:
        capabilities = client_capabilities(self.name)
        params = types.InitializeParams(
            capabilities=capabilities,
            root_uri=self.root.as_uri(),
            workspace_folders=[types.WorkspaceFolder(f.as_uri(), f.name) for f in folders or (self.root,)],
            initialization_options=options,
        )
        result = await self.client.initialize_session(params)
        self.encoding = types.PositionEncodingKind(result.capabilities.position_encoding).value
        return result

    def uri(self, name: str = "ledger.py") -> str:
        return (self.root / name).as_uri()

    def open(self, name: str = "ledger.py", text: str | None = None) -> str:
        """Open a file, with the text on disk or with another one."""
        uri = self.uri(name)
        self.texts[uri] = text if text is not None else (self.root / name).read_bytes().decode()
        self.versions[uri] = 1
        document = types.TextDocumentItem(uri, "python", 1, self.texts[uri])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return uri

    def change(self, uri: str, text: str) -> None:
        """Type: the document has a new text."""
        self.texts[uri] = text
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def actions(
        self, uri: str, line: int, end: int | None = None, only: list[str] | None = None
    ) -> list[Any]:
        span = types.Range(types.Position(line, 0), types.Position(line if end is None else end, 0))
        diagnostics = list(self.client.diagnostics.get(uri, ()))
        context = types.CodeActionContext(diagnostics, only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), span, context)
        # As plain JSON: lsprotocol reads every action with a command as a bare command.
        protocol = self.client.protocol
        request = protocol.send_request(types.TEXT_DOCUMENT_CODE_ACTION, params, msg_id="actions")
        del protocol._result_types["actions"]
        return plain(await asyncio.wrap_future(request))

    async def command(self, name: str, arguments: object = None) -> Any:
        given = None if arguments is None else [arguments]
        params = types.ExecuteCommandParams(f"quickstudy.{name}", given)
        return plain(await self.client.workspace_execute_command_async(params))

    async def run(self, action: dict[str, Any]) -> Any:
        """Choose a code action."""
        command = action["command"]
        return await self.command(command["command"].removeprefix("quickstudy."), *command["arguments"])

    async def optimize(self, uri: str, line: int = 3) -> str:
        answer = await self.command("optimize", {"uri": uri, "position": {"line": line, "character": 0}})
        return answer["job"]

    async def says(self, part: str) -> str:
        """Wait until the server says something with that in it."""
        async with asyncio.timeout(PATIENCE_S):
            while part not in (message := await self.said.get()):
                pass
        return message

    async def logs(self, part: str) -> None:
        """Wait until the server's log says something."""
        async with asyncio.timeout(PATIENCE_S):
            while not any(part in each.message for each in self.client.log_messages):
                await self.client.wait_for_notification(types.WINDOW_LOG_MESSAGE)

    async def question(self) -> types.ShowMessageRequestParams:
        """Wait until the user is asked something."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.asked.get()

    def make(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        """Do an edit as an editor does, and tell the server of it."""
        for uri, edits in changes(params.edit):
            text = edited(self.texts[uri], edits, self.encoding)
            self.change(uri, text)
        return types.ApplyWorkspaceEditResult(applied=True)


def plain(value: Any) -> Any:
    """A result as plain JSON, whatever the client made of it."""
    if isinstance(value, list | tuple) and not hasattr(value, "_asdict"):
        return [plain(each) for each in value]
    if hasattr(value, "_asdict"):
        return {key: plain(each) for key, each in value._asdict().items()}
    return value


def changes(edit: types.WorkspaceEdit) -> Iterator[tuple[str, list[types.TextEdit]]]:
    for uri, edits in (edit.changes or {}).items():
        yield uri, list(edits)
    for change in edit.document_changes or ():
        assert isinstance(change, types.TextDocumentEdit)
        yield change.text_document.uri, list(change.edits)


def edited(text: str, edits: list[types.TextEdit], encoding: str) -> str:
    """The text after edits, whose positions all count in units of the text before."""
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def at(position: types.Position) -> int:
        if position.line >= len(lines):
            return len(text)
        units = lines[position.line].encode(codec)[: width * position.character]
        return starts[position.line] + len(units.decode(codec))

    for edit in sorted(edits, key=lambda each: at(each.range.start), reverse=True):
        text = text[: at(edit.range.start)] + edit.new_text + text[at(edit.range.end) :]
    return text


def environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {**inherited, "OPENAI_API_KEY": "sk-test", **more}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The demo's project, in a folder with a space and an umlaut in its name."""
    folder = tmp_path / "my pröject"
    shutil.move(write_demo(), folder)
    return folder


@pytest.fixture(params=["neovim", "visual_studio_code"])
def name(request: pytest.FixtureRequest) -> str:
    """The editor whose capabilities the client claims."""
    return request.param


@asynccontextmanager
async def opened(project: Path, name: str) -> AsyncIterator[Editor]:
    """An editor on a project; the server is started, and not yet initialised."""
    client = make_test_lsp_client()
    editor = Editor(client, project, name)

    @client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
    async def ask(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        editor.asked.put_nowait(params)
        answer = await editor.answers.get()
        return types.MessageActionItem(answer) if answer else None

    @client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        editor.edits.append(params)
        return (editor.edit or editor.make)(params)

    client.protocol.fm.features.pop(types.WINDOW_SHOW_MESSAGE)

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    def said(params: types.ShowMessageParams) -> None:
        editor.said.put_nowait(params.message)

    await client.start_io(*SERVER, env=environment(), cwd=project)
    yield editor
    await client.shutdown_session()
    await client.stop()


@pytest_asyncio.fixture
async def editor(project: Path, name: str) -> AsyncIterator[Editor]:
    """An editor on the demo's project."""
    async with opened(project, name) as editor:
        yield editor


@pytest.fixture
def team() -> Iterator[OpenAIServer]:
    """A model that knows a faster `balances`."""
    with OpenAIServer(ok(REPLY)) as server:
        yield server


def settings(server: OpenAIServer, model: str = ASKED_BY_US, **more: object) -> dict[str, object]:
    """An editor's settings with a scripted team."""
    return {"team": [{"model": model, "apiBase": server.url}], "rounds": 1, **more}
