"""Recording: a real command in a real project; what it called is kept, and becomes the workload."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from quickstudy.cli import cli
from quickstudy.errors import InputError
from quickstudy.lab import Lab
from quickstudy.lab.python import recording
from quickstudy.lab.python.child.call_store import CallStore
from quickstudy.lab.python.child.payload import loads
from quickstudy.lab.python.child.record import Recorder
from quickstudy.lab.python.recording import record, recorded, recorded_file
from quickstudy.lab.sandbox import Mode
from quickstudy.records import Target

SHOP = """
    class Basket:
        def __init__(self, prices):
            self.prices = prices

        def total(self, factor=1):
            return sum(self.prices) * factor


    def depth(n):
        return 0 if n <= 0 else 1 + depth(n - 1)
"""

RUN = """
    import os, signal, sys
    from shop import Basket, depth

    for n in range(30):
        Basket([n % 10, 2]).total(factor=2)
    depth(5)
    if "crash" in sys.argv:
        raise SystemExit(3)
    if "kill" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("shop", SHOP), ("run", RUN), ("pyproject", "")):
        suffix = ".toml" if name == "pyproject" else ".py"
        (tmp_path / (name + suffix)).write_text(textwrap.dedent(text), encoding="utf-8")
    return tmp_path


def target(folder: Path, qualname: str) -> Target:
    text = (folder / "shop.py").read_text(encoding="utf-8")
    return Target(folder / "shop.py", qualname, "python", text, text, "", "0" * 64)


MODES: list[Mode] = ["auto", "off"]


@pytest.mark.parametrize("mode", MODES)
async def test_distinct_calls_are_kept_with_their_count(mode: Mode, project: Path) -> None:
    """Thirty calls of ten kinds; the folder ignores itself."""
    command = [sys.executable, "run.py"]
    kept, status = await record(project, target(project, "Basket.total"), command, sandbox=mode)
    assert (0, 10, 30) == (status, len(kept.calls), kept.seen)
    assert "*\n" == (project / ".quickstudy" / ".gitignore").read_text()
    assert kept == recorded(project, target(project, "Basket.total"))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("theirs", [False, True])
async def test_a_command_says_what_it_says_without_us(
    theirs: bool, mode: Mode, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Beginning to record prints nothing, whether the project has a module for its own start or not."""
    said = ""
    if theirs:
        (project / "sitecustomize.py").write_text("print('theirs')")
        said = "theirs\n"
    command = [sys.executable, "-c", "from shop import depth; depth(3)"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(project))
        await record(project, target(project, "depth"), command, sandbox=mode)
    assert (said, "") == capfd.readouterr()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("how", "statuses"), [("crash", {3}), ("kill", {-9, 137})])
async def test_a_command_that_ends_badly_loses_no_call(
    how: str, statuses: set[int], mode: Mode, project: Path
) -> None:
    """Calls are written as they are made; only the count of doubles is lost by a kill."""
    command = [sys.executable, "run.py", how]
    kept, ended = await record(project, target(project, "Basket.total"), command, sandbox=mode)
    assert (True, 10) == (ended in statuses, len(kept.calls))


async def test_the_sandbox_keeps_a_command_from_changing_anything(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written, sent or told, and calls of Pythons that it starts are kept all the same."""
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    (project / "outer.py").write_text(
        textwrap.dedent("""
            import os, socket, subprocess, sys
            told = [os.environ.get("SECRET_KEY")]
            for attempt in (
                lambda: open("made.txt", "w"),
                lambda: socket.create_connection(("127.0.0.1", 9), 1),
            ):
                try:
                    attempt()
                except OSError as error:
                    told.append(type(error).__name__)
            print(told)
            assert len(told) == 3 and told[0] is None
            sys.exit(subprocess.run([sys.executable, "run.py"]).returncode)
        """)
    )
    kept, status = await record(project, target(project, "Basket.total"), [sys.executable, "outer.py"])
    assert (0, 10, False) == (status, len(kept.calls), (project / "made.txt").exists())


async def test_the_project_s_own_python_is_found_by_its_name(project: Path) -> None:
    """As if its environment were active."""
    kept, _ = await record(project, target(project, "Basket.total"), ["python", "run.py"])
    assert 10 == len(kept.calls)


async def test_a_folder_that_the_sandbox_does_not_show_is_bad_input(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that starts elsewhere would find nothing there."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(InputError, match="which the sandbox does not show"):
        await record(project, target(project, "depth"), ["python", "run.py"])


@pytest.mark.parametrize("mode", MODES)
def test_an_interrupt_is_how_a_server_ends(
    mode: Mode, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What it did until then is kept, and nothing of it goes on."""
    (project / "serve.py").write_text(
        "import time\nfrom shop import depth\nfor n in range(10**6):\n    depth(n % 7), time.sleep(0.01)\n"
    )
    growing = tmp_path_factory.mktemp("growing")
    command = [sys.executable, "-m", "quickstudy.cli", "record", "shop.py::depth", "--sandbox", mode]
    process = subprocess.Popen(
        [*command, "--", "python", "serve.py"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(growing)},
        # What a shell starts in the background does not hear of interrupts, nor would these.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not any(file.stat().st_size > 50 for file in growing.glob("quickstudy-*")):
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert (130, True) == (process.returncode, "Kept " in said), said
    assert [] == list(growing.iterdir())
    assert 0 < len(recorded(project, target(project, "depth")).calls) <= 7


async def test_only_the_outermost_call_of_a_recursion_counts(project: Path) -> None:
    """What a function calls itself is its own work."""
    kept, _ = await record(project, target(project, "depth"), [sys.executable, str(project / "run.py")])
    assert 1 == kept.seen


async def test_a_command_that_calls_nothing_is_bad_input(project: Path) -> None:
    """The sentence names the function, and an earlier recording stays."""
    await record(project, target(project, "depth"), [sys.executable, str(project / "run.py")])
    with pytest.raises(InputError, match="made no call to `depth`"):
        await record(project, target(project, "depth"), [sys.executable, "-c", "pass"])
    (project / "text").write_text("no program")
    (project / "text").chmod(0o755)
    for mode, said in zip(MODES, ("exit status 127.* --sandbox off", "exit status 127"), strict=True):
        with pytest.raises(InputError, match=said):
            await record(project, target(project, "depth"), ["./text"], sandbox=mode)
    with pytest.raises(InputError, match="cannot be started"):
        await record(project, target(project, "depth"), [str(project / "nowhere")])
    assert 1 == recorded(project, target(project, "depth")).seen
    assert [recorded_file(project, target(project, "depth"))] == list(
        (project / ".quickstudy/recorded").iterdir()
    )


@pytest.mark.parametrize("what", ["folder", "recorded", "file"])
async def test_no_link_is_followed(
    what: str, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither to keep calls, nor to read what a stranger put there."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    file = recorded_file(project, target(project, "depth"))
    link = {"folder": file.parents[1], "recorded": file.parent, "file": file}[what]
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(elsewhere / "calls" if what == "file" else elsewhere)
    with pytest.raises(InputError, match="is a link"):
        recorded(project, target(project, "depth"))
    if what == "file":  # what is written takes the place of the link
        await record(project, target(project, "depth"), ["python", "run.py"])
        assert 1 == recorded(project, target(project, "depth")).seen
    else:
        with pytest.raises(InputError, match="is a link"):
            await record(project, target(project, "depth"), ["python", "run.py"])
    assert [] == list(elsewhere.iterdir())


async def test_what_is_no_recording_is_not_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is larger than any of ours is said; one that makes no sense holds no call."""
    monkeypatch.setattr(recording, "MOST_BYTES", 100)
    file = recorded_file(project, target(project, "depth"))
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff" * 100)
    assert () == recorded(project, target(project, "depth")).calls
    file.write_bytes(b"\xff" * 101)
    with pytest.raises(InputError, match="larger than any recording"):
        recorded(project, target(project, "depth"))


async def test_a_record_that_was_cut_off_is_left_out(project: Path) -> None:
    """As after a power failure in the middle of a write."""
    kept, _ = await record(
        project, target(project, "Basket.total"), [sys.executable, str(project / "run.py")]
    )
    os.truncate(kept.file, 150)
    assert 0 < len(recorded(project, target(project, "Basket.total")).calls) < 10


async def test_recorded_calls_come_before_the_tests(project: Path) -> None:
    """The lab uses them, widens them, and does not run the tests."""
    (project / "test_shop.py").write_text("raise SystemExit('not to be run')  # Basket total")
    await record(project, target(project, "Basket.total"), [sys.executable, str(project / "run.py")])
    lab = Lab(project)
    workload = (await lab.prepare(target(project, "Basket.total"))).workload
    assert "recorded" in workload.origins
    assert {"recorded", "generated"} >= set(workload.origins)


def test_the_shell_command_passes_the_status_on(project: Path) -> None:
    """`quickstudy record TARGET -- COMMAND` ends as the command did."""
    spec = f"{project / 'shop.py'}::Basket.total"
    done = CliRunner().invoke(cli, ["record", spec, "--", sys.executable, str(project / "run.py"), "crash"])
    assert (3, True) == (done.exit_code, "Kept 10 distinct calls of 30 to Basket.total" in done.stderr)


async def test_late_large_calls_have_room_and_all_are_counted(project: Path) -> None:
    """Many small calls fill their own place only; what is not kept is counted, too."""
    (project / "run.py").write_text(
        "from shop import Basket\n"
        "for n in range(1000):\n    Basket([n + 1000]).total()\n"
        "Basket(list(range(9000))).total()\n"
    )
    kept, _ = await record(
        project, target(project, "Basket.total"), [sys.executable, str(project / "run.py")]
    )
    sizes = [len(call.payload) for call in kept.calls]
    assert (65, 1001) == (len(sizes), kept.seen)
    assert max(sizes) > 10_000


def test_a_recording_has_an_end(tmp_path: Path) -> None:
    """So many calls of a size, and so many bytes."""
    recorder = Recorder(str(tmp_path / "calls"), 4, 1000)
    for size in range(1, 2000):
        recorder.add(b"x" * size)
    recorder.finish()
    sizes = [len(payload) for payload in recorder.counts]
    assert [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] == sizes[:11]
    assert [256, 257, 258, 512] == sizes[-4:]


def test_what_tests_gave_makes_way_for_other_sizes() -> None:
    """However many bytes have come, a call of another size has room."""
    store = CallStore(4, 1000)
    for size in (100, 101, 102, 103, 300, 600, 601, 3):
        store.keep((b"x" * size,), {})
    assert [100, 300, 600, 3] == [len(loads(one)[0][0]) for one in store.calls]
    assert 8 == store.seen
