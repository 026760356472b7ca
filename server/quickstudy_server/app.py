"""Puts the server together: which handler answers which message. Nothing happens at import."""

from collections.abc import Callable
from typing import Any

from lsprotocol import types

from quickstudy_server import actions, documents
from quickstudy_server.commands import COMMANDS
from quickstudy_server.server import Server


def create_server() -> Server:
    """A server that is ready to be started."""
    server = Server()
    features: dict[str, tuple[Callable[..., Any], Any]] = {
        types.INITIALIZE: (initialize, None),
        types.INITIALIZED: (initialized, None),
        types.SHUTDOWN: (shutdown, None),
        types.TEXT_DOCUMENT_DID_OPEN: (documents.did_open, None),
        types.TEXT_DOCUMENT_DID_CHANGE: (documents.did_change, None),
        types.TEXT_DOCUMENT_DID_CLOSE: (documents.did_close, None),
        types.TEXT_DOCUMENT_CODE_ACTION: (actions.code_actions, actions.OPTIONS),
        types.TEXT_DOCUMENT_CODE_LENS: (documents.code_lens, types.CodeLensOptions(resolve_provider=False)),
        types.TEXT_DOCUMENT_HOVER: (documents.hover, None),
        types.WORKSPACE_DID_CHANGE_CONFIGURATION: (documents.did_change_configuration, None),
    }
    for name, (handler, options) in features.items():
        server.feature(name, options)(handler)
    for name, command in COMMANDS.items():
        server.command(name)(command)
    return server


def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Keep what the client chose at the start."""
    ls.configuration.initial = params.initialization_options


async def initialized(ls: Server, _: types.InitializedParams) -> None:
    """The client can be asked from now on."""
    await ls.client.follow_settings()


async def shutdown(ls: Server, _: None) -> None:
    """End all jobs before the answer, so that no engine outlives it."""
    await ls.client.close()
