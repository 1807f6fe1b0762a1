"""The second runtime: what it is told, and that it refuses when it does not work."""

from pathlib import Path

import pytest

from labs.core.errors import SandboxUnavailableError
from labs.core.spec import Limits
from labs.runsc import Runsc, bundle_config
from labs.sandbox import find_runtime


def test_the_bundle_gives_nothing_away() -> None:
    config = bundle_config(Path("/boxes/one"))

    assert config["root"] == {"path": "/boxes/one", "readonly": True}
    assert config["process"]["user"] == {"uid": 65534, "gid": 65534}
    assert config["process"]["noNewPrivileges"] is True
    assert not any(config["process"]["capabilities"].values())
    assert "mounts" not in config
    kinds = {space["type"] for space in config["linux"]["namespaces"]}
    assert {"pid", "network", "ipc", "uts", "mount"} == kinds


def test_a_runsc_that_does_not_start_is_refused(tmp_path: Path) -> None:
    broken = Runsc(path="/bin/false", root=tmp_path, final_filter=b"")

    with pytest.raises(SandboxUnavailableError, match="did not start"):
        broken.start(Limits())


def test_it_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("labs.runsc.build_rootfs", lambda folder: folder)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")

    assert find_runtime(tmp_path, "runsc").name == "gvisor"


def test_an_unknown_runtime_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SandboxUnavailableError, match="neither"):
        find_runtime(tmp_path, "none")
