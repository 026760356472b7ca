"""The settings, in one table, from which the flags and the keys of TOML and editors come.

A wrong flag ends the command; a wrong setting is named and its default used, so that it never stops anyone.
Where values come from, and who may decide what, is `configuration.py`.
"""

import math
import shutil
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from quickstudy.project import Project
from quickstudy.records import Agent, Limits

Kind = Literal["agents", "integer", "number", "file", "path", "program", "choice", "text", "names"]
"""`file` must exist, `path` need not, `program` is a path or a name on PATH."""

SandboxMode = Literal["auto", "required", "off"]
Floats = Literal["exact", "ulp", "close"]
Exceptions = Literal["message", "type"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    name: str
    """The field of `Settings`."""
    kind: Kind
    default: object
    meaning: str
    """One sentence for `--help`, README and the editors."""
    scope: Literal["project", "person"]
    """Whether a project may decide it, or only the person who runs it."""
    least: float | None
    choices: tuple[str, ...]

    @property
    def key(self) -> str:
        """kebab-case, for flags and TOML."""
        return self.name.replace("_", "-")

    @property
    def camel(self) -> str:
        """camelCase, for editors."""
        first, *rest = self.name.split("_")
        return first + "".join(word.capitalize() for word in rest)

    def read(self, value: object, base: Path) -> object:
        """The value as `Settings` holds it; relative paths start at `base`. ValueError says what is wrong."""
        match self.kind:
            case "agents":
                return _agents(value)
            case "integer" | "number":
                return self._number(value)
            case "choice":
                if value not in self.choices:
                    raise ValueError(f"must be one of {', '.join(self.choices)}")
                return value
            case "names":
                return _names(value)
            case "text" | "file" | "path" | "program":
                if not isinstance(value, str) or not value.strip():
                    raise ValueError("must be a text that is not empty")
                return value if self.kind == "text" else self._path(value, base)

    def _number(self, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError("must be a number")
        if self.kind == "integer" and not isinstance(value, int):
            raise ValueError("must be a whole number")
        if self.least is not None and value < self.least:
            raise ValueError(f"must be at least {self.least:g}")
        return value

    def _path(self, value: str, base: Path) -> Path:
        if self.kind == "program" and "/" not in value:
            found = shutil.which(value)
            if found is None:
                raise ValueError(f"names no program on PATH: {value}")
            return Path(found)
        path = base / Path(value).expanduser()  # never resolved: a venv's python is a link
        if self.kind != "path" and not path.is_file():
            raise ValueError(f"names no file: {path}")
        return path


def _row(
    kind: Kind,
    meaning: str,
    scope: Literal["project", "person"] = "person",
    least: float | None = None,
    choices: tuple[str, ...] = (),
) -> dict[str, Any]:
    return {"kind": kind, "meaning": meaning, "scope": scope, "least": least, "choices": choices}


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run goes by, with all defaults in place. The fields are the rows of `TABLE`."""

    team: tuple[Agent, ...] = field(
        default=(Agent("local/qwen2.5-coder-1.5b"), Agent("local/qwen2.5-coder-0.5b")),
        metadata=_row(
            "agents", "The models that rewrite: local/MODEL for an embedded one, else provider/model."
        ),
    )
    rounds: int = field(default=4, metadata=_row("integer", "How often every agent tries.", least=1))
    lessons: int = field(
        default=4,
        metadata=_row("integer", "How many lessons each round reads; 0 switches lessons off.", least=0),
    )
    budget: float | None = field(
        default=None, metadata=_row("number", "Seconds for the whole run, downloads included.", least=0)
    )
    max_tokens: int | None = field(
        default=None, metadata=_row("integer", "Tokens for all models together in a run.", least=1)
    )
    max_cost: float | None = field(
        default=None, metadata=_row("number", "US dollars for hosted models in a run.", least=0)
    )
    workload: Path | None = field(
        default=None,
        metadata=_row(
            "file", "A Python file; its workload() yields the arguments of one call each.", "project"
        ),
    )
    python: Path | None = field(
        default=None,
        metadata=_row(
            "program", "The project's interpreter; else that of its virtual environment.", "project"
        ),
    )
    sandbox: SandboxMode = field(
        default="auto",
        metadata=_row(
            "choice",
            "Your code and variants run in the best sandbox there is, in a complete one only, or unconfined.",
            choices=("auto", "required", "off"),
        ),
    )
    least_gain: float = field(
        default=1.05,
        metadata=_row("number", "The speedup a variant must surely exceed to be faster.", "project", least=1),
    )
    floats: Floats = field(
        default="close",
        metadata=_row(
            "choice",
            "Floats are equal to the bit, within 4 units in the last place, or to a relative 1e-9.",
            "project",
            choices=("exact", "ulp", "close"),
        ),
    )
    exceptions: Exceptions = field(
        default="message",
        metadata=_row(
            "choice",
            "Equal exceptions have the same type and message, or the same type.",
            "project",
            choices=("message", "type"),
        ),
    )
    embedding: str | None = field(
        default=None,
        metadata=_row("text", "A provider/model that tells which lessons are relevant."),
    )
    bank: Path | None = field(
        default=None,
        metadata=_row("path", "The lessons' file; else .quickstudy/lessons.db of the project.", "project"),
    )
    hidden: tuple[str, ...] = field(
        default=(),
        metadata=_row("names", "More names of files that code in the sandbox must not see, such as *.lic."),
    )

    def bank_of(self, project: Project) -> Path:
        """Where the lessons lie: the one thing of a project's that a setting may put elsewhere."""
        return self.bank or project.bank

    @property
    def limits(self) -> Limits:
        """The part that the loop knows."""
        return Limits(self.rounds, self.lessons, self.budget)


TABLE: tuple[Setting, ...] = tuple(
    Setting(name=each.name, default=each.default, **each.metadata) for each in fields(Settings)
)
"""Every setting there is, in the order in which they are shown."""


def _agents(value: object) -> tuple[Agent, ...]:
    """A team from `"A,B"`, or from a list of names and tables."""
    if isinstance(value, str):
        value = [name for part in value.split(",") if (name := part.strip())]
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("must name at least one model")
    return tuple(_agent(entry) for entry in cast("list[object]", value))


def _agent(entry: object) -> Agent:
    table = {"model": entry} if isinstance(entry, str) else entry
    if not isinstance(table, dict):
        raise ValueError("holds an agent that is neither a name nor a table")
    known = cast("dict[str, object]", table)
    if unknown := sorted(known.keys() - {"model", "api_base", "temperature", "local"}):
        raise ValueError(
            f"holds an agent with {unknown[0]}; it may have model, api_base, temperature and local"
        )
    model, api_base, temperature = known.get("model"), known.get("api_base"), known.get("temperature", 0.2)
    local = known.get("local", False)
    if not isinstance(model, str) or not all(model.partition("/")):
        raise ValueError(f"must name models as provider/model or local/MODEL, which {model!r} is not")
    if not _is_word(model):
        raise ValueError(f"names a model with blanks or control characters: {model!r}")
    if api_base is not None and not (isinstance(api_base, str) and _is_address(api_base)):
        raise ValueError(
            f"needs an api_base that begins with http:// or https:// and names a host for {model}"
        )
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not 0 <= temperature <= 2:
        raise ValueError(f"needs a temperature from 0 to 2 for {model}")
    if not isinstance(local, bool):
        raise ValueError(f"needs true or false as local for {model}")
    return Agent(model, api_base, float(temperature), local=local)


def _is_word(text: str) -> bool:
    """Whether a person who reads it sees what a program reads."""
    return text.isascii() and text.isprintable() and " " not in text


def _is_address(text: str) -> bool:
    """An http address; none with a user in front of its host, which reads like another host."""
    try:
        parts = urlsplit(text)
        return (
            _is_word(text)
            and "\\" not in text
            and parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError:
        return False


def _names(value: object) -> tuple[str, ...]:
    """Names from `"A,B"`, or from a list."""
    if isinstance(value, str):
        value = [name for part in value.split(",") if (name := part.strip())]
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("must hold at least one name")
    names = cast("list[object]", value)
    if not all(isinstance(name, str) and name and "/" not in name for name in names):
        raise ValueError("must be names without slashes")
    return tuple(cast("list[str]", names))
