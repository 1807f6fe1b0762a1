"""The system call filters, run by a small interpreter of BPF."""

import struct

import pytest

from labs.core import seccomp

EPERM, ALLOW, KILL = seccomp.EPERM, seccomp.ALLOW, seccomp.KILL


def run(program: bytes, number: int, arch: int, *arguments: int) -> int:
    """Do what the kernel does with a filter: give its verdict on one call."""
    values = (*arguments, *[0] * 6)[:6]
    data = struct.pack("=IIQ6Q", number, arch, 0, *values)
    steps = list(struct.iter_unpack("=HBBI", program))
    at = accumulator = 0
    while True:
        code, yes, no, k = steps[at]
        at += 1
        if code == seccomp.LOAD:
            accumulator = struct.unpack_from("=I", data, k)[0]
        elif code == seccomp.GIVE:
            return int(k)
        elif code == seccomp.EQUAL:
            at += yes if accumulator == k else no
        elif code == seccomp.AT_LEAST:
            at += yes if accumulator >= k else no
        elif code == seccomp.ANY_BIT:
            at += yes if accumulator & k else no
        else:
            raise AssertionError(code)


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def final(machine: str, pair: tuple[int | None, int | None], *arguments: int) -> int:
    number = pair[0 if machine == "x86_64" else 1]
    assert number is not None
    program = seccomp.program(machine, final=True)
    return run(program, number, seccomp.AUDIT_ARCH[machine], *arguments)


def test_reading_is_allowed_and_executing_is_not(machine: str) -> None:
    assert final(machine, (0, 63)) == ALLOW
    for pair in ((59, 221), (322, 281), (41, 198), (62, 129), (157, 167), (319, 279)):
        assert final(machine, pair) == EPERM


def test_clone_makes_threads_only(machine: str) -> None:
    assert final(machine, (56, 220), 0x3D0F00) == ALLOW
    assert final(machine, (56, 220), 17) == EPERM
    assert final(machine, (435, 435)) == seccomp.ENOSYS


def test_arguments_are_looked_at(machine: str) -> None:
    assert final(machine, (16, 29), 0, 0x5401) == ALLOW
    assert final(machine, (16, 29), 0, 0x5412) == EPERM  # TIOCSTI
    assert final(machine, (72, 25), 1, 3) == ALLOW
    assert final(machine, (72, 25), 1, 1031) == EPERM  # F_SETPIPE_SZ
    assert final(machine, (53, 199), 1) == ALLOW
    assert final(machine, (53, 199), 2) == EPERM
    assert final(machine, (302, 261), 0, 9, 0) == ALLOW
    assert final(machine, (302, 261), 0, 9, 4096) == EPERM
    assert final(machine, (302, 261), 0, 9, 1 << 40) == EPERM
    assert final(machine, (44, 206), 1, 2, 3, 4, 0) == ALLOW
    assert final(machine, (44, 206), 1, 2, 3, 4, 1 << 33) == EPERM


def test_foreign_architectures_are_killed(machine: str) -> None:
    program = seccomp.program(machine, final=True)

    assert run(program, 0, 0x40000003) == KILL
    if machine == "x86_64":
        x32 = seccomp.X32_BIT + 39
        assert run(program, x32, seccomp.AUDIT_ARCH[machine]) == KILL


def test_first_filter_may_start_an_interpreter(machine: str) -> None:
    program = seccomp.program(machine, final=False)
    execve, socket = ((59, 41), (221, 198))[machine == "aarch64"]

    assert run(program, execve, seccomp.AUDIT_ARCH[machine]) == ALLOW
    assert run(program, socket, seccomp.AUDIT_ARCH[machine]) == EPERM


def test_another_machine_has_no_filter() -> None:
    with pytest.raises(KeyError):
        seccomp.program("riscv64", final=True)
