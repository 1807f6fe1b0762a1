"""Runs inside the box: loads somebody's code and answers calls, nothing else.

Standard library only. It is public: there is nothing in it worth finding. It
holds no expected value and no verdict; all it can say is what a call gave.

Started as ``python3 -I -S child.py``; requests come on descriptor 0, answers go
to descriptor 3, whatever the code prints goes to 1 and 2.
"""

import builtins
import ctypes
import json
import os
import resource
import sys
import types
from decimal import Decimal
from fractions import Fraction

ANSWERS = 3
FILE = "solution.py"
MOST_TEXT, MOST_ENTRIES, DEEPEST = 4000, 2000, 6


def read_exactly(count):
    parts = []
    while count:
        part = os.read(0, min(count, 65536))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive():
    length = b""
    while (digit := read_exactly(1)) != b"|":
        length += digit
    return json.loads(read_exactly(int(length)))


def send(message, write=os.write, dumps=json.dumps):
    body = dumps(message).encode()
    data = b"%d|%s" % (len(body), body)
    while data:
        data = data[write(ANSWERS, data) :]


def decode(tagged):
    tag, *parts = tagged
    if tag == "n":
        return None
    if tag == "b":
        return bool(parts[0])
    if tag == "i":
        return int(parts[0], 16)
    if tag == "f":
        return float.fromhex(parts[0])
    if tag == "q":
        return Fraction(int(parts[0], 16), int(parts[1], 16))
    if tag == "l":
        return [decode(entry) for entry in parts[0]]
    if tag == "d":
        return {decode(key): decode(value) for key, value in parts[0]}
    return parts[0]


def encode(value, depth=0):
    """Tag a value by its exact type; methods that the code wrote are not asked."""
    kind = type(value)
    if value is None:
        return ["n"]
    if kind is bool:
        return ["b", int(value)]
    if kind is int:
        return ["i", int.__format__(value, "x")]
    if kind is float:
        return ["f", float.hex(value)]
    if kind is Fraction:
        return ["q", format(value.numerator, "x"), format(value.denominator, "x")]
    if kind is Decimal:
        return ["m", str(value)]
    if kind is str:
        return ["s", value[:MOST_TEXT]]
    if kind in (list, tuple) and depth < DEEPEST:
        return ["l", [encode(entry, depth + 1) for entry in value[:MOST_ENTRIES]]]
    if kind is dict and depth < DEEPEST:
        pairs = list(value.items())[:MOST_ENTRIES]
        return ["d", [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in pairs]]
    return ["o", str(kind.__name__)[:60]]


def raised(error):
    """Tell an exception by its nearest built-in class; a name alone is no class."""
    kind = type(error)
    known = next(
        c for c in kind.__mro__ if c.__module__ == "builtins" and getattr(builtins, c.__name__, None) is c
    )
    lines, at = [], error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        if code.co_filename == FILE:
            lines.append(f'  line {at.tb_lineno}, in {code.co_name}')
        at = at.tb_next
    if isinstance(error, SyntaxError) and error.filename == FILE:
        lines.append(f"  line {error.lineno}")
    try:
        text = str(error)[:500]
    except BaseException:
        text = ""
    return {
        "type": known.__name__,
        "own": int(kind is not known),
        "message": f"{kind.__name__}: {text}",
        "traceback": "\n".join(lines[-12:]),
    }


def answer(nonce, work):
    """Do something of the code's and say what came of it."""
    try:
        reply = {"n": nonce, "v": work()}
    except BaseException as error:  # SystemExit and KeyboardInterrupt are answers too
        try:
            reply = {"n": nonce, "e": raised(error)}
        except BaseException:
            reply = {"n": nonce, "v": ["o", "exception"]}
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            continue
    try:
        send(reply)
    except MemoryError:
        os._exit(70)


def confine(limits, program):
    """Give up what is left: limits first, then the final system call filter."""
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, name), (value, value))
    libc = ctypes.CDLL(None, use_errno=True)
    steps = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = [("count", ctypes.c_ushort), ("steps", ctypes.c_void_p)]

    loaded = Program(len(program) // 8, ctypes.addressof(steps))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(loaded), 0, 0):
        os._exit(71)
    status = libc.prctl(21, 0, 0, 0, 0)  # EPERM now: prctl itself is gone
    return status == -1


def main():
    import testshim as _  # noqa: F401 - while imports still work as they should
    hello = receive()
    program = bytes.fromhex(hello["filter"])
    confined = confine(hello["limits"], program)
    send({
        "ready": int(confined),
        "uid": os.getuid(),
        "pid": os.getpid(),
        "root": sorted(os.listdir("/")),
    })
    start = receive()
    for name, source in start["modules"].items():
        module = types.ModuleType(name)
        exec(compile(source, f"<{name}>", "exec"), module.__dict__)
        sys.modules[name] = module
    module = types.ModuleType("solution")
    module.__dict__["__file__"] = FILE
    sys.modules["solution"] = module

    def stub(*arguments, **named):
        """Call an implementation on the other side and give what it gave."""
        send({"call": [encode(list(arguments)), encode(named)]})
        reply = receive()
        if "v" in reply:
            return decode(reply["v"])
        kind = getattr(builtins, reply["e"]["type"], Exception)
        raise kind(reply["e"]["message"])

    if start["stub"]:
        module.__dict__[start["stub"]] = stub
        target = types.ModuleType(start["stub_module"])
        target.__dict__[start["stub"]] = stub
        sys.modules[start["stub_module"]] = target

    def load():
        exec(compile(start["code"], FILE, "exec", dont_inherit=True), module.__dict__)
        return ["n"]

    answer(start["n"], load)
    if start["runs_tests"]:
        import testshim

        answer(receive()["n"], lambda: encode(testshim.run(module, start["order"])))
        return
    while True:
        asked = receive()

        def call():
            function = module.__dict__[asked["f"]]
            arguments = decode(asked["a"])
            named = decode(asked["k"])
            return encode(function(*arguments, **named))

        answer(asked["n"], call)


main()
