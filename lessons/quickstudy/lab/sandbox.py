"""Where untrusted code runs: finds a sandbox that works here, and writes the command line that uses it.

Two sandboxes promise the same. `bubblewrap` is a program of its own; `landlock` is ours, for machines
without it: namespaces and a private tree of mounts. In both, `supervisor/confine.py` has the last word:
limits, Landlock, a filter of system calls, and as root a change to an ordinary user. There is no weaker third
one: Landlock without namespaces cannot end a daemon or bound a disk, so a machine with that alone has no
sandbox.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from quickstudy.errors import InputError, NoSandbox
from quickstudy.tether import tethered

Mode = Literal["auto", "required", "off"]
"""What the user asked for."""

SandboxName = Literal["bubblewrap", "landlock", "off"]

View = list[tuple[str, ...]]
"""What a command sees: ("bind", source, place), ("link", target, place), ("hide" or "refuse", place)."""

START = Path(__file__).with_name("supervisor") / "start.py"

# Not /tmp, where projects may lie.
SCRATCH = "/run/quickstudy"

# What a program needs of the system to start, and nothing that tells of its users.
SYSTEM = tuple(
    Path(name)
    for name in (
        *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"),
        *("/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"),
    )
)

_PROMISE = (
    "no network, no other processes, the project and its interpreter to read, a scratch folder to write"
)
_DESCRIPTIONS: Mapping[SandboxName, str] = {
    "bubblewrap": f"Generated code runs in bubblewrap: {_PROMISE}.",
    "landlock": f"Generated code runs in namespaces under Landlock: {_PROMISE}.",
    "off": "Generated code runs with your own rights: it can read and change your files, those with keys in "
    "them too, and use the network.",
}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A way to run a command that is not trusted. Make one with `find_sandbox`."""

    name: SandboxName
    scratch: str
    """The one writable folder as seen from inside, empty at the start of each run and gone after it.

    It lies in memory. With `off` it is merely the system's folder for temporary files.
    """

    @property
    def description(self) -> str:
        """What it guarantees, in one sentence."""
        return _DESCRIPTIONS[self.name]

    def command(
        self,
        argv: Sequence[str],
        *,
        readable: Sequence[Path],
        hidden: Sequence[Path] = (),
        refused: Sequence[Path] = (),
        memory: int,
        cpu_seconds: int,
        processes: int,
        scratch_bytes: int,
        timed: bool = False,
        lifeline: int = -1,
    ) -> list[str]:
        """The command line that runs `argv` confined; `argv[0]` is an absolute path.

        `readable` are the files and folders it may read, at their own paths; those that are missing are
        left out. `hidden` ones inside them look empty, as do the dot files of a readable home folder; of
        those `refused` a folder is empty, and a file cannot be opened. With `off` all are seen.
        `memory` is bytes of address space and `cpu_seconds` processor time, each for one process;
        `processes` counts threads too; `scratch_bytes` bounds the scratch folder, /dev/shm, and every file.
        What is `timed` is kept on one core, always the same, and (not with `off`) makes no network sockets.

        It starts in the scratch folder (with `off`, where the caller is). Standard streams and inherited
        descriptors pass through. It dies with the thread that started it, and all it began dies with it; in
        its first milliseconds only if `lifeline` is an inherited descriptor of a pipe or a socket, whose
        other end the caller alone holds. Start it in a session of its own and kill its process group: that
        ends everything in it at any moment, while bubblewrap, killed alone, can leave its child behind then.
        Exit status: that of `argv`, 128 + n after signal n, 125 with a line on stderr if it was never run.

        Raises InputError if a readable folder is the root of all.
        """
        confine = [_interpreter(), "-I", "-S", str(START), "supervisor.confine"]
        numbers = (memory, cpu_seconds, processes, int(timed), scratch_bytes, lifeline)
        limits = [*map(str, numbers), self.scratch]
        if self.name == "off":
            return tethered([*confine, "off", *limits, "--", *argv])
        ours = (START.parent, Path(sys.base_prefix), Path(sys.base_exec_prefix))
        view = _view([*readable, *ours], hidden, refused)
        if self.name == "landlock":
            words = [word for step in view for word in step]
            return [*confine, "build", *limits, *words, "--", *argv]
        return [*_bubblewrap(view, scratch_bytes), *confine, "inside", *limits, "--", *argv]

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """The whole environment for a command: nothing of ours, so no key and no token, and then `extra`."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": self.scratch,
            "TMPDIR": self.scratch,
            **extra,
        }


@cache
def find_sandbox(mode: Mode) -> Sandbox:
    """The first sandbox that works here, tried for real once. Raises NoSandbox.

    `auto` and `required` find the same; they differ at the border, where `auto` allows to ask the user
    whether to go on without.
    """
    if mode == "off":
        return _OFF
    problems: list[str] = []
    for sandbox in (_BUBBLEWRAP, _LANDLOCK):
        problem = _problem(sandbox)
        if problem is None:
            return sandbox
        problems.append(f"{sandbox.name}: {problem}")
    raise NoSandbox(
        f"Nothing on this machine can confine generated code ({'; '.join(problems)}): install bubblewrap, "
        "or let it run with your own rights by `--sandbox off`, where it can read and change your files."
    )


def available() -> list[tuple[str, bool, str]]:
    """Each sandbox, best first: its name, whether it works here, and what it guarantees or why not."""
    tried = [(sandbox, _problem(sandbox)) for sandbox in (_BUBBLEWRAP, _LANDLOCK)]
    return [(sandbox.name, problem is None, problem or sandbox.description) for sandbox, problem in tried]


_BUBBLEWRAP = Sandbox("bubblewrap", SCRATCH)
_LANDLOCK = Sandbox("landlock", SCRATCH)
_OFF = Sandbox("off", tempfile.gettempdir())


def _problem(sandbox: Sandbox) -> str | None:
    """Why a sandbox does not work here, or None; it runs an interpreter that does nothing."""
    if not sys.platform.startswith("linux"):
        return "it needs Linux"
    if sandbox.name == "bubblewrap" and _bwrap() is None:
        return "it is not installed"
    command = sandbox.command(
        [_interpreter(), "-I", "-S", "-c", ""],
        readable=(),
        memory=1 << 30,
        cpu_seconds=10,
        processes=4,
        scratch_bytes=1 << 20,
    )
    try:
        ran = subprocess.run(
            command, env=sandbox.environment({}), stdin=subprocess.DEVNULL, capture_output=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if ran.returncode == 0:
        return None
    lines = ran.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1].rstrip(".") if lines else f"it ended with status {ran.returncode}"


def _interpreter() -> str:
    """Our own, without its virtual environment: nothing of a project is run before it is confined."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def _bwrap() -> str | None:
    """Where bubblewrap lies: in no folder that depends on where we are, nor in a virtual environment.

    Both may be a stranger's, with a program of this name.
    """
    folders = [Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    active = os.environ.get("VIRTUAL_ENV", os.devnull)
    ours = [folder for folder in folders if folder.is_absolute() and not folder.is_relative_to(active)]
    return shutil.which("bwrap", path=os.pathsep.join(map(str, ours)))


def _bubblewrap(view: View, scratch_bytes: int) -> list[str]:
    """A bwrap command line up to its `--`, that shows the view to a command."""
    command = [_bwrap() or "bwrap", "--die-with-parent"]
    # Root makes its user namespace later, in confine.py: bubblewrap's has only root in it.
    command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    command += [] if os.geteuid() == 0 else ["--unshare-user", "--cap-drop", "ALL"]
    sealed: list[str] = []
    for step in view:
        match step:
            case ("bind", source, place):
                command += ["--ro-bind", source, place]
            case ("link", target, place):
                command += ["--symlink", target, place]
            case (_, place) if Path(place).is_dir():
                command += ["--tmpfs", place]
                sealed.append(place)
            case ("refuse", place):  # a device that is not bound as one cannot be opened, by nobody
                command += ["--ro-bind", "/dev/null", place]
            case (_, place):
                command += ["--dev-bind", "/dev/null", place]
            case _:
                raise ValueError(step)
    command += ["--proc", "/proc", "--dev", "/dev"]
    for place in ("/dev/shm", SCRATCH):
        command += ["--perms", "1777", "--size", str(scratch_bytes), "--tmpfs", place]
    for place in (*sealed, "/dev", "/"):
        command += ["--remount-ro", place]
    return [*command, "--chdir", SCRATCH, "--"]


def _view(readable: Iterable[Path], hidden: Iterable[Path], refused: Iterable[Path]) -> View:
    """What to bind, link and hide so that `readable` and the system are seen, each at its own path."""
    links = {path: os.fspath(path.readlink()) for path in SYSTEM if path.is_symlink()}
    wanted: dict[Path, Path] = {}
    for path in (*SYSTEM, *readable):
        real = _real(path)
        if real == Path("/"):
            raise InputError("The project folder is /: move the file into a folder of its own.")
        if _there(real) and path not in links:
            wanted[path.absolute()] = wanted[real] = real
    binds: dict[Path, Path] = {}
    for place in sorted(wanted):  # a folder comes before what lies in it, which then needs nothing
        if not _within(place, (*binds, *links)):
            binds[place] = wanted[place]
    if not _within(Path("/tmp"), binds) and not any(_within(place, [Path("/tmp")]) for place in binds):
        links[Path("/tmp")] = SCRATCH

    asked = list(wanted.values())
    secrets = [real for real in _home_secrets(binds) if not any(_within(path, [real]) for path in asked)]
    covers = {place: "refuse" for path in refused for place in _places(path, binds)}
    covers |= {place: "hide" for path in (*hidden, *secrets) for place in _places(path, binds)}
    return [
        *(("bind", str(source), str(place)) for place, source in binds.items()),
        *(("link", target, str(place)) for place, target in links.items()),
        *((how, place) for place, how in sorted(covers.items())),
    ]


def _places(path: Path, binds: Mapping[Path, Path]) -> Iterator[str]:
    """Where a path is seen, if it is there: what it leads to, below each bind that holds that."""
    real = os.path.realpath(path)
    if _there(Path(real)):
        for place, source in binds.items():
            if real == str(source) or real.startswith(f"{source}{os.sep}"):
                yield f"{place}{real.removeprefix(str(source))}"


def _home_secrets(binds: Mapping[Path, Path]) -> list[Path]:
    """The dot files of the user's home where all of it is in view, as for a script kept there."""
    try:
        home = _real(Path.home())
    except RuntimeError:  # a user without one
        return []
    if not _within(home, binds.values()):
        return []
    return [path for path in home.iterdir() if path.name.startswith(".") and not path.is_symlink()]


def _within(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _there(path: Path) -> bool:
    """Whether the path can be seen at all; one behind a closed folder cannot."""
    try:
        return path.exists()
    except PermissionError:
        return False
