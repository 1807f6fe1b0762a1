"""The file tree a box sees: an interpreter with its library, and nothing else.

Copied once to a folder of its own, so that a box never sees a path of the host.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from labs.core.errors import SandboxUnavailableError

SHIMS = ("child.py", "testshim.py")
LEFT_OUT = (
    "site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo",
    "ensurepip", "lib2to3", "pydoc_data", "config-3.11-x86_64-linux-gnu",
)  # fmt: skip
DEVICES = ("null", "zero", "urandom")
UNUSED_SECONDS = 30 * 86_400.0
LAYOUT = "6"  # raise it when this file lays the tree out differently


def boxes_folder(data_dir: Path) -> Path:
    """Give where file trees are kept: a place that the box's own user can reach.

    Raises:
        SandboxUnavailableError: There is none that this user may write to.
    """
    said = ""
    for folder in _places(data_dir.resolve()):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            if os.access(folder, os.W_OK) and _is_ours(folder):
                return folder
        except OSError as error:
            said = str(error)
    raise SandboxUnavailableError(
        f"there is no place for the box's files {said}".strip()
    )


def _places(data_dir: Path) -> list[Path]:
    if os.geteuid() == 0:
        shared = Path("/var/lib/interview-practice/boxes")
        return [data_dir / "boxes", shared] if _reachable(data_dir) else [shared]
    return [
        data_dir / "boxes",
        Path.home() / ".cache/interview-practice/boxes",
        Path(tempfile.gettempdir()) / f"interview-practice-{os.geteuid()}" / "boxes",
    ]


def _is_ours(folder: Path) -> bool:
    """Say that nobody else can put anything there."""
    return all(
        part.stat().st_uid in (0, os.geteuid()) and not part.stat().st_mode & 0o022
        for part in (folder, folder.parent)
    )


def _reachable(folder: Path) -> bool:
    """Say whether everybody may walk to a folder, as the box's own user has to."""
    existing = [part for part in (folder, *folder.parents) if part.exists()]
    return all(part.stat().st_mode & 0o001 for part in existing)


def build_rootfs(folder: Path) -> Path:
    """Give the tree for this interpreter below a folder, made on first use.

    Raises:
        SandboxUnavailableError: The interpreter's shared libraries are not found.
    """
    root = folder / f"box-{_fingerprint()}"
    if root.is_dir():
        with contextlib.suppress(OSError):  # another user's: fine to read
            os.utime(root)
        return root
    _clear_unused(folder)
    aside = folder / f".{root.name}.{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    _fill(aside)
    try:
        aside.rename(root)
    except OSError:  # another process was first; its tree is the same
        shutil.rmtree(aside, ignore_errors=True)
    return root


def _clear_unused(folder: Path) -> None:
    """Remove trees of earlier versions that no worker has started with for long."""
    for tree in folder.glob("*box-*"):
        if time.time() - tree.stat().st_mtime > UNUSED_SECONDS:
            shutil.rmtree(tree, ignore_errors=True)


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{LAYOUT} {sys.version} {sys.base_prefix}".encode())
    for shim in SHIMS:
        digest.update((Path(__file__).parent / shim).read_bytes())
    return digest.hexdigest()[:16]


def _interpreter() -> Path:
    """Give the real interpreter behind the virtual environment."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for place in (Path(sys.base_prefix) / "bin" / name, Path(sys.executable)):
        if place.exists():
            return place.resolve()
    raise SandboxUnavailableError("no Python interpreter found to put into a box")


def _fill(root: Path) -> None:
    python = _interpreter()
    library = root / "usr/lib/python3.11"
    source = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(
        source,
        library,
        ignore=shutil.ignore_patterns(*LEFT_OUT, "*.a", "*.exe", "*.opt-?.pyc"),
    )
    (root / "usr/bin").mkdir(parents=True)
    shutil.copy2(python, root / "usr/bin/python3")
    shutil.copy2(Path(__file__).parent / "child.py", root / "child.py")
    shutil.copy2(Path(__file__).parent / "testshim.py", library / "testshim.py")
    _copy_libraries(root, [python, *library.glob("lib-dynload/*.so")])
    (root / "dev").mkdir()
    for device in DEVICES:
        (root / "dev" / device).touch()
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _copy_libraries(root: Path, programs: list[Path]) -> None:
    """Copy what the dynamic loader would look for, and the loader itself."""
    listed = subprocess.run(  # noqa: S603 - our own interpreter's files
        ["/usr/bin/ldd", *map(str, programs)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = set(re.findall(r"(?:=> |^\s+)(/\S+)(?= \(0x)", listed, re.MULTILINE))
    if not any("libc" in name for name in found):
        raise SandboxUnavailableError(
            "the interpreter's shared libraries were not found"
        )
    (root / "usr/lib/box").mkdir(parents=True)
    for name in found:
        path = Path(name)
        if path.name.startswith("ld-linux"):
            target = root / path.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
        else:
            target = root / "usr/lib/box" / path.name
        shutil.copy2(path.resolve(), target)
