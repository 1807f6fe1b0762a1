"""Runs inside the box: loads somebody's code and answers calls, nothing else.

Standard library only. It is public: there is nothing in it worth finding. It
holds no expected value and no verdict; all it can say is what a call gave.

Requests come on descriptor 0, answers go to 1 and whatever is printed to 2;
before learner code is here these become 3, 4 and 1+2.
"""

import builtins
import ctypes
import decimal
import fractions
import importlib
import json
import os
import resource
import sys
import types
from collections.abc import Callable
from typing import Any

# Imported while a box waits in the pool, so that learner code finds them ready.
EASED = (
    "dataclasses", "datetime", "enum", "inspect", "itertools", "math", "random",
    "statistics", "string", "testshim", "threading",
)  # fmt: skip
REQUESTS, ANSWERS = 3, 4
FILE = "solution.py"
LONGEST_TEXT, LONGEST_HEX, MOST_ENTRIES, DEEPEST = 4000, 1100, 2000, 6
DECIMAL_DIGITS = 400
PR_GET_SECCOMP, PR_SET_SECCOMP = 21, 22
PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS = 38, 39
ENVIRONMENT = ("PATH", "PWD", "LC_ALL")
Decimal, Fraction = decimal.Decimal, fractions.Fraction


def read_exactly(count: int) -> bytes:
    """Give that many bytes of the requests; the end of them ends the box."""
    parts = []
    while count:
        part = os.read(REQUESTS, min(count, 65536))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive() -> dict[str, Any]:
    """Wait for a request."""
    length = b""
    while not length.endswith(b"|"):
        length += read_exactly(1)
    q: dict[str, Any] = json.loads(read_exactly(int(length[:-1])))
    return q


def send(message: dict[str, Any]) -> None:
    """Write a whole frame."""
    body = json.dumps(message).encode()
    data = b"%d|%s" % (len(body), body)
    while data:
        data = data[os.write(ANSWERS, data) :]


def decode(tagged: list[Any]) -> Any:
    """Give the value that was sent."""
    tag, *parts = tagged
    simple: dict[str, Callable[..., Any]] = {
        "n": lambda: None,
        "b": bool,
        "i": lambda text: int(text, 16),
        "f": float.fromhex,
        "q": lambda above, below: Fraction(int(above, 16), int(below, 16)),
        "s": str,
        "l": lambda entries: [decode(entry) for entry in entries],
        "d": lambda pairs: {decode(key): decode(value) for key, value in pairs},
        "o": lambda name: type(name, (), {})(),
    }
    return simple[tag](*parts)


def encode(value: Any, depth: int = 0) -> list[Any]:
    """Tag a value by base-class methods; those that the code wrote are not asked."""
    kind = type(value)
    if value is None or kind is bool:
        return ["n"] if value is None else ["b", int(value)]
    if isinstance(value, int):
        return _bounded("i", kind, int.__format__(value, "x"))
    if isinstance(value, float):
        return ["f", float.hex(value)]
    if isinstance(value, Fraction):
        top, bottom = value.numerator, value.denominator
        return _bounded("q", kind, format(top, "x"), format(bottom, "x"))
    if isinstance(value, Decimal):
        return _encode_decimal(value)
    if isinstance(value, str):
        return ["s", str.__str__(value)[:LONGEST_TEXT]]
    if depth < DEEPEST and isinstance(value, list | tuple | dict):
        return _encode_entries(value, depth + 1)
    return ["o", str(kind.__name__)[:60]]


def _encode_decimal(value: decimal.Decimal) -> list[Any]:
    text = Decimal.__str__(value)
    if len(text) <= DECIMAL_DIGITS:
        return ["m", text]
    top, bottom = Decimal.as_integer_ratio(value)
    return _bounded("q", Decimal, format(top, "x"), format(bottom, "x"))


def _encode_entries(
    value: list[Any] | tuple[Any, ...] | dict[Any, Any], depth: int
) -> list[Any]:
    if isinstance(value, dict):
        pairs = list(dict.items(value))[:MOST_ENTRIES]
        return ["d", [[encode(k, depth), encode(v, depth)] for k, v in pairs]]
    return ["l", [encode(entry, depth) for entry in list(value)[:MOST_ENTRIES]]]


def _bounded(tag: str, kind: type, *texts: str) -> list[Any]:
    if any(len(text) > LONGEST_HEX for text in texts):
        return ["o", kind.__name__[:60]]
    return [tag, *texts]


def raised(error: BaseException) -> dict[str, Any]:
    """Tell an exception by its nearest built-in class; a name alone is no class."""
    kind = type(error)
    known = next(c for c in kind.__mro__ if getattr(builtins, c.__name__, None) is c)
    lines, at = [], error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == FILE:
            lines.append(at.tb_lineno)
        at = at.tb_next
    if isinstance(error, SyntaxError) and error.filename == FILE:
        lines.append(error.lineno or 0)
    try:
        text = str(error)[:500]
    except BaseException:  # noqa: BLE001 - the code's own method may raise anything
        text = ""
    return {
        "type": known.__name__,
        "own": int(kind is not known),
        "message": text,
        "lines": lines[-12:],
    }


PRINTED = (sys.stdout, sys.stderr)
RESERVE = bytearray(1 << 20)  # given up when memory runs out, to be able to say so
OUT_OF_MEMORY = 70  # the exit status that says it when nothing else can


def answer(nonce: str, work: Callable[[], list[Any]]) -> bool:
    """Do something of the code's and say what came of it; whether it raised nothing."""
    worked = False
    reply: dict[str, Any]
    try:
        reply = {"n": nonce, "v": work()}
        worked = True
    except BaseException as error:  # noqa: BLE001 - SystemExit and the like are answers
        RESERVE.clear()
        try:
            reply = {"n": nonce, "e": raised(error)}
        except BaseException:  # noqa: BLE001 - as above
            reply = {"n": nonce, "v": ["o", "exception"]}
    for stream in PRINTED:
        try:
            stream.flush()
        except BaseException:  # noqa: BLE001 - closed by the code: its own loss
            continue
    try:
        send(reply)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    return worked


def confine(limits: dict[str, int], program: bytes) -> dict[str, int]:
    """Give up what is left: limits first, then the final system call filter."""
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, name), (value, value))
    libc = ctypes.CDLL(None, use_errno=True)
    steps = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        """``struct sock_fprog`` of linux/filter.h."""

        _fields_ = [("count", ctypes.c_ushort), ("steps", ctypes.c_void_p)]

    first = libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    no_new_privs = libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
    loaded = Program(len(program) // 8, ctypes.addressof(steps))
    final = libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(loaded), 0, 0)
    return {
        "first_filter": first,
        "no_new_privs": no_new_privs,
        "final_filter": int(final == 0),
        "fork_refused": int(final == 0 and _refused(os.fork)),
        "exec_refused": int(
            final == 0 and _refused(lambda: os.execv("/usr/bin/python3", ["x"]))
        ),
    }


def _refused(act: Callable[[], Any]) -> bool:
    try:
        if act() == 0:
            os._exit(71)  # the child of a fork that should have been impossible
    except PermissionError:
        return True
    return False


def rearrange_descriptors() -> None:
    """Keep the channel apart from what code prints to, and nothing else open."""
    os.dup2(0, REQUESTS)
    os.dup2(1, ANSWERS)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(2, 1)
    os.closerange(5, 1024)
    for name in list(os.environ):
        if name not in ENVIRONMENT:
            del os.environ[name]


def greet() -> None:
    """Get confined and show it, before any learner code is here."""
    hello = receive()
    for name in EASED if hello["warm"] else ():
        importlib.import_module(name)
    shown = confine(hello["limits"], bytes.fromhex(hello["filter"]))
    send({"ready": {**shown, "uid": os.getuid(), "root": sorted(os.listdir("/"))}})


def stub(*arguments: Any, **named: Any) -> Any:
    """Call an implementation on the other side and give what it gave."""
    send({"call": [encode(list(arguments)), encode(named)]})
    reply = receive()
    if "v" in reply:
        return decode(reply["v"])
    kind = getattr(builtins, reply["e"]["type"], Exception)
    raise kind(reply["e"]["message"])


def main() -> None:
    """Greet, load what is sent, then answer."""
    rearrange_descriptors()
    greet()
    start = receive()
    module = types.ModuleType("solution")
    module.__dict__["__file__"] = FILE
    sys.modules["solution"] = module
    if start["stub_modules"]:
        importlib.import_module("testshim")
    for name in start["stub_modules"]:
        target = sys.modules.setdefault(name, types.ModuleType(name))
        target.__dict__[start["function"]] = stub
    if start["stub_modules"]:
        module.__dict__[start["function"]] = stub
    compiled: list[Any] = []

    def compile_code() -> list[Any]:
        compiled.append(compile(start["code"], FILE, "exec", dont_inherit=True))
        return ["n"]

    def load() -> list[Any]:
        exec(compiled[0], module.__dict__)
        return ["b", int(callable(module.__dict__.get(start["function"])))]

    if not (answer(start["n"], compile_code) and answer(receive()["n"], load)):
        receive()
    serve(module)


def serve(module: types.ModuleType) -> None:
    """Answer until the requests end."""
    while True:
        q = receive()
        if "order" in q:
            answer(q["n"], lambda q=q: run_tests(module, q))  # type: ignore[misc]
        else:
            answer(q["n"], lambda q=q: call(module, q))  # type: ignore[misc]


def call(module: types.ModuleType, q: dict[str, Any]) -> list[Any]:
    """Call the function that is asked for, by the name that the code gave it."""
    function = module.__dict__[q["f"]]
    return encode(function(*decode(q["a"]), **decode(q["k"])))


def run_tests(module: types.ModuleType, q: dict[str, Any]) -> list[Any]:
    """Run the tests in the order that is asked for."""
    return encode(sys.modules["testshim"].run(module, q["order"], q["first"]))


main()
