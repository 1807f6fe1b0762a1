"""The edge that the site calls: rows to save, tries, and what a page may show."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from labs import runner
from labs.core.errors import LabError, SandboxUnavailableError
from labs.folders import lab_files, lab_slugs
from labs.sandbox import Runtime


@pytest.fixture(autouse=True)
def own_runner(settings: LazySettings, runtime: Runtime) -> Iterator[None]:
    settings.LABS_RUNTIME, settings.LABS_POOL_SIZE = "bwrap", 0
    runner._runners.clear()
    yield
    for one in runner._runners.values():
        one.pool.close()
    runner._runners.clear()


def test_a_submission_gives_a_row_and_what_its_author_may_see() -> None:
    files = lab_files("speculative-speedup-estimate")

    run, shown = runner.run_submission(
        lab="speculative-speedup-estimate",
        files=files,
        code="def speculative_speedup(*a, **k):\n    print(a)\n    return 1.0\n",
        fair_key="7",
    )

    assert run.verdict == shown["verdict"] == "failed"
    assert run.spec_hash == shown["spec_hash"]
    assert run.wall_ms > 0
    assert "operator_output" not in shown
    assert len(shown["learner_output"].splitlines()) == 2
    assert len(run.operator_output.splitlines()) > 10
    run.clean_fields()


def test_a_try_shows_the_examples_only() -> None:
    shown = runner.run_visible(
        lab="kv-cache-estimate",
        files=lab_files("kv-cache-estimate"),
        code="def kv_cache_gib(*a, **k): return 2.0",
        fair_key="7",
    )

    assert [case["passed"] for case in shown["cases"]] == [True, False, False]


def test_a_lab_at_fault_is_an_error_and_no_verdict() -> None:
    files = lab_files("kv-cache-estimate") | {
        "reference.py": "def kv_cache_gib(*a): 1/0"
    }

    with pytest.raises(LabError):
        runner.run_submission(lab="x", files=files, code="x = 1", fair_key="7")


def test_a_runtime_that_is_not_here_is_named(settings: LazySettings) -> None:
    settings.LABS_RUNTIME = "docker"

    with pytest.raises(SandboxUnavailableError, match="neither bwrap nor runsc"):
        runner.warm_up()


@pytest.mark.parametrize("slug", lab_slugs())
def test_a_page_gets_starter_examples_and_hints(slug: str) -> None:
    described = runner.describe_lab(lab_files(slug))

    assert "def " in described["starter"]
    assert described["hints"]
    if described["is_test_lab"]:
        assert described["programs"] >= 15
    else:
        assert described["examples"][0]["gives"]


@pytest.mark.parametrize("slug", lab_slugs())
def test_bundled_labs_are_in_order(slug: str) -> None:
    from labs.check import faults_of_lab

    pool = runner.process_runner().pool

    assert list(faults_of_lab(lab_files(slug), pool)) == []
