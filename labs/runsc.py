"""Boxes in gVisor: a kernel of their own in user space, behind the same interface.

Chosen by ``LABS_RUNTIME=runsc``. The host's system calls are then gVisor's
concern; the shim still sets its limits and loads the final filter inside.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labs import sandbox
from labs.box import Box
from labs.core import seccomp
from labs.core.errors import SandboxUnavailableError
from labs.core.spec import Limits
from labs.rootfs import boxes_folder, build_rootfs

NO_FIRST_FILTER = 0  # gVisor itself stands where bubblewrap's filter stands
STOP_SECONDS = 10.0


def bundle_config(root: Path) -> dict[str, Any]:
    """Give the OCI runtime configuration of a box."""
    none: list[str] = []
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False,
            "user": {"uid": sandbox.NOBODY, "gid": sandbox.NOBODY},
            "args": list(sandbox.SHIM),
            "env": [f"{key}={value}" for key, value in sandbox.ENVIRONMENT.items()],
            "cwd": "/",
            "noNewPrivileges": True,
            "capabilities": dict.fromkeys(
                ("bounding", "effective", "inheritable", "permitted", "ambient"), none
            ),
        },
        "root": {"path": str(root), "readonly": True},
        "hostname": "box",
        "linux": {
            "namespaces": [
                {"type": kind} for kind in ("pid", "network", "ipc", "uts", "mount")
            ]
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Runsc:
    """Starts boxes with gVisor's ``runsc``."""

    path: str
    root: Path
    final_filter: bytes
    name: str = "gvisor"

    @classmethod
    def find(cls, data_dir: Path, machine: str) -> "Runsc":
        """Find it on this machine.

        Raises:
            SandboxUnavailableError: It is not there.
        """
        path = shutil.which("runsc")
        if path is None:
            raise SandboxUnavailableError("gVisor (the runsc program) is not installed")
        return cls(
            path=path,
            root=build_rootfs(boxes_folder(data_dir)),
            final_filter=seccomp.program(machine, final=True),
        )

    def start(self, limits: Limits, *, warm: bool = False) -> Box:
        """Start a box and wait until it has shown that it is confined.

        Raises:
            SandboxUnavailableError: It did not start, or is not confined.
        """
        folder = Path(tempfile.mkdtemp(prefix="lab-"))
        folder.chmod(0o755)
        (folder / "config.json").write_text(json.dumps(bundle_config(self.root)))
        box_id = f"lab-{uuid.uuid4().hex}"
        common = [self.path, "--root", str(folder / "state"), "--network=none"]
        if os.geteuid() != 0:
            common.append("--rootless")
        process = subprocess.Popen(  # noqa: S603 - the runtime that was chosen
            [*common, "--ignore-cgroups", "run", "--bundle", str(folder), box_id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env={"PATH": "/usr/sbin:/usr/bin:/bin"},
        )
        box = sandbox.box_of(
            process, os.pidfd_open(process.pid), None, limits, self.name
        )

        def take_down() -> None:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(  # noqa: S603 - as above
                    [*common, "delete", "--force", box_id],
                    capture_output=True,
                    timeout=STOP_SECONDS,
                    check=False,
                )
            shutil.rmtree(folder, ignore_errors=True)

        box.take_down = take_down
        return sandbox.confined(
            box,
            self.final_filter,
            warm=warm,
            first_filter=NO_FIRST_FILTER,
            extra_at_root=frozenset({"proc", "sys", "tmp", "etc"}),
        )
