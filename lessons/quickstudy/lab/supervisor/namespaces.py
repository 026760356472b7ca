"""Namespaces and a private tree of mounts: what bubblewrap does, for machines without it.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import os
import struct

from quickstudy.lab.supervisor.kernel import MOUNT_SETATTR, NEW_ANY, NEW_USER, call, die_with_parent, libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
MNT_DETACH, AT_FDCWD, AT_RECURSIVE = 2, -100, 0x8000
AF_INET, SOCK_DGRAM, SIOCSIFFLAGS, IFF_UP_RUNNING = 2, 2, 0x8914, 0x41


def build(view: Sequence[str], scratch: str, size: int) -> None:
    """Return in a new process that sees only the view and no other process, network or user.

    The calling process waits outside and passes the exit status on. Its death is that of process 1
    in the namespace, whose death is that of everything in it, however often it forked.
    """
    enter_user_namespace()
    die_with_parent()  # only now: a change of user forgets it
    call(libc.unshare, NEW_ANY & ~NEW_USER)
    raise_loopback()
    alive, held = os.pipe()
    first = os.fork()
    if first != 0:
        close_all_but(held)
        os._exit(exit_status(os.waitpid(first, 0)[1]))
    die_with_parent()
    os.close(held)
    os.set_blocking(alive, False)
    try:
        os.read(alive, 1)
        os._exit(125)  # end of file: the parent had died before it could take this process along
    except BlockingIOError:
        os.close(alive)
    build_tree(view, scratch, size)
    command = os.fork()
    if command == 0:
        return
    close_all_but(None)
    while True:
        pid, status = os.wait()
        if pid == command:
            os._exit(exit_status(status))


def enter_user_namespace() -> None:
    """Leave the rights over the machine behind; within the namespace all are held, until exec."""
    if os.geteuid() == 0:
        keep_all_ids()
        return
    uid, gid = os.geteuid(), os.getegid()
    call(libc.unshare, NEW_USER)
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", "%d %d 1" % (uid, uid))
    write("/proc/self/gid_map", "%d %d 1" % (gid, gid))


def keep_all_ids() -> None:
    """Enter a user namespace with the same ids as outside, which only a process outside may grant."""
    parent = os.getpid()
    ready, entered = os.pipe()
    helper = os.fork()
    if helper == 0:
        status = 1
        try:
            os.close(entered)
            if os.read(ready, 1):
                for kind in ("uid_map", "gid_map"):
                    with open("/proc/self/" + kind) as lines:
                        extents = [line.split() for line in lines]
                    same = "".join("%s %s %s\n" % (first, first, count) for first, _, count in extents)
                    write("/proc/%d/%s" % (parent, kind), same)
                status = 0
        finally:
            os._exit(status)
    os.close(ready)
    call(libc.unshare, NEW_USER)
    os.write(entered, b"!")
    os.close(entered)
    if os.waitpid(helper, 0)[1] != 0:
        raise OSError("the ids of root could not be mapped")


def build_tree(view: Sequence[str], scratch: str, size: int) -> None:
    """Make a root of our own, read-only but for the scratch folder and shared memory."""
    os.umask(0)
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4m")
    os.mkdir("/tmp/.outside", 0o700)
    call(libc.pivot_root, b"/tmp", b"/tmp/.outside")
    os.chdir("/")
    words = iter(view)
    for word in words:
        if word == "bind":
            bind(next(words), next(words), read_only=True)
        elif word == "link":
            target, place = next(words), next(words)
            os.makedirs(os.path.dirname(place), 0o755, exist_ok=True)
            os.symlink(target, place)
        elif word in ("hide", "refuse"):
            hide(next(words), refuse=word == "refuse")
    for name in ("null", "zero", "full", "random", "urandom"):
        bind("/dev/" + name, "/dev/" + name, read_only=False)
    for name, number in (("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2"), ("fd", "")):
        os.symlink("/proc/self/fd" + number, "/dev/" + name)
    for place in (scratch, "/dev/shm"):
        os.makedirs(place, 0o755)
        mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=%d,nr_inodes=65536" % size)
    os.mkdir("/proc", 0o755)
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    call(libc.umount2, b"/.outside", MNT_DETACH)
    os.rmdir("/.outside")
    seal("/", 0)
    os.chdir(scratch)
    os.umask(0o022)


def bind(source: str, place: str, read_only: bool) -> None:
    """Show a file or folder of the outside at its place."""
    source = "/.outside" + source
    if os.path.isdir(source):
        os.makedirs(place, 0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), 0o755, exist_ok=True)
        os.close(os.open(place, os.O_CREAT | os.O_EXCL, 0o644))
    mount(source, place, None, MS_BIND | MS_REC)
    if read_only:
        seal(place, AT_RECURSIVE)


def hide(place: str, refuse: bool) -> None:
    """Cover a folder of the view with an empty one, a file with an empty one or one that cannot be opened."""
    if os.path.isdir(place):
        mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4k")
        seal(place, 0)
    elif os.path.lexists(place):  # it may have gone since it was found
        mount("/.outside/dev/null", place, None, MS_BIND)
        if refuse:
            seal(place, 0)  # as a device that is none for the mount, to nobody


def mount(source: str, place: str, kind: str | None, flags: int, options: str | None = None) -> None:
    encoded = [value if value is None else os.fsencode(value) for value in (source, place, kind)]
    call(libc.mount, *encoded, flags, options if options is None else options.encode())


def seal(place: str, flags: int) -> None:
    """Make a mount read-only, without devices or set-user-id programs."""
    attributes = struct.pack("=4Q", 1 | MS_NOSUID | MS_NODEV, 0, 0, 0)
    call(libc.syscall, MOUNT_SETATTR, AT_FDCWD, os.fsencode(place), flags, attributes, len(attributes))


def raise_loopback() -> None:
    """Bring 127.0.0.1 up in the new, otherwise empty network, as bubblewrap does."""
    descriptor = call(libc.socket, AF_INET, SOCK_DGRAM, 0)
    call(libc.ioctl, descriptor, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP_RUNNING))
    os.close(descriptor)


def write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def close_all_but(spared: int | None) -> None:
    """Close inherited files, so that the command alone decides when a pipe ends."""
    end = os.sysconf("SC_OPEN_MAX")
    if spared is None:
        os.closerange(3, end)
    else:
        os.closerange(3, spared)
        os.closerange(spared + 1, end)


def exit_status(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
