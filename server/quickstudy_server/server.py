"""The server: its rooms, put together. Only the handlers of messages know it; no room does."""

import logging
from typing import Any

from pygls.lsp.server import LanguageServer

from quickstudy import __version__
from quickstudy_server.buffers import Buffers
from quickstudy_server.client import Client
from quickstudy_server.configuration import ProjectSettings
from quickstudy_server.diagnostics import Diagnostics
from quickstudy_server.jobs import Jobs
from quickstudy_server.offering import Offering
from quickstudy_server.offers import Offers
from quickstudy_server.protocol import Protocol, converter
from quickstudy_server.suggesting import Suggesting
from quickstudy_server.suggestions import Suggestions

log = logging.getLogger(__name__)


class Server(LanguageServer):
    """One editor's server. Make it with `create_server`."""

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] its other arguments have no types
            "quickstudy-server",
            __version__,
            protocol_cls=Protocol,
            converter_factory=converter,
            max_workers=1,  # the reader of stdin is the only one
        )
        self.client = Client(self)
        """The editor at the other end."""
        self.configuration = ProjectSettings(self.client)
        """The settings of each project."""
        self.buffers = Buffers(self, self.configuration)
        """The open documents."""
        self.offers = Offers()
        """Variants that wait for the user's word."""
        self.suggestions = Suggestions()
        """Functions that resemble one which became faster."""
        self.diagnostics = Diagnostics(self.client, self.buffers, self.offers, self.suggestions)
        """What the documents show of both."""
        self.suggesting = Suggesting(
            self.client, self.buffers, self.configuration, self.suggestions, self.diagnostics
        )
        """Looks for such functions."""
        self.offering = Offering(self.client, self.buffers, self.configuration, self.offers, self.diagnostics)
        """Does what the user wants of the offers."""
        self.jobs = Jobs(self.client, self.configuration, self.offers, self.offering, self.suggesting)
        """Optimizations that run, wait or are over."""

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A message that could not be handled: for the log, as there is nothing the user could do."""
        log.error("%s: %s", getattr(source, "__name__", source), error)
