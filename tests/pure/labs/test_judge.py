"""From outcomes to verdicts, and what is said of a wrong one."""

from fractions import Fraction
from typing import Any

import pytest

from labs.core.authored import ContentError
from labs.core.compare import Expected, matches
from labs.core.draw import Chance
from labs.core.feedback import clean, explain
from labs.core.judge import bank_of, judge_calls, plan_calls
from labs.core.load import load_lab
from labs.core.mutants import edited, unstable_tests
from labs.core.protocol import Other, Raised
from labs.core.spec import Diagnosis, LabSpec
from labs.core.verdict import Verdict, share_passed, worst

LAB = """function: double
positional: [x]
named: [by]
relative: 1.0e-9
cases:
  - {name: two, visible: true, call: {x: 1}, gives: 2}
  - {name: hidden, call: {x: 5, by: 3}, weight: 2}
  - {name: refuses text, call: {x: "1"}, raises: TypeError}
drawn:
  - {name: many, count: 6, call: {x: {int: [1, 900]}, by: {choice: [2, 3, 4]}}}
diagnoses:
  - {ratio: 0.5, says: half}
  - {over: by, says: forgot by}
hints: [think]
"""


def lab(**files: str) -> LabSpec:
    base = {"lab.yaml": LAB, "starter.py": "pass", "reference.py": "pass"}
    return load_lab({**base, **files})


def right(arguments: Any) -> Any:
    if isinstance(arguments["x"], str):
        return Raised("TypeError", False, "", ())
    return arguments["x"] * arguments.get("by", 2)


def raised(name: str) -> Raised:
    return Raised(name, False, "message", (2,))


def test_right_answers_pass_every_case() -> None:
    spec = lab()
    plan = plan_calls(spec, bank_of(spec, right, 40), 1, visible_only=False)

    cases = judge_calls(
        spec, plan, [right(c.arguments) for c in plan.calls], code="", ended=None
    )

    assert worst(c.verdict for c in cases) is Verdict.PASSED
    assert [c.name for c in cases][-1] == "The same call gives the same answer again"
    assert share_passed(cases) == 1.0


def test_examples_come_before_anything_hidden() -> None:
    spec = lab()

    plan = plan_calls(spec, bank_of(spec, right, 40), 1, visible_only=False)

    assert [c.hidden for c in plan.calls[:2]] == [False, True]
    assert len(plan.calls) == 1 + 2 + 6 + 8  # example, hidden, drawn, repeats


def test_drawn_calls_come_in_pairs_that_differ_in_one_argument() -> None:
    spec = lab()
    plan = plan_calls(spec, bank_of(spec, right, 40), 3, visible_only=False)
    drawn = [c.arguments for c in plan.calls if c.group == 3][:6]

    close = [
        sum(a[k] != b[k] for k in a) == 1 for a in drawn for b in drawn if a is not b
    ]
    assert any(close)


def test_same_seed_same_plan_other_seed_other_plan() -> None:
    spec = lab()
    bank = bank_of(spec, right, 40)

    plans = [plan_calls(spec, bank, s, visible_only=False).calls for s in (1, 1, 2)]

    assert plans[0] == plans[1] != plans[2]


def test_hidden_calls_and_values_are_not_told() -> None:
    spec = lab()
    plan = plan_calls(spec, bank_of(spec, right, 40), 1, visible_only=False)

    cases = judge_calls(spec, plan, [41.5] * len(plan.calls), code="", ended=None)

    assert cases[0].called == "double(1)"
    assert cases[0].returned == "41.5"
    assert all(not c.called and not c.returned for c in cases if c.hidden)
    assert all("15" not in c.feedback for c in cases[1:2])


def test_a_run_that_ends_early_says_where() -> None:
    spec = lab()
    plan = plan_calls(spec, bank_of(spec, right, 40), 1, visible_only=False)

    cases = judge_calls(spec, plan, [2], code="", ended=(Verdict.TIME_LIMIT, "slow"))

    assert cases[0].passed
    verdicts = [c.verdict for c in cases[1:]]
    assert verdicts.count(Verdict.TIME_LIMIT) == 1
    assert verdicts.count(None) == len(verdicts) - 1


def test_a_reference_that_contradicts_the_lab_is_found() -> None:
    with pytest.raises(ValueError, match="two"):
        bank_of(lab(), lambda arguments: 3, 4)


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (15.0, "half"),  # 30 / 2
        (10, "forgot by"),  # 30 / 3
        (True, "a bool"),
        (None, "None"),
        ("30", "a str"),
        (Other("int"), "another type"),
        (float("nan"), "nan"),
        (float("inf"), "infinity"),
        (0, "zero"),
        (31, "too large"),
        (29, "too small"),
        (-30, "negative"),
        (raised("ZeroDivisionError"), "It raised ZeroDivisionError"),
        (raised("SystemExit"), "end the program"),
    ],
)
def test_the_kind_of_difference_is_named(got: Any, said: str) -> None:
    text = explain(
        got,
        Expected(value=30, relative=1e-9),
        {"x": 10, "by": 3},
        diagnoses=[
            Diagnosis(ratio=0.5, says="half"),
            Diagnosis(ratio=1, argument="by", power=-1, says="forgot by"),
        ],
        hint="a hint",
        code="one\ntwo",
        hidden=True,
    )

    assert said in text
    assert text.endswith("a hint")
    assert "message" not in text
    assert "30" not in text.replace("30 ", "")


def test_a_rounded_value_is_named() -> None:
    text = explain(
        2, Expected(value=2.5), {}, diagnoses=[], hint="", code="", hidden=True
    )

    assert "rounded down" in text


@pytest.mark.parametrize(
    ("got", "right_", "same"),
    [
        (2, 2.0, True),
        (Fraction(2), 2.0, True),
        (2.0 + 1e-9, 2.0, True),  # 1e-9 of error on 2: 5e-10
        (2.0 + 1e-8, 2.0, False),
        (True, 1, False),
        (float("nan"), float("nan"), False),
        (float("inf"), float("inf"), False),
        ([1, {"a": 2.0}], [1.0, {"a": 2}], True),
        ([1], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
        ("x", "x", True),
        (None, None, True),
        ("2", 2, False),
        (Other("float"), 2.0, False),
    ],
)
def test_values_are_compared_exactly(got: Any, right_: Any, same: bool) -> None:
    assert matches(got, Expected(value=right_, relative=1e-9)) is same


def test_exceptions_are_compared_by_built_in_type() -> None:
    wanted = Expected(raises="ValueError")

    assert matches(raised("ValueError"), wanted)
    assert matches(raised("UnicodeDecodeError"), wanted)
    assert not matches(raised("TypeError"), wanted)
    assert not matches(3, wanted)
    assert not matches(raised("ValueError"), Expected(value=3))


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("positional: [x]", "positional: 3"), 2, "list"),
        (("gives: 2}", "gives: 2, odd: 1}"), 6, "odd"),
        (("raises: TypeError", "raises: OSError"), 8, "OSError"),
        (("{int: [1, 900]}", "{int: [9, 1]}"), 10, "low, high"),
        (("{choice: [2, 3, 4]}", "{choice: []}"), 10, "choose"),
        (("over: by", "over: bye"), 13, "bye"),
        (("call: {x: 5, by: 3}", "call: {y: 5}"), 7, "y"),
    ],
)
def test_a_wrong_lab_file_is_named_with_its_line(
    change: tuple[str, str], line: int, said: str
) -> None:
    with pytest.raises(ContentError, match=said) as caught:
        lab(**{"lab.yaml": LAB.replace(*change)})

    assert (caught.value.file, caught.value.line) == ("lab.yaml", line)


def test_a_lab_without_its_files_is_refused() -> None:
    with pytest.raises(ContentError, match=r"starter\.py"):
        load_lab({"lab.yaml": LAB})


def test_mutants_are_edits_of_the_first_right_program() -> None:
    spec = lab(
        **{
            "right/1-plain.py": "a = 1\nb = 2\n",
            "mutants.yaml": '- {name: m, says: s, edits: [{find: "b = 2", put: "b = 3"}]}',
        }
    )

    assert spec.is_test_lab
    assert spec.mutants[0].code == "a = 1\nb = 3\n"
    assert edited("aa", "a", "b") is None


def test_an_edit_that_fits_nowhere_is_named() -> None:
    with pytest.raises(ContentError, match="exactly once"):
        lab(
            **{
                "right/1-plain.py": "a = 1\n",
                "mutants.yaml": '- {name: m, says: s, edits: [{find: "zz", put: "b"}]}',
            }
        )


def test_unstable_tests_are_those_that_end_differently() -> None:
    runs = [{"a": "", "b": "why", "c": ""}, {"a": "", "b": "", "c": ""}]

    assert unstable_tests(runs) == ("b",)


def test_what_is_shown_has_no_control_characters() -> None:
    assert clean("a\x1b[2J\u202eb\tc\n") == "a\\x1b[2J\\u202eb\tc\n"
    assert clean("x" * 30, 10) == "x" * 10 + "\n… clipped"
    assert clean("größe 漢字") == "größe 漢字"


def test_chance_is_the_same_everywhere() -> None:
    # Seeds are kept with runs, so these numbers must never change.
    chance = Chance("s", 1)

    assert [chance.below(100) for _ in range(5)] == [0, 99, 82, 95, 23]
    assert sorted(Chance(2).shuffled(range(9))) == list(range(9))
