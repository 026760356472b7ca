"""The settings of each project: as they were last known, without a question; or asked for anew."""

from collections.abc import Sequence
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.project import Project
from quickstudy_server.client import Client
from quickstudy_server.messages import UNTRUSTED
from quickstudy_server.settings import Chosen, choose


class ProjectSettings:
    """The settings of all projects, by their roots."""

    def __init__(self, client: Client) -> None:
        self.initial: object = None
        """The client's `initializationOptions`."""
        self._client = client
        self._pushed: object = None
        """Our section of the client's last `didChangeConfiguration`, if it cannot be asked."""
        self._known: dict[Path, Chosen] = {}
        """With what the client last answered."""
        self._guessed: dict[Path, Chosen] = {}
        """What they will be if the client, once asked, says nothing new."""
        self._current: set[Path] = set()
        """Projects whose settings did not change since; another set once they may have."""

    def changed(self, pushed: object) -> None:
        """The client says that its settings changed: ask for them anew when they are needed."""
        self._pushed = pushed
        self._current = set()
        self._guessed = {}

    def known(self, root: Path) -> Chosen:
        """As they were last known; only the first time the project's own file is read for that."""
        if root in self._known:
            return self._known[root]
        if root not in self._guessed:
            self._guessed[root] = choose(root, self.initial, self._pushed)
        return self._guessed[root]

    async def current(self, root: Path, uri: str) -> Chosen:
        """As they were last known, if nothing changed since; else asked for."""
        return self._known[root] if root in self._current else await self.ask(root, uri)

    async def ask(self, root: Path, uri: str) -> Chosen:
        """As they are now; a wrong one is named to the user, once."""
        current = self._current
        asked = await self._client.settings(uri, self._pushed)
        self._known[root] = chosen = choose(root, self.initial, asked)
        current.add(root)
        for problem in chosen.problems:
            self._client.warn_once(problem)
        return chosen

    async def trusted(self, roots: Sequence[Path]) -> list[Path]:
        """Those of some projects whose workspace is trusted. Raises InputError if none of them is."""
        found = [root for root in roots if (await self.current(root, root.as_uri())).trusted]
        if roots and not found:
            raise InputError(UNTRUSTED)
        return found

    def bank(self, root: Path) -> Path:
        """Where a project's lessons lie."""
        return self.known(root).run.bank or Project(root).bank
