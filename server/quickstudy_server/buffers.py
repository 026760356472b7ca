"""The open documents: each as it stands now, the project it is in, and the functions in it.

A project is looked for on disk when a document is opened and when the typing stops; until the next time it
is remembered, so that a request about a document touches no disk.
"""

import asyncio
from pathlib import Path
from urllib.parse import unquote

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from quickstudy.languages import LOADERS, Site, Survey, language_for
from quickstudy.project import project_root
from quickstudy_server.configuration import ProjectSettings
from quickstudy_server.snapshot import Snapshot


class Buffers:
    """All open documents of a client."""

    def __init__(self, server: LanguageServer, configuration: ProjectSettings) -> None:
        self._server = server
        self._configuration = configuration
        self._places: dict[str, tuple[Path, Path]] = {}
        """By the unquoted address of a document, as editors differ in how they quote it: file and project."""
        self._surveys: dict[str, Survey] = {}
        """And the functions of the text that was last asked about."""
        self._changed = asyncio.Event()
        """Set, and replaced, whenever a document changes."""

    # As they stand now

    @property
    def open(self) -> list[str]:
        """The addresses of all open documents."""
        return list(self._server.workspace.text_documents)

    def get(self, uri: str) -> Snapshot | None:
        """An open Python document as it stands now."""
        document = self._document(uri)
        place = self._places.get(unquote(uri)) or (self._locate(document) if document else None)
        if document is None or place is None:
            return None
        path, root = place
        encoding = types.PositionEncodingKind(self._server.workspace.position_encoding or "utf-16").value
        return Snapshot(
            document.source,
            encoding,
            uri=document.uri,
            path=path,
            version=document.version,
            root=root,
            settings=self._configuration.known(root),
        )

    def survey(self, snapshot: Snapshot) -> Survey:
        """The functions of a live document."""
        key = unquote(snapshot.uri)
        before = self._surveys.get(key)
        if before is None:
            before = language_for(snapshot.path).survey(snapshot.text)
        self._surveys[key] = now = before.after(snapshot.text)
        return now

    def sites(self, snapshot: Snapshot, first: int, last: int) -> list[Site]:
        """The functions that stand on all of these lines of a live document."""
        return self.survey(snapshot).between(first, last)

    def line(self, uri: str, site: Site) -> int:
        """The line of a function's name now; where it was, if it is gone or its document is closed."""
        now = self.get(uri)
        places = self.survey(now).sites if now else []
        return next((one.name.line for one in places if one.qualname == site.qualname), site.name.line)

    def _document(self, uri: str) -> TextDocument | None:
        return self._server.workspace.text_documents.get(unquote(uri))

    def _path(self, document: TextDocument) -> Path | None:
        file = to_fs_path(document.uri)
        if file is None and document.language_id == "python" and document.uri.startswith("untitled:"):
            file = str(self._home() / f"{Path(document.path).name}.py")
        return Path(file) if file is not None and Path(file).suffix.lower() in LOADERS else None

    # As they change

    def tell_change(self) -> None:
        """Wake those who wait for a document to change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Wait for a document to change."""
        await self._changed.wait()

    def closed(self, uri: str) -> None:
        """Forget what was known of a document."""
        self._surveys.pop(unquote(uri), None)
        self._places.pop(unquote(uri), None)

    # Their projects

    def locate(self, uri: str) -> bool:
        """Look for the project of an open document, and remember it; whether it is a Python document."""
        document = self._document(uri)
        return document is not None and self._locate(document) is not None

    def _locate(self, document: TextDocument) -> tuple[Path, Path] | None:
        path = self._path(document)
        if path is None:
            return None
        self._places[unquote(document.uri)] = place = path, self.root(path)
        return place

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
        opened = [snapshot.path for uri in self.open if (snapshot := self.get(uri))]
        return list(dict.fromkeys(map(self.root, (*self._folders(), *opened))))

    def _folders(self) -> list[Path]:
        workspace = self._server.workspace
        paths = [to_fs_path(folder.uri) for folder in workspace.folders.values()]
        return [Path(path) for path in (*paths, workspace.root_path) if path]

    def _home(self) -> Path:
        return next(iter(self._folders()), Path.home())
