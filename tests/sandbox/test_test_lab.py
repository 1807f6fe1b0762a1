"""Learners' tests against right and broken programs."""

import pytest

from labs.core.spec import LabSpec
from labs.core.verdict import RunResult, Verdict
from labs.pool import Pool
from labs.run_tests import run_tests

HEAD = "import pytest\nfrom kv_cache import kv_cache_gib\n"
HAPPY = HEAD + (
    "def test_short_chat():\n"
    "    assert kv_cache_gib(32, 8, 128, 2048, batch_size=8) == pytest.approx(2.0)\n"
)


def judge(code: str, lab: LabSpec, pool: Pool) -> RunResult:
    return run_tests(lab, code, seed=5, pool=pool)


def test_reference_tests_catch_every_mutant(test_lab: LabSpec, pool: Pool) -> None:
    result = judge(test_lab.reference, test_lab, pool)

    assert result.verdict is Verdict.PASSED
    assert result.score_share == 1.0
    assert sum(case.kind == "mutant" for case in result.cases) >= 15


def test_happy_path_earns_some_and_learns_the_kind_of_the_rest(
    test_lab: LabSpec, pool: Pool
) -> None:
    result = judge(HAPPY, test_lab, pool)

    caught = {case.name for case in result.cases if case.passed}
    assert result.verdict is Verdict.FAILED
    assert 0.1 < result.score_share < 0.7
    assert "forgets the factor two" in caught
    survived = next(c for c in result.cases if c.name == "accepts bools")
    assert "bool is a subclass of int" in survived.feedback
    assert "isinstance" not in survived.feedback


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (HEAD + "def test_x():\n    assert False\n", "fails on a right program"),
        (HEAD + "def test_x():\n    assert kv_cache_gib(1, 1, 1, 1) > 1\n", "line 4"),
        (HEAD + "def helper():\n    pass\n", "No test was found"),
        (
            HEAD + "import random\n" + "".join(
                f"def test_{n}():\n    assert random.random() < 0.5\n" for n in range(40)
            ),
            "Flaky",
        ),
        (
            HEAD + "S = []\ndef test_a():\n    S.append(1)\n"
            + "".join(f"def test_b{n}():\n    assert S\n" for n in range(30)),
            "Flaky",
        ),
    ],
)  # fmt: skip
def test_bad_suites_do_not_pass_the_gate(
    code: str, says: str, test_lab: LabSpec, pool: Pool
) -> None:
    result = judge(code, test_lab, pool)

    assert result.score_share == 0.0
    assert result.verdict is Verdict.FAILED
    assert says in result.message
    assert all(c.verdict is None for c in result.cases if c.kind == "mutant")


@pytest.mark.parametrize(
    ("tail", "verdict"),
    [
        ("while True: pass", Verdict.TIME_LIMIT),
        ("import os; os._exit(1)", Verdict.CRASHED),
        ("x = bytearray(1 << 32)", Verdict.MEMORY_LIMIT),
    ],
)
def test_a_suite_that_does_not_end_on_a_mutant_catches_nothing(
    tail: str, verdict: Verdict, test_lab: LabSpec, pool: Pool
) -> None:
    code = HEAD + (
        "def test_second():\n"
        "    if kv_cache_gib(32, 8, 128, 2048, batch_size=8) != 2.0:\n"
        f"        {tail}\n"
    )

    result = judge(code, test_lab, pool)

    assert result.verdict is verdict
    assert all(not c.passed for c in result.cases if c.verdict is verdict)
    assert any(c.verdict is None for c in result.cases)


@pytest.mark.parametrize(
    "code",
    [
        # The shim told to report failures, or nothing, whatever happened.
        HEAD + "import testshim\n"
        "testshim.run = lambda *a: [['test_a', 'AssertionError: x', 1]]\n"
        "def test_a(): pass\n",
        HEAD + "import testshim\n"
        "testshim.run = lambda *a: [['test_a', '', 0]]\n"
        "def test_a(): pass\n",
        HEAD + "import os\nos.write(4, b'2|{}')\ndef test_a(): pass\n",
        HEAD + "import sys\nsys.exit(0)\n",
        HEAD + "def test_a():\n    for i in range(10**9): kv_cache_gib(1, 1, 1, 1)\n",
    ],
)
def test_forged_reports_earn_nothing(code: str, test_lab: LabSpec, pool: Pool) -> None:
    result = judge(code, test_lab, pool)

    assert result.verdict is not Verdict.PASSED
    assert result.score_share == 0.0


def test_usual_ways_to_write_tests_work(test_lab: LabSpec, pool: Pool) -> None:
    code = (
        HEAD
        + """
import unittest
@pytest.fixture
def layers(): return 32
@pytest.mark.parametrize("bad", [True, "3", None, 2.5], ids=str)
@pytest.mark.parametrize("name", ["layers", "tokens"])
def test_types(name, bad):
    good = dict(layers=2, kv_heads=2, head_dim=2, tokens=2)
    with pytest.raises(TypeError):
        kv_cache_gib(**{**good, name: bad})
class TestSizes:
    def setup_method(self): self.dim = 128
    def test_two(self, layers): assert kv_cache_gib(layers, 8, self.dim, 2048, 8) == 2
    @pytest.mark.slow
    def test_zero(self): assert kv_cache_gib(1, 1, 1, 0) == 0
class Old(unittest.TestCase):
    def test_negative(self):
        with self.assertRaises(ValueError): kv_cache_gib(1, 1, 1, -1)
@pytest.mark.skip(reason="later")
def test_later(): assert False
def test_call_form(): pytest.raises(ValueError, kv_cache_gib, 0, 1, 1, 1)
"""
    )

    tried = run_tests(test_lab, code, seed=5, pool=pool, visible_only=True)
    result = judge(code, test_lab, pool)

    assert tried.verdict is Verdict.PASSED
    assert len(tried.cases) == 12
    assert result.score_share > 0.4


def test_tests_that_hear_nothing_new_are_not_run_again(
    test_lab: LabSpec, pool: Pool
) -> None:
    weak = judge(HAPPY, test_lab, pool)
    full = judge(test_lab.reference, test_lab, pool)

    assert full.timings["boxes"] == 6 + len(test_lab.mutants)
    assert weak.timings["boxes"] < 6 + len(test_lab.mutants) - 10
    assert weak.score_share > 0


def test_random_inputs_are_run_against_every_mutant(
    test_lab: LabSpec, pool: Pool
) -> None:
    code = HEAD + (
        "import random\n"
        "def test_double():\n"
        "    t = random.randint(1, 10**6)\n"
        "    assert kv_cache_gib(1, 1, 2, 2 * t) == 2 * kv_cache_gib(1, 1, 2, t)\n"
    )

    result = judge(code, test_lab, pool)

    assert result.timings["boxes"] == 6 + len(test_lab.mutants)
    caught = {c.name for c in result.cases if c.kind == "mutant" and c.passed}
    assert "off by one in tokens" in caught
