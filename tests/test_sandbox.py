"""The sandbox: real processes that try to get out, once under bubblewrap and once under our own."""

import contextlib
import os
import select
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from tests.sandboxes import INTERPRETER, MEMORY, SCRATCH, command, refused, run
from tests.sandboxes import project as project
from tests.sandboxes import sandbox as sandbox

from quickstudy.errors import InputError
from quickstudy.lab.sandbox import Sandbox

# What is seen


def test_runs_a_command_in_a_private_project(sandbox: Sandbox, project: Path) -> None:
    """A project readable by its owner alone, with spaces and unicode in its path, is read at that path."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import module; print(module.VALUE, sys.argv[2])"
    done = run(sandbox, code, project, "ünï 工", readable=[project])
    assert (done.returncode, done.stdout) == (0, "7 ünï 工\n"), done.stderr


def test_streams_status_and_signals_pass_through(sandbox: Sandbox) -> None:
    """The exit status is the command's own, and 128 + n after signal n."""
    assert run(sandbox, "raise SystemExit(7)").returncode == 7
    assert run(sandbox, "import os, signal; os.kill(os.getpid(), signal.SIGTERM)").returncode == 128 + 15
    assert run(sandbox, "import os; os.abort()").returncode == 128 + 6


def test_inherited_descriptors_survive(sandbox: Sandbox) -> None:
    """A socket handed down works, and reads as ended as soon as the command has closed it."""
    ours, theirs = socket.socketpair()
    code = "import os, sys; n = int(sys.argv[1]); os.write(n, b'hello'); os.close(n); sys.stdin.read()"
    with ours, theirs:
        line = command(sandbox, code, theirs.fileno())
        environment = sandbox.environment({})
        with subprocess.Popen(
            line, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.PIPE
        ) as child:
            theirs.close()
            ours.settimeout(60)
            assert (ours.recv(9), ours.recv(9)) == (b"hello", b"")
            child.communicate(timeout=60)
    assert child.returncode == 0


def test_a_single_file_is_readable_and_a_missing_folder_is_skipped(sandbox: Sandbox, project: Path) -> None:
    """`readable` takes files as well as folders, and leaves out what is not there."""
    (project / "other.py").write_text("")
    code = "import os, sys; print(os.listdir(sys.argv[1]), len(open(sys.argv[1] + '/module.py').read()))"
    done = run(sandbox, code, project, readable=[project / "module.py", project / "missing"])
    assert done.stdout == "['module.py'] 10\n", done.stderr


def test_hidden_folders_and_files_look_empty(sandbox: Sandbox, project: Path) -> None:
    """A hidden folder lists nothing and takes nothing; a hidden file reads as empty."""
    (project / ".git").mkdir()
    (project / ".git" / "config").write_text("secret")
    (project / ".env").write_text("secret")
    code = "import os, sys; os.chdir(sys.argv[1]); print(os.listdir('.git'), repr(open('.env').read()))"
    hidden = [project / ".git", project / ".env", project / "missing"]
    assert run(sandbox, code, project, readable=[project], hidden=hidden).stdout == "[] ''\n"
    code = "open(sys.argv[1] + '/.git/new', 'w')"
    assert refused(sandbox, code, project, readable=[project], hidden=hidden) != "allowed"


def test_a_project_behind_a_link_is_seen_at_both_paths(
    sandbox: Sandbox, project: Path, tmp_path: Path
) -> None:
    """A link to a project works from the path that the user named, and its hidden folders stay hidden."""
    link = tmp_path / "link"
    link.symlink_to(project)
    (project / ".git").mkdir()
    (project / ".git" / "config").write_text("secret")
    code = "import os, sys; print([sorted(os.listdir(p)) + os.listdir(p + '/.git') for p in sys.argv[1:]])"
    done = run(sandbox, code, link, project, readable=[link], hidden=[link / ".git"])
    assert done.stdout == f"{[['.git', 'module.py']] * 2}\n", done.stderr


def test_a_home_folder_shows_no_keys(
    sandbox: Sandbox, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the home folder itself is readable its dot folders are empty, but for what was asked for."""
    for name in (".ssh/id", ".tools/python", "work/file"):
        (project / name).parent.mkdir()
        (project / name).write_text("x")
    monkeypatch.setenv("HOME", str(project))
    code = "import os, sys; print([os.listdir(sys.argv[1] + n) for n in ('/.ssh', '/.tools', '/work')])"
    done = run(sandbox, code, project, readable=[project, project / ".tools" / "python"])
    assert done.stdout == "[[], ['python'], ['file']]\n", done.stderr


def test_the_root_folder_is_no_project(sandbox: Sandbox) -> None:
    """Everything cannot be made readable."""
    with pytest.raises(InputError, match="folder of its own"):
        command(sandbox, "", readable=[Path("/")])


def test_nothing_of_other_people_is_seen(sandbox: Sandbox, project: Path, tmp_path: Path) -> None:
    """Homes, other projects and the system's secrets are not there at all."""
    (tmp_path / "other").mkdir()
    code = "import os, sys; print([p for p in sys.argv[1:] if os.path.exists(p)])"
    home = Path.home()
    private = [
        "/etc/shadow",
        "/etc/passwd",
        "/home",
        "/var",
        "/sys",
        "/boot",
        "/root/.ssh",
        home / ".ssh",
        home / ".bashrc",
    ]
    assert run(sandbox, code, *private, tmp_path / "other", readable=[project]).stdout == "[]\n"


# What is written


@pytest.mark.parametrize(
    "place", ["/new", "/usr/new", "/etc/new", "/dev/new", "/root/new", "/run/new", "/proc/self/oom_score_adj"]
)
def test_the_system_cannot_be_written(sandbox: Sandbox, place: str) -> None:
    """Not even the parts that are made anew for each run."""
    assert refused(sandbox, "open(sys.argv[1], 'w').write('1')", place) != "allowed"


def test_the_project_and_the_interpreter_cannot_be_written(sandbox: Sandbox, project: Path) -> None:
    """No new file, no change, no removal, no other mode; and no pipe that somebody outside reads."""
    for folder in (project, *INTERPRETER):
        assert refused(sandbox, "open(sys.argv[1] + '/new', 'w')", folder, readable=[project]) != "allowed"
    module = project / "module.py"
    os.mkfifo(project / "pipe")
    for code in ("open({}, 'a')", "os.remove({})", "os.chmod({}, 0o777)", "os.rename({}, {} + 'x')"):
        attempt = code.replace("{}", "sys.argv[1]")
        assert refused(sandbox, attempt, module, readable=[project]) != "allowed"
    attempt = "os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK)"
    assert refused(sandbox, attempt, project / "pipe", readable=[project]) == "PermissionError"


def test_the_scratch_folder_is_private_and_gone_afterwards(sandbox: Sandbox) -> None:
    """It is where a command starts, where temporary files go, and empty each time."""
    code = """
        import os, tempfile
        print(os.listdir("."), os.getcwd() == os.environ["HOME"] == tempfile.gettempdir())
        open("left", "w").write("x")
        os.mkdir("sub")
        os.rename("left", "sub/moved")
        open("/dev/null", "w").write("x")
    """
    for _ in range(2):
        done = run(sandbox, code)
        assert (done.returncode, done.stdout) == (0, "[] True\n"), done.stderr


@pytest.mark.parametrize("place", [".", "/dev/shm"])
def test_the_disk_cannot_be_filled(sandbox: Sandbox, place: str) -> None:
    """Neither by one large file nor by many."""
    code = """
        os.chdir(sys.argv[1])
        for number in range(8):
            with open(f"{number}", "wb") as file:
                file.write(bytes(1 << 20))
    """
    assert refused(sandbox, code, place) == "OSError"
    assert refused(sandbox, f"with open('x', 'wb') as file: file.write(bytes({SCRATCH + 1}))") == "OSError"


# What is reached


def test_the_network_of_the_machine_is_not_reached(sandbox: Sandbox, project: Path) -> None:
    """No TCP, no UDP, no local socket, abstract or in the project, no way out of a virtual machine."""
    unix = os.path.relpath(project / "socket")
    with contextlib.ExitStack() as stack:
        tcp, udp, named, abstract = (
            stack.enter_context(socket.socket(*kind))
            for kind in (
                (socket.AF_INET, socket.SOCK_STREAM),
                (socket.AF_INET, socket.SOCK_DGRAM),
                (socket.AF_UNIX, socket.SOCK_STREAM),
                (socket.AF_UNIX, socket.SOCK_STREAM),
            )
        )
        for inet in (tcp, udp):
            inet.bind(("127.0.0.1", 0))
        named.bind(unix)
        abstract.bind(f"\0quickstudy-{os.getpid()}")
        for listening in (tcp, named, abstract):
            listening.listen()
        Path(unix).chmod(0o777)
        connect = "import socket\nsocket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)"
        assert refused(sandbox, connect, tcp.getsockname()[1]) == "ConnectionRefusedError"
        run(sandbox, f"import socket; socket.socket(2, 2).sendto(b'x', {udp.getsockname()})")
        assert select.select([udp], [], [], 0)[0] == []
        connect = "import socket\nos.chdir(sys.argv[1])\nsocket.socket(socket.AF_UNIX).connect(sys.argv[2])"
        assert refused(sandbox, connect, project, "socket", readable=[project]) == "OSError"
        connect = "import socket\nsocket.socket(socket.AF_UNIX).connect(chr(0) + sys.argv[1])"
        assert refused(sandbox, connect, f"quickstudy-{os.getpid()}") == "OSError"
    connect = "import socket\nsocket.create_connection(('192.0.2.1', 80), 5)"
    assert refused(sandbox, connect) == "OSError"
    for family in ("AF_VSOCK", "AF_NETLINK", "AF_PACKET"):
        assert refused(sandbox, f"import socket\nsocket.socket(socket.{family}, 3)") == "OSError"


def test_sockets_within_work(sandbox: Sandbox) -> None:
    """Code that talks to itself can: over loopback, over socket pairs, in an event loop, through a pool."""
    code = """
        import asyncio, multiprocessing, socket
        server = socket.create_server(("127.0.0.1", 0))
        socket.create_connection(server.getsockname())
        async def main(): return 3
        with multiprocessing.get_context("fork").Pool(2) as pool:
            print(asyncio.run(main()), pool.map(abs, [-1, -2]))
    """
    done = run(sandbox, code, processes=16)
    assert done.stdout == "3 [1, 2]\n", done.stderr


def test_processes_outside_are_neither_seen_nor_signalled(sandbox: Sandbox) -> None:
    """Only the sandbox's own few processes have a number, and its supervisor cannot be read or traced."""
    code = "import os; print(max(int(n) for n in os.listdir('/proc') if n.isdigit()) < 10)"
    assert run(sandbox, code).stdout == "True\n"
    assert refused(sandbox, "os.kill(int(sys.argv[1]), 0)", os.getpid()) == "ProcessLookupError"
    for file in ("environ", "mem", "maps"):
        assert refused(sandbox, f"open('/proc/1/{file}', 'rb').read(1)") == "PermissionError"
    trace = "import ctypes\nif ctypes.CDLL(None, use_errno=True).ptrace(16, 1, 0, 0): raise PermissionError"
    assert refused(sandbox, trace) == "PermissionError"


def test_the_environment_is_not_inherited(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command gets what `environment` says and nothing of ours."""
    monkeypatch.setenv("SOME_API_KEY", "secret")
    line = command(sandbox, "import os; print(*os.environ)")
    done = subprocess.run(line, env=sandbox.environment({"MORE": "1"}), capture_output=True, text=True)
    expected = {"HOME", "LANG", "MORE", "PATH", "TMPDIR"}
    assert set(done.stdout.split()) - {"PWD"} == expected  # bubblewrap adds where it starts


# What is used up


def test_a_fork_bomb_stays_small(sandbox: Sandbox) -> None:
    """The limit of processes and threads holds, also for root."""
    code = """
        import os, time
        made = 0
        try:
            while made < 60:
                if os.fork() == 0:
                    time.sleep(60)
                made += 1
        except BlockingIOError:
            print(made)
    """
    done = run(sandbox, code, processes=8)
    assert 7 <= int(done.stdout) <= 10


def test_memory_is_limited(sandbox: Sandbox) -> None:
    """Of a process, and of shared memory that would belong to none."""
    assert run(sandbox, f"bytearray({MEMORY})").stderr.strip().endswith("MemoryError")
    assert refused(sandbox, "os.memfd_create('x')") == "PermissionError"
    segment = "import ctypes\nif ctypes.CDLL(None).shmget(0, 1 << 20, 0o1600) < 0: raise PermissionError"
    assert refused(sandbox, segment) == "PermissionError"


def test_memory_of_many_processes_is_not_taken_from_the_user(sandbox: Sandbox) -> None:
    """A limit holds for one process; when many fill the machine, the kernel ends these first."""
    code = "import os; os.fork() or os._exit(0); print(open('/proc/self/oom_score_adj').read())"
    assert run(sandbox, code).stdout.strip() == "1000"


def test_processor_time_is_limited(sandbox: Sandbox) -> None:
    """An endless loop is ended by SIGXCPU."""
    assert run(sandbox, "while True: pass", cpu_seconds=1).returncode == 128 + signal.SIGXCPU


def test_a_crash_leaves_no_core(sandbox: Sandbox) -> None:
    """A process that crashes is not written to disk, nor given to a crash handler of the system."""
    code = "import os, resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
    assert run(sandbox, code).stdout == "(1, 1)\n"


# What is regained


@pytest.mark.parametrize(
    "attempt",
    [
        "libc.unshare(0x10000000)",
        "libc.unshare(0x00020000)",
        "libc.mount(b'none', b'/run/quickstudy', b'tmpfs', 0, None)",
        "libc.umount2(b'/usr', 2)",
        "libc.chroot(b'/run')",
        "libc.syscall(56, 0x10000011, 0, 0, 0, 0)",
        "libc.syscall(248, b'user', b'name', b'x', 1, -3)",
        "libc.syscall(250, 0, -3, 0)",
        "libc.syscall(425, 1, b'x' * 200)",
        "libc.syscall(0x40000000 + 39)",
        "libc.setuid(0)",
        "libc.prctl(24, 0) or libc.setgroups(0, None)",
    ],
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are those of x86-64")
def test_no_right_is_regained(sandbox: Sandbox, attempt: str) -> None:
    """No namespace or mount again, no key of the session, no other user, no call by its second number."""
    code = (
        f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nif {attempt} == -1: raise PermissionError"
    )
    if attempt == "libc.setuid(0)":
        code = code.replace("setuid(0)", "setuid(0 if os.getuid() else 1)")
    assert refused(sandbox, code) == "PermissionError"


def test_programs_gain_nothing_and_no_terminal_is_held(sandbox: Sandbox) -> None:
    """Set-user-id programs have no effect; the session is the sandbox's own, so nothing types into ours."""
    code = """
        import os
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        print(int(status["NoNewPrivs"]), int(status["Seccomp"]))
        print(os.getsid(0) in (0, 1, 2), open("/proc/self/stat").read().rsplit(")")[1].split()[4])
    """
    assert run(sandbox, code).stdout == "1 2\nTrue 0\n"
    assert refused(sandbox, "open('/dev/tty')") in ("OSError", "FileNotFoundError")


def test_a_socket_holds_no_more_than_any_other(sandbox: Sandbox) -> None:
    """What waits in sockets is counted by their number: who asks for more room in one gets none."""
    code = """
        import socket
        one, _ = socket.socketpair()
        before = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        print(before == one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF), one.getsockopt(1, 16))
    """
    assert "True 1" == run(sandbox, code).stdout.strip()


def test_nothing_is_noted_on_the_inode_of_a_device(sandbox: Sandbox) -> None:
    """It is the machine's own: what one process notes there, any later one could read."""
    noting = """
        import fcntl, os
        place = os.open(os.environ["TMPDIR"] + "/file", os.O_RDWR | os.O_CREAT)
        fcntl.fcntl(place, 1036, (2).to_bytes(8, "little"))
    """
    assert "PermissionError" == refused(sandbox, noting)
