"""Each submission gets the verdict it must get: SANDBOX_ROUNDS=10 runs all ten times."""

import json
import secrets
import time
from pathlib import Path
from typing import Any

import pytest

from labs.core.spec import LabSpec
from labs.pool import Pool
from labs.run import run_code
from tests.sandbox.conftest import ROUNDS

HERE = Path(__file__).parent / "submissions"
ITEMS = json.loads((HERE / "index.json").read_text())["items"]


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["file"])
def test_submission_gets_its_verdict(
    item: dict[str, Any], round_: int, pool: Pool, code_lab: LabSpec
) -> None:
    code = (HERE / item["file"]).read_text()

    for _ in range(2 if item.get("twice") else 1):
        started = time.monotonic()
        result = run_code(code_lab, code, seed=secrets.randbits(50), pool=pool)
        milliseconds = 1000 * (time.monotonic() - started)

        verdict = result.verdict.value
        assert verdict in item.get("verdict_in", [verdict]), result
        assert verdict not in item.get("verdict_not", []), result
        said = result.learner_output + result.operator_output
        assert item.get("no_out", "\1") not in said
        assert milliseconds < item.get("max_ms", 20_000)


def test_every_submission_stands_in_the_index() -> None:
    assert {path.name for path in HERE.glob("*.py")} == {i["file"] for i in ITEMS}
    assert len(ITEMS) >= 60


def test_output_of_hidden_calls_is_only_for_operators(
    pool: Pool, code_lab: LabSpec
) -> None:
    code = (HERE / "269_prints_hidden_inputs.py").read_text()

    result = run_code(code_lab, code, seed=7, pool=pool)

    assert result.learner_output.count("SAW") == len(code_lab.examples)
    assert result.operator_output.count("SAW") > 10
    assert "SAW" not in json.dumps(result.as_json()["cases"])


def test_control_characters_are_shown_written_out(
    pool: Pool, code_lab: LabSpec
) -> None:
    code = (HERE / "058_stdout_html_ansi.py").read_text()

    result = run_code(code_lab, code, seed=7, pool=pool)

    assert "\x1b" not in result.learner_output
    assert "\\x1b[2J\\x00\\u202e" in result.learner_output


def test_same_seed_draws_the_same_inputs(pool: Pool, code_lab: LabSpec) -> None:
    code = (HERE / "269_prints_hidden_inputs.py").read_text()

    first = run_code(code_lab, code, seed=11, pool=pool)
    again = run_code(code_lab, code, seed=11, pool=pool)
    other = run_code(code_lab, code, seed=12, pool=pool)

    assert first.operator_output == again.operator_output
    assert first.operator_output != other.operator_output


def test_half_is_explained_as_keys_without_values(
    pool: Pool, code_lab: LabSpec
) -> None:
    code = (HERE / "013_missing_factor_2.py").read_text()

    result = run_code(code_lab, code, seed=3, pool=pool)

    example = result.cases[0]
    assert example.called.startswith("kv_cache_gib(32, 8, 128, 2048")
    assert example.returned == "1.0"
    assert "both keys and values" in example.feedback


def test_traceback_is_cut_to_own_lines(pool: Pool, code_lab: LabSpec) -> None:
    code = "def kv_cache_gib(*a, **k):\n    return helper()\ndef helper():\n    return 1 / 0\n"

    result = run_code(code_lab, code, seed=3, pool=pool)

    assert "line 4: return 1 / 0" in result.cases[0].feedback
    assert "child.py" not in json.dumps(result.as_json())


def test_trying_runs_only_what_is_visible(pool: Pool, code_lab: LabSpec) -> None:
    code = code_lab.reference

    result = run_code(code_lab, code, seed=3, pool=pool, visible_only=True)

    assert [case.name for case in result.cases] == [c.name for c in code_lab.examples]
    assert [case.returned for case in result.cases] == ["2.0", "16.0", "32.0"]
