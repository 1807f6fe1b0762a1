"""One pool for the tier; skipped with its reason where there is no isolation."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.core.errors import SandboxUnavailableError
from labs.core.load import load_lab
from labs.core.spec import LabSpec
from labs.folders import lab_files
from labs.pool import Pool
from labs.sandbox import Runtime, find_runtime

ROUNDS = int(os.environ.get("SANDBOX_ROUNDS", "1"))


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    folder = Path(os.environ.get("SANDBOX_DATA_DIR", tmp_path_factory.mktemp("data")))
    try:
        found = find_runtime(folder)
        found.start(load_lab(lab_files("kv-cache-estimate")).limits).close()
    except SandboxUnavailableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    return found


@pytest.fixture(scope="session")
def pool(runtime: Runtime) -> Iterator[Pool]:
    pool = Pool(runtime, size=1)
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def code_lab() -> LabSpec:
    return load_lab(lab_files("kv-cache-estimate"))


@pytest.fixture(scope="session")
def test_lab() -> LabSpec:
    return load_lab(lab_files("kv-cache-tests"))
