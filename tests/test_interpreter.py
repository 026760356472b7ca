"""The project's interpreter: which program may be it, how it is asked, and what it may have shown to code."""

import asyncio
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sandboxes import sandbox as sandbox

from quickstudy.doctor import examine
from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab.python import asking
from quickstudy.lab.python.installation import installation_of, may_show
from quickstudy.lab.python.interpreter import find_interpreter
from quickstudy.lab.python.recording import record
from quickstudy.lab.sandbox import Sandbox, find_sandbox
from quickstudy.records import Target

BASE = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
VERSION = sys.version_info[:3]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's home, with private things in it."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    (folder / ".ssh" / "id_rsa").write_text("a key")
    (folder / "letters").mkdir()
    (folder / "letters" / "to-nobody.txt").write_text("private")
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def project(home: Path) -> Path:
    folder = home / "work" / "clone"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A file that a program of the project makes where it is run outside the sandbox."""
    return tmp_path / "ran-outside"


def program(file: Path, mark: Path) -> Path:
    """A program that leaves a mark and then is a Python."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'#!/bin/sh\nenv > {mark} 2>/dev/null\nexec {BASE} "$@"\n')
    file.chmod(0o755)
    return file


def environment(folder: Path, base: Path = BASE, home: Path | None = None) -> Path:
    """A virtual environment as uv lays it out; its executable."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(base)
    (folder / "bin" / "python3").symlink_to("python")
    (folder / "lib" / f"python{VERSION[0]}.{VERSION[1]}" / "site-packages").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(f"home = {home or base.parent}\nversion_info = 3\n")
    return folder / "bin" / "python"


def packages(folder: Path) -> Path:
    return folder / "lib" / f"python{VERSION[0]}.{VERSION[1]}" / "site-packages"


# Programs of the project's own


def a_script(project: Path, mark: Path) -> None:
    program(project / ".venv" / "bin" / "python", mark)


def a_script_with_a_config(project: Path, mark: Path) -> None:
    program(project / ".venv" / "bin" / "python", mark)
    (project / ".venv" / "pyvenv.cfg").write_text(f"home = {BASE.parent}\n")


def a_link_to_a_file_inside(project: Path, mark: Path) -> None:
    environment(project / "venv", program(project / "tools" / "python", mark))


def a_chain_of_links(project: Path, mark: Path) -> None:
    program(project / "tools" / "run", mark)
    (project / "tools" / "second").symlink_to("run")
    environment(project / "env", project / "tools" / "second", BASE.parent)


def a_folder_that_is_a_link(project: Path, mark: Path) -> None:
    program(project / "tools" / "bin" / "python", mark)
    (project / ".venv").symlink_to("tools")


def a_copy(project: Path, mark: Path) -> None:
    venv.create(project / ".venv", symlinks=False)


def a_link_out_of_no_environment(project: Path, mark: Path) -> None:
    environment(project / ".venv")
    (project / ".venv" / "pyvenv.cfg").unlink()


def a_link_elsewhere_than_its_config_says(project: Path, mark: Path) -> None:
    environment(project / ".venv", home=Path("/usr/sbin"))


OWN: list[Callable[[Path, Path], None]] = [
    a_script,
    a_script_with_a_config,
    a_link_to_a_file_inside,
    a_chain_of_links,
    a_folder_that_is_a_link,
    a_copy,
    a_link_out_of_no_environment,
    a_link_elsewhere_than_its_config_says,
]


@pytest.mark.parametrize("make", OWN)
async def test_a_program_of_the_project_is_not_run(
    make: Callable[[Path, Path], None], sandbox: Sandbox, project: Path, mark: Path
) -> None:
    """Whatever it looks like; the sentence says what to do."""
    make(project, mark)
    with pytest.raises(InputError, match="--python"):
        await find_interpreter(project, None, sandbox)
    assert not mark.exists()


@pytest.mark.parametrize("way", ["named", "named from inside", "active"])
async def test_however_it_is_named(
    way: str, sandbox: Sandbox, project: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the setting, from another folder, by the environment that is active."""
    own = program(project / "tools" / "bin" / "python", mark)
    monkeypatch.chdir(project)
    if way == "active":
        monkeypatch.setenv("VIRTUAL_ENV", str(project / "tools"))
    named = {"named": own, "named from inside": Path("tools/bin/python"), "active": None}[way]
    with pytest.raises(InputError, match="which is not run"):
        await find_interpreter(project, named, sandbox)
    assert not mark.exists()


def test_neither_doctor_nor_record_runs_it(project: Path, mark: Path) -> None:
    """One looks, the other runs a command of the user's."""
    a_script_with_a_config(project, mark)
    [line] = [check for check in examine(project) if check.name == "project"]
    assert ("missing", True) == (line.state, "which is not run" in line.text)
    (project / "shop.py").write_text("def f(): pass\n")
    target = Target(project / "shop.py", "f", "python", "", "", "", "0" * 64)
    with pytest.raises(InputError, match="which is not run"):
        asyncio.run(record(project, target, ["true"]))
    assert not mark.exists()


async def test_without_a_sandbox_the_user_has_said_so(project: Path, mark: Path) -> None:
    """`--sandbox off` runs what the user named, with the user's rights."""
    own = program(project / "tools" / "python", mark)
    found = await find_interpreter(project, own, find_sandbox("off"))
    assert (VERSION, True) == (found.version, mark.exists())


# Virtual environments


def by_venv(folder: Path) -> Path:
    venv.create(folder, symlinks=True)
    return folder / "bin" / "python"


def behind_a_folder_link(folder: Path) -> Path:
    environment(folder.parents[2] / "environments" / "one")
    folder.symlink_to(folder.parents[2] / "environments" / "one")
    return folder / "bin" / "python"


def of_a_version_that_is_a_link(folder: Path) -> Path:
    current = folder.parents[2] / "current"
    current.symlink_to(BASE.parents[1])
    return environment(folder, current / "bin" / BASE.name)


def by_two_links(folder: Path) -> Path:
    named = folder.parents[2] / "bin" / "python"
    named.parent.mkdir()
    named.symlink_to(BASE)
    return environment(folder, named)


MADE: list[Callable[[Path], Path]] = [
    by_venv,
    environment,
    behind_a_folder_link,
    of_a_version_that_is_a_link,
    by_two_links,
]


@pytest.mark.parametrize("make", MADE)
def test_a_virtual_environment_is_used(make: Callable[[Path], Path], sandbox: Sandbox, project: Path) -> None:
    """As the tools make them; its packages are found, and nothing private comes into view with it."""
    executable = make(project / ".venv")
    (packages(project / ".venv") / "some_library.py").write_text("NAME = 'found'\n")
    found = asyncio.run(find_interpreter(project, None, sandbox))
    assert (executable, VERSION, ()) == (found.executable, found.version, found.sources)
    code = "import os, sys, some_library as s; print(s.NAME, [p for p in sys.argv[1:] if os.path.exists(p)])"
    private = [project.parents[1] / place for place in (".ssh", "letters")]
    line = sandbox.command(
        [str(found.executable), "-c", code, *map(str, private)],
        readable=[project, *found.readable],
        memory=1 << 30,
        cpu_seconds=20,
        processes=8,
        scratch_bytes=1 << 20,
    )
    done = subprocess.run(line, env=sandbox.environment({}), capture_output=True, text=True, timeout=60)
    assert ("found []\n", "") == (done.stdout, done.stderr)


async def test_what_starts_with_it_is_confined(
    sandbox: Sandbox, project: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `.pth` file of its packages runs code at each start: it has neither the disk nor the environment."""
    monkeypatch.setenv("SOME_API_KEY", "sk-secret")
    environment(project / ".venv")
    code = f"import os; open({str(mark)!r}, 'w').write('x') if os.path.exists({str(mark.parent)!r}) else 0"
    (packages(project / ".venv") / "a.pth").write_text(code + "\n")
    await find_interpreter(project, None, sandbox)
    assert not mark.exists()
    last = "import os; print(sorted(os.environ), flush=True); os._exit(0)"
    (packages(project / ".venv") / "b.pth").write_text(last + "\n")
    with pytest.raises(InputError, match="is not a working Python") as raised:
        await find_interpreter(project, None, sandbox)
    assert ("TMPDIR" in str(raised.value), "SOME_API_KEY" in str(raised.value)) == (True, False)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import time; time.sleep(300)", "does not answer within"),
        ("import os; os.write(1, b'{}' * (1 << 20)); os._exit(0)", "is not a working Python"),
        ('import os; print(\'{"version": ["3"]}\', flush=True); os._exit(0)', "not a working"),
        ("import os; print('[' * 100000, flush=True); os._exit(0)", "not a working"),
    ],
)
async def test_one_that_does_not_answer_stops_nobody(
    code: str, said: str, sandbox: Sandbox, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by silence, nor by a flood, nor by an answer that is none."""
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 3.0)
    environment(project / ".venv")
    (packages(project / ".venv") / "a.pth").write_text(code + "\n")
    with pytest.raises(InputError, match=said) as raised:
        await find_interpreter(project, None, sandbox)
    assert len(str(raised.value)) < 1000


async def test_a_version_that_is_too_old_is_said(sandbox: Sandbox, project: Path) -> None:
    """Python 2 is asked in words that it knows."""
    old = sorted(Path("/root/.pyenv/versions").glob("2.*/bin/python2*")) or [Path("/usr/bin/python2")]
    if not old[0].exists():
        pytest.skip("there is no Python 2 on this machine")
    with pytest.raises(Unmeasurable, match=r"is CPython 2.*; the lab needs CPython 3.9"):
        await find_interpreter(project, old[0], sandbox)


# Folders that it names


async def test_folders_that_packages_name_are_shown_by_a_rule(
    sandbox: Sandbox, home: Path, project: Path
) -> None:
    """Sources of an editable install are; the home, what lies above, what is hidden, what is no code, not."""
    environment(project / ".venv")
    other = home / "work" / "library"
    (other / "src" / "library").mkdir(parents=True)
    (other / "pyproject.toml").touch()
    letters = os.path.relpath(home / "letters", packages(project / ".venv"))
    named = ["/", "/etc", home.parent, home, home / ".ssh", home / "letters", letters, other / "src"]
    (packages(project / ".venv") / "a.pth").write_text("".join(f"{place}\n" for place in named))
    found = await find_interpreter(project, None, sandbox)
    assert (other / "src",) == found.sources


async def test_an_editable_install_by_a_finder_is_shown(sandbox: Sandbox, home: Path, project: Path) -> None:
    """As setuptools does it for a package beside its `pyproject.toml`."""
    environment(project / ".venv")
    (home / "work" / "library" / "library").mkdir(parents=True)
    (home / "work" / "library" / "pyproject.toml").touch()
    (packages(project / ".venv") / "__editable___library_finder.py").write_text(
        f"MAPPING = {{'library': {str(home / 'work' / 'library' / 'library')!r}}}\n"
    )
    (packages(project / ".venv") / "library.pth").write_text("import __editable___library_finder\n")
    found = await find_interpreter(project, None, sandbox)
    assert (home / "work" / "library",) == found.sources


@pytest.mark.parametrize("part", ["lib", "share", "include", "pyvenv.cfg"])
def test_a_part_of_an_environment_that_leads_elsewhere_stays_hidden(
    part: str, home: Path, project: Path
) -> None:
    """A link in it is the project's word, not the user's."""
    executable = environment(project / ".venv")
    place = project / ".venv" / part
    if part == "lib":
        packages(project / ".venv").rmdir()
        packages(project / ".venv").parent.rmdir()
        place.rmdir()
    if part == "pyvenv.cfg":
        place.rename(home / "letters" / "config")
        place.symlink_to(home / "letters" / "config")
    else:
        place.symlink_to(home / "letters")
    shown = [Path(os.path.realpath(each)) for each in installation_of(executable, project)]
    assert not [each for each in shown if each.is_relative_to(home / "letters")]


def test_a_home_with_an_interpreter_in_it_stays_private(home: Path, project: Path) -> None:
    """Of an interpreter that was installed right into it, only the library is shown."""
    for folder in (home, home / ".local"):
        (folder / "bin").mkdir(parents=True)
        (folder / "lib" / "python3.11").mkdir(parents=True)
        (folder / "lib" / "python3.11" / "os.py").touch()
        (folder / "bin" / "python3").touch()
        executable = environment(project / folder.name, folder / "bin" / "python3")
        shown = installation_of(executable, project)
        assert folder / "lib" in shown
        assert not {home, home / ".local", home / "bin", home.parent} & set(shown)


async def test_a_script_in_the_home_is_run_by_an_interpreter_in_the_home(
    sandbox: Sandbox, home: Path, tmp_path: Path
) -> None:
    """As pyenv and uv install them: it is no program of a stranger's project."""
    (home / ".versions").symlink_to(BASE.parents[1].parent)
    executable = environment(
        home / ".environment", home / ".versions" / BASE.parents[1].name / "bin" / BASE.name
    )
    assert VERSION == (await find_interpreter(home, executable, sandbox)).version
    copied = tmp_path / "home" / "python"
    venv.create(copied, symlinks=False)
    assert VERSION == (await find_interpreter(home, copied / "bin" / "python", sandbox)).version


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("work/library", True),
        ("work/namespace/src", True),
        ("letters", False),
        (".ssh", False),
        (".hidden/library", False),
        (".", False),
        ("..", False),
        ("/etc", False),
        ("/proc/self", False),
    ],
)
def test_what_may_be_shown(place: str, shown: bool, home: Path) -> None:
    """Python code, or sources of a project, that lie openly."""
    for name in ("work/library", ".hidden/library", "."):
        (home / name).mkdir(parents=True, exist_ok=True)
        (home / name / "module.py").touch()
    (home / "work" / "namespace" / "src" / "part").mkdir(parents=True)
    (home / "work" / "namespace" / "setup.cfg").touch()
    (home / "pyproject.toml").touch()
    assert shown == may_show(home / place)
