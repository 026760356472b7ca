"""The editor at the other end: what it can do, shows and is asked, and what is done beside its requests."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from quickstudy_server.messages import plain
from quickstudy_server.protocol import Button
from quickstudy_server.settings import SECTION

log = logging.getLogger(__name__)


class Client:
    """One editor. All that it is shown goes through `plain`."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._warnings: set[str] = set()
        """Those that the user has had."""
        self._tasks: set[asyncio.Task[Any]] = set()
        """What goes on beside requests."""

    @property
    def capabilities(self) -> types.ClientCapabilities:
        return self._server.client_capabilities

    @property
    def bars(self) -> Any:
        """pygls's own keeper of progress bars, of whose types it says little."""
        return self._server.work_done_progress

    # What the user reads

    def say(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show the user a sentence."""
        self._server.window_show_message(types.ShowMessageParams(kind, plain(message)))

    def warn_once(self, message: str) -> None:
        """Warn the user of something that stays as it is until it is mended."""
        if message not in self._warnings:
            self._warnings.add(message)
            self.say(message, types.MessageType.Warning)

    def note(self, message: str) -> None:
        """Write a sentence to the editor's log."""
        self._server.window_log_message(types.LogMessageParams(types.MessageType.Info, plain(message)))

    def publish(self, uri: str, version: int | None, found: Sequence[types.Diagnostic]) -> None:
        """Show these diagnostics of a document in place of those that it shows, and its lenses anew."""
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))
        workspace = self.capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.spawn(self._refresh_lenses())

    async def _refresh_lenses(self) -> None:
        with suppress(JsonRpcException):
            await self._server.workspace_code_lens_refresh_async(None)

    # What it is asked

    async def ask(self, message: str, *buttons: Button) -> Button | None:
        """Ask the user; None if there is no answer, or no way to ask."""
        window = self.capabilities.window
        known = window.show_message.message_action_item if window and window.show_message else None
        more = known is not None and known.additional_properties_support
        actions = buttons if more else [types.MessageActionItem(button.title) for button in buttons]
        params = types.ShowMessageRequestParams(types.MessageType.Info, plain(message), actions)
        try:
            answer = await self._server.window_show_message_request_async(params)
        except JsonRpcException:
            return None
        # LSP tells an answer by its title.
        return next((button for button in buttons if answer and button.title == answer.title), None)

    async def open(self, uri: str) -> bool:
        """Show the user a file; whether the editor did."""
        window = self.capabilities.window
        if not (window and window.show_document and window.show_document.support):
            return False
        try:
            params = types.ShowDocumentParams(uri, take_focus=True)
            return (await self._server.window_show_document_async(params)).success
        except JsonRpcException:
            return False

    async def edit(self, edit: types.WorkspaceEdit, label: str) -> str | None:
        """Have the editor make an edit; in words why it did not."""
        workspace = self.capabilities.workspace
        if workspace is None or not workspace.apply_edit:
            return "the editor takes no edits from a server"
        try:
            params = types.ApplyWorkspaceEditParams(edit, label)
            result = await self._server.workspace_apply_edit_async(params)
        except JsonRpcException as error:
            return f"the editor refused the edit ({error.message})"
        if result.applied:
            return None
        why = f" ({result.failure_reason})" if result.failure_reason else ""
        return f"the editor refused the edit{why}"

    async def settings(self, uri: str, default: object) -> object:
        """Our section of its settings for a file; the default if it cannot be asked, or does not answer."""
        workspace = self.capabilities.workspace
        if not (workspace and workspace.configuration):
            return default
        item = types.ConfigurationItem(scope_uri=uri, section=SECTION)
        try:
            (answer,) = await self._server.workspace_configuration_async(types.ConfigurationParams([item]))
        except (JsonRpcException, ValueError) as error:
            log.warning("The client did not tell its settings: %s", error)
            return default
        return answer

    async def follow_settings(self) -> None:
        """Ask to hear of changed settings, where the client sends them only to those that ask."""
        workspace = self.capabilities.workspace
        known = workspace.did_change_configuration if workspace else None
        if known and known.dynamic_registration:
            wish = types.Registration(
                "settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, {"section": SECTION}
            )
            with suppress(JsonRpcException):
                await self._server.client_register_capability_async(types.RegistrationParams([wish]))

    # Work beside requests

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something that no request waits for; a bug in it is logged and said, and harms nothing else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("A task failed", exc_info=error)
            self.say(f"This is a bug in Quickstudy: {error!r}; the log has more.", types.MessageType.Error)

    async def close(self) -> None:
        """End every task, and the engines with them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
