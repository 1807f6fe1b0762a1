"""System call filters as BPF programs, worked out here and handed to the kernel.

Two allow-lists: the first lets the box start an interpreter; the second, loaded
before learner code, has no exec, no new process, no sockets and no signals to
others. What is not on a list fails with EPERM, a foreign architecture is killed.
Numbers: linux/arch/x86/entry/syscalls/syscall_64.tbl and asm-generic/unistd.h.
"""

import struct

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000  # a second table of system calls on x86-64
ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
LOAD, EQUAL, AT_LEAST, ANY_BIT, GIVE = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCH_AT = 0, 4
CLONE_THREAD = 0x10000
# Asking what a descriptor is; TIOCSTI and the like are not among them.
HARMLESS_IOCTLS = (0x5401, 0x5451, 0x5450, 0x541B, 0x5421)
# Duplicate and read or set flags: no locks, leases, signals or pipe sizes, which
# are shared with others or outlive the caller.
HARMLESS_FCNTLS = (0, 1, 2, 3, 4, 1030)

# name: (x86_64, aarch64); None where the architecture has no such call
CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57),
    "stat": (4, None), "fstat": (5, 80), "lstat": (6, None), "poll": (7, None),
    "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65),
    "writev": (20, 66), "access": (21, None), "pipe": (22, None),
    "select": (23, None), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "dup": (32, 23), "dup2": (33, None),
    "nanosleep": (35, 101), "getpid": (39, 172), "exit": (60, 93),
    "uname": (63, 160), "getcwd": (79, 17),
    "readlink": (89, None), "gettimeofday": (96, 169), "getrlimit": (97, 163),
    "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175),
    "getegid": (108, 177), "getppid": (110, 173), "sigaltstack": (131, 132),
    "arch_prctl": (158, None), "gettid": (186, 178), "time": (201, None),
    "futex": (202, 98), "sched_getaffinity": (204, 123), "getdents64": (217, 61),
    "set_tid_address": (218, 96), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "tgkill": (234, 131),
    "openat": (257, 56), "newfstatat": (262, 79), "readlinkat": (267, 78),
    "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73),
    "set_robust_list": (273, 99), "dup3": (292, 24), "pipe2": (293, 59),
    "getrandom": (318, 278), "membarrier": (324, 283), "statx": (332, 291),
    "rseq": (334, 293), "faccessat2": (439, 439), "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21), "epoll_wait": (232, None), "epoll_pwait": (281, 22),
    "eventfd2": (290, 19), "recvfrom": (45, 207), "setitimer": (38, 103),
    "getitimer": (36, 102), "alarm": (37, None),
}  # fmt: skip
# Only the first filter has these: they start and limit the interpreter.
START_CALLS: dict[str, tuple[int | None, int | None]] = {
    "execve": (59, 221), "prctl": (157, 167), "setrlimit": (160, 164),
    "prlimit64": (302, 261), "wait4": (61, 260), "ioctl": (16, 29),
    "clone": (56, 220), "vfork": (58, None), "setsid": (112, 157),
    "kill": (62, 129), "fcntl": (72, 25), "seccomp": (317, 277),
}  # fmt: skip
CLONE, CLONE3 = (56, 220), (435, 435)


def _low(argument: int) -> int:
    return 16 + 8 * argument


def _high(argument: int) -> int:
    return _low(argument) + 4


# (x86_64, aarch64), then what must hold of the arguments: (place, values)
CHECKED_CALLS: dict[
    str, tuple[tuple[int, int], tuple[tuple[int, tuple[int, ...]], ...]]
] = {
    "ioctl": ((16, 29), ((_low(1), HARMLESS_IOCTLS),)),
    "fcntl": ((72, 25), ((_low(1), HARMLESS_FCNTLS),)),
    # A pair of its own (asyncio wakes itself with one), never a way to others.
    "socketpair": ((53, 199), ((_low(0), (1,)),)),
    "sendto": ((44, 206), ((_low(4), (0,)), (_high(4), (0,)))),
    # Limits may be read, not set: the new limit must be a null pointer.
    "prlimit64": ((302, 261), ((_low(2), (0,)), (_high(2), (0,)))),
}  # fmt: skip


def program(machine: str, *, final: bool) -> bytes:
    """Give a filter in the kernel's form (an array of ``struct sock_filter``).

    Args:
        machine: As ``uname -m`` prints it: ``x86_64`` or ``aarch64``.
        final: The second list, for learner code.

    Raises:
        KeyError: No table for this machine.
    """
    arch, column = AUDIT_ARCH[machine], 0 if machine == "x86_64" else 1
    code = [
        (LOAD, 0, 0, ARCH_AT),
        (EQUAL, 1, 0, arch),
        (GIVE, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [(AT_LEAST, 0, 1, X32_BIT), (GIVE, 0, 0, KILL)]
    names = dict(CALLS) if final else {**CALLS, **START_CALLS}
    for numbers in names.values():
        number = numbers[column]
        if number is not None:
            code += [(EQUAL, 0, 1, number), (GIVE, 0, 0, ALLOW)]
    # glibc asks for clone3 first and takes clone when there is none.
    code += [(EQUAL, 0, 1, CLONE3[column]), (GIVE, 0, 0, ENOSYS)]
    if final:
        code += _threads_only(CLONE[column])
    for name, (checked, holds) in CHECKED_CALLS.items():
        if name not in names:
            code += _when(checked[column], holds)
    code.append((GIVE, 0, 0, EPERM))
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def _threads_only(clone: int) -> list[tuple[int, int, int, int]]:
    """Allow ``clone`` for a thread of the same process, refuse a new process."""
    return [
        (EQUAL, 0, 4, clone),
        (LOAD, 0, 0, _low(0)),
        (ANY_BIT, 0, 1, CLONE_THREAD),
        (GIVE, 0, 0, ALLOW),
        (GIVE, 0, 0, EPERM),
    ]


def _when(
    number: int, holds: tuple[tuple[int, tuple[int, ...]], ...]
) -> list[tuple[int, int, int, int]]:
    """Allow a call while each named place holds one of its values."""
    steps: list[tuple[int, int, int, int]] = []
    for place, values in holds:
        steps.append((LOAD, 0, 0, place))
        for left, value in zip(range(len(values), 0, -1), values, strict=True):
            steps.append((EQUAL, left, 0, value))
        steps.append((GIVE, 0, 0, EPERM))
    steps.append((GIVE, 0, 0, ALLOW))
    return [(EQUAL, 0, len(steps), number), *steps]
