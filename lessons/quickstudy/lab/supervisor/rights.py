"""The rights a process gives up for good: being root, resources, files, system calls.

Each holds whatever namespaces were made before, and by whom. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct

from quickstudy.lab.supervisor.kernel import (
    LANDLOCK_ADD,
    LANDLOCK_CREATE,
    LANDLOCK_RESTRICT,
    MOUNT_SETATTR,
    NEW_ANY,
    call,
    libc,
)

NOBODY = 65534
PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 8, 38, 47
CAP_DAC_READ_SEARCH = 2
AF_INET, AF_INET6 = 2, 10


def become_nobody() -> None:
    """Become an ordinary user who can still read root's files, as far as they are in view.

    Root itself will not do: the kernel never holds user 0 to its limit of processes, and much under
    /proc belongs to it.
    """
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    call(libc.prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    only = 1 << CAP_DAC_READ_SEARCH
    header, sets = struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", only, only, only, 0, 0, 0)
    call(libc.capset, header, sets)
    call(libc.prctl, PR_CAP_AMBIENT, 2, CAP_DAC_READ_SEARCH, 0, 0)


def limit(memory: int, cpu_seconds: int, processes: int | None, size: int) -> None:
    """Set the limits of each process from here on; none is raised above what it already is."""
    wanted = {
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CPU: (cpu_seconds, cpu_seconds + 1),  # SIGXCPU first, then SIGKILL
        resource.RLIMIT_FSIZE: (size, size),
        resource.RLIMIT_NOFILE: (1024, 1024),
        resource.RLIMIT_CORE: (1, 1),  # with 0 the kernel would still start a crash handler
    }
    if processes is not None:
        # The supervisors may count as well: one of bubblewrap, two of ours.
        wanted[resource.RLIMIT_NPROC] = (processes + 2, processes + 2)
    for kind, pair in wanted.items():
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            pair = (min(pair[0], ceiling), min(pair[1], ceiling))
        resource.setrlimit(kind, pair)


def gain_nothing() -> None:
    """Let no program grant rights, set-user-id or otherwise; the walls below ask for it."""
    call(libc.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def landlock(scratch: str, required: bool) -> None:
    """Let nothing be written but in the scratch folder, shared memory and the devices, on any mount.

    A second wall behind the read-only mounts, and the only one against pipes in a project folder,
    which read-only mounts let through.
    """
    version = libc.syscall(ctypes.c_long(LANDLOCK_CREATE), None, ctypes.c_long(0), ctypes.c_long(1))
    if version < 1:
        if required:
            raise OSError("this kernel has no Landlock")
        return
    everything = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    read, write = 0b1101, everything & (1 << 1 | 1 << 14 | 1 << 15)
    scopes = 0b11 if version >= 6 else 0  # abstract sockets and signals stay inside
    attributes = struct.pack("=3Q", everything, 0, scopes)
    rules = call(libc.syscall, LANDLOCK_CREATE, attributes, len(attributes), 0)
    for place, rights in (
        ("/", read),
        ("/dev", read | write),
        ("/dev/shm", everything),
        (scratch, everything),
    ):
        folder = os.open(place, os.O_PATH | os.O_CLOEXEC)
        call(libc.syscall, LANDLOCK_ADD, rules, 1, struct.pack("=Qi", rights, folder), 0)
        os.close(folder)
    call(libc.syscall, LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


# By machine: its code for the filter; the numbers of clone, socket, seccomp, prlimit64, prctl, setsockopt and
# fcntl; and of what is refused, in order
# umount2, mount, pivot_root, chroot, unshare, setns (namespaces again); ptrace, process_vm_readv and _writev;
# shmget, memfd_create (memory that no limit counts); semget, msgget, mq_open (what one timed pass leaves in
# them, the next could find); add_key, request_key, keyctl (the keys of a session are in no namespace);
# perf_event_open, bpf, userfaultfd (ways into the kernel); and in the second row
# sched_setaffinity, sched_setscheduler, sched_setparam, sched_setattr, setpriority, ioprio_set,
# migrate_pages, move_pages (how fast other processes run, those that time the original among them).
FILTERED = {
    "x86_64": (
        0xC000003E,
        (56, 41, 317, 302, 157, 54, 72),
        (166, 165, 155, 161, 272, 308, 101, 310, 311, 29, 319, 64, 68, 240, 248, 249, 250, 298, 321, 323),
        (203, 144, 142, 314, 141, 251, 256, 279),
    ),
    "aarch64": (
        0xC00000B7,
        (220, 198, 277, 261, 167, 208, 25),
        (39, 40, 41, 51, 97, 268, 117, 270, 271, 194, 279, 190, 186, 180, 217, 218, 219, 241, 280, 282),
        (122, 119, 118, 274, 140, 30, 238, 239),
    ),
}
# io_uring_setup, open_tree to fspick, pidfd_getfd, mount_setattr, memfd_secret, open_tree_attr.
REFUSED_EVERYWHERE = (425, *range(428, 434), 438, MOUNT_SETATTR, 447, 467)
CLONE3 = 435
PR_SCHED_CORE = 62
"""Keeps what is not its own from the other half of a core."""
SOL_SOCKET, SO_SNDBUF, SO_RCVBUF = 1, 7, 8
F_SET_RW_HINT, F_SET_FILE_RW_HINT = 1036, 1038
"""Notes on an inode, which may be a device's, what is expected of it; older kernels let anybody."""


def give_way() -> None:
    """When memory runs out, be ended before anything of the user's; what this process starts is as it is."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # a kernel that does not let us choose


def filter_system_calls(sockets: bool) -> None:
    """Refuse for good what namespaces cannot: sockets that reach past them, keys, namespaces again.

    socket(AF_UNIX) is refused because a socket file in a project folder leads out of any network
    namespace, and AF_VSOCK because it leads out of a virtual machine; socketpair stays. Without `sockets`
    those of the network are refused too: ports in use and counts of packets outlive the process that made
    them. clone3 hides its flags from a filter, so it is "not implemented" and libc uses clone.
    """
    machine = os.uname().machine
    if machine not in FILTERED:
        raise OSError("there is no system call filter for %s" % machine)
    audit, (clone, socket, seccomp, prlimit, prctl, setsockopt, fcntl), refused, pacing = FILTERED[machine]
    load, equal, least, any_of, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, kill, errno = 0x7FFF0000, 0x80000000, 0x50000  # with errno 0 it looks as if all went well
    eperm, enosys, eafnosupport = errno | 1, errno | 38, errno | 97
    number, architecture, argument, second, third = 0, 4, 16, 24, 32
    program = [(load, 0, 0, architecture), (equal, 1, 0, audit), (answer, 0, 0, kill), (load, 0, 0, number)]
    program += [(least, 0, 1, 0x40000000), (answer, 0, 0, eperm)]  # x86-64's second set of numbers
    program += [(equal, 0, 1, CLONE3), (answer, 0, 0, enosys)]
    for name in (*refused, *pacing, *REFUSED_EVERYWHERE):
        program += [(equal, 0, 1, name), (answer, 0, 0, eperm)]
    # The limits of this process may be lowered, those of another one, whose number is not 0, may not.
    program += [(equal, 0, 4, prlimit), (load, 0, 0, argument), (equal, 1, 0, 0)]
    program += [(answer, 0, 0, eperm), (answer, 0, 0, allow)]
    program += [(equal, 0, 4, prctl), (load, 0, 0, argument), (equal, 0, 1, PR_SCHED_CORE)]
    program += [(answer, 0, 0, eperm), (answer, 0, 0, allow)]
    # What waits in a socket is no memory that a limit counts: its room stays what it is.
    program += [(equal, 0, 7, setsockopt), (load, 0, 0, second), (equal, 0, 4, SOL_SOCKET)]
    program += [
        (load, 0, 0, third),
        (equal, 1, 0, SO_SNDBUF),
        (equal, 0, 1, SO_RCVBUF),
        (answer, 0, 0, errno),
    ]
    program += [(answer, 0, 0, allow)]
    program += [(equal, 0, 5, fcntl), (load, 0, 0, second), (equal, 1, 0, F_SET_RW_HINT)]
    program += [(equal, 0, 1, F_SET_FILE_RW_HINT), (answer, 0, 0, eperm), (answer, 0, 0, allow)]
    if sockets:
        program += [(equal, 0, 5, socket), (load, 0, 0, argument)]
        program += [(equal, 1, 0, AF_INET), (equal, 0, 1, AF_INET6), (answer, 0, 0, allow)]
    else:
        program += [(equal, 0, 1, socket)]
    program += [(answer, 0, 0, eafnosupport)]
    program += [(equal, 0, 3, clone), (load, 0, 0, argument), (any_of, 0, 1, NEW_ANY), (answer, 0, 0, eperm)]
    program += [(answer, 0, 0, allow)]
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    pointer = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    # Flag 4: without it older kernels slow down everything under a filter, and timings would say so.
    call(libc.syscall, seccomp, 1, 4, pointer)
