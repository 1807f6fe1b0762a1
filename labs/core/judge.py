"""Which calls a run makes, and what their outcomes are worth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labs.core.compare import Expected, matches
from labs.core.draw import Chance, draw_arguments
from labs.core.feedback import explain, shown_value, written_call
from labs.core.protocol import Raised
from labs.core.spec import Draw, LabSpec
from labs.core.verdict import CaseResult, Verdict

REPEATS = 8  # earlier calls that are made again, to catch state between calls
SAME_DRAWS = 20  # tries to draw another value than the first
AGAIN = "The same call gives the same answer again"
AGAIN_HINT = "Does anything outlive a call: a global, a cache, a changed default?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a run.

    Attributes:
        group: Index of the case that it belongs to; some have many calls.
        hidden: Whether the learner may see it.
    """

    group: int
    arguments: Mapping[str, Any]
    expected: Expected
    hidden: bool
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One case as it is reported: a single call, or a family of them."""

    name: str
    weight: float
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The cases of a run and its calls, in the order in which they are made."""

    groups: tuple[Group, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two calls that differ in one argument: a cache keyed without it is caught.

    Attributes:
        varies: Index of that argument in its family.
    """

    varies: int
    arguments: tuple[Mapping[str, Any], Mapping[str, Any]]
    expected: tuple[Expected, Expected]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """What the reference solution says: of the cases, and of many drawn inputs.

    Attributes:
        fixed: One for each case of the lab.
        drawn: For each family, pairs of calls to choose from.
    """

    fixed: tuple[Expected, ...]
    drawn: tuple[tuple["Pair", ...], ...]


def plan_calls(spec: LabSpec, bank: Bank, seed: int, *, visible_only: bool) -> Plan:
    """Choose a run's calls by its seed: examples first, hidden ones shuffled.

    Examples come first so that whatever is printed up to their end was printed
    before the code had seen any hidden input.
    """
    examples: list[Call] = []
    hidden: list[Call] = []
    groups: list[Group] = []
    for case, expected in zip(spec.cases, bank.fixed, strict=True):
        if case.hidden and visible_only:
            continue
        call = Call(
            group=len(groups),
            arguments=case.arguments,
            expected=expected,
            hidden=case.hidden,
            hint=case.hint,
        )
        groups.append(Group(name=case.name, weight=case.weight, hidden=case.hidden))
        (hidden if case.hidden else examples).append(call)
    if visible_only:
        return Plan(groups=tuple(groups), calls=tuple(examples))
    chance = Chance(spec.hash, seed)
    for family, pairs in zip(spec.generators, bank.drawn, strict=True):
        hidden += [
            Call(
                group=len(groups),
                arguments=arguments,
                expected=expected,
                hidden=True,
                hint=family.hint,
            )
            for pair in _choose(pairs, len(family.draws), family.count, chance)
            for arguments, expected in zip(pair.arguments, pair.expected, strict=True)
        ][: family.count]
        groups.append(Group(name=family.name, weight=family.weight, hidden=True))
    order = chance.shuffled(hidden)
    again = [
        Call(
            group=len(groups),
            arguments=call.arguments,
            expected=call.expected,
            hidden=True,
            hint=AGAIN_HINT,
        )
        for call in chance.shuffled([*examples, *order])[:REPEATS]
    ]
    groups.append(Group(name=AGAIN, weight=1.0, hidden=True))
    return Plan(groups=tuple(groups), calls=(*examples, *order, *again))


def _choose(
    pairs: Sequence[Pair], arguments: int, count: int, chance: Chance
) -> list[Pair]:
    """Give pairs for ``count`` calls, each argument varied as often as another."""
    kinds = chance.shuffled(
        [[pair for pair in pairs if pair.varies == k] for k in range(arguments)]
    )
    chosen: list[Pair] = []
    for turn in range((count + 1) // 2):
        kind = kinds[turn % len(kinds)]
        chosen.append(kind[chance.below(len(kind))])
    return chosen


def arguments_of(
    spec: LabSpec, arguments: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Give a call's arguments as they are passed: in order, and by name."""
    positional = [arguments[name] for name in spec.positional if name in arguments]
    named = {name: arguments[name] for name in spec.named if name in arguments}
    return positional, named


@dataclass(slots=True)
class _Tally:
    verdict: Verdict | None = None
    called: str = ""
    returned: str = ""
    feedback: str = ""
    missed: int = 0
    made: int = 0


def judge_calls(
    spec: LabSpec,
    plan: Plan,
    outcomes: Sequence[Any],
    *,
    code: str,
    ended: tuple[Verdict, str] | None,
) -> tuple[CaseResult, ...]:
    """Give a result for each case from what came back of its calls.

    Args:
        spec: The lab.
        plan: The calls that were to be made.
        outcomes: In the order of the plan's calls; fewer when the run ended early.
        code: What was run, to show its lines.
        ended: How the run ended before its last call, with a sentence.
    """
    tallies = [_Tally() for _ in plan.groups]
    for call, outcome in zip(plan.calls, outcomes, strict=False):
        _count(tallies[call.group], spec, call, outcome, code)
    if ended is not None and len(outcomes) < len(plan.calls):
        call = plan.calls[len(outcomes)]
        tally = tallies[call.group]
        tally.verdict, tally.feedback = ended
        if not call.hidden:
            tally.called = _written(spec, call)
    wanted = [sum(call.group == k for call in plan.calls) for k in range(len(tallies))]
    return tuple(
        _result(group, tally, whole=tally.made == count)
        for group, tally, count in zip(plan.groups, tallies, wanted, strict=True)
    )


def _written(spec: LabSpec, call: Call) -> str:
    return written_call(spec.function, *arguments_of(spec, call.arguments))


def _count(tally: _Tally, spec: LabSpec, call: Call, outcome: Any, code: str) -> None:
    tally.made += 1
    passed = matches(outcome, call.expected)
    tally.missed += not passed
    if not call.hidden:
        tally.called, tally.returned = _written(spec, call), shown_value(outcome)
    if passed or tally.verdict is Verdict.FAILED:
        tally.verdict = tally.verdict or Verdict.PASSED
        return
    tally.verdict = Verdict.FAILED
    tally.feedback = explain(
        outcome,
        call.expected,
        call.arguments,
        diagnoses=spec.diagnoses,
        hint=call.hint,
        code=code,
        hidden=call.hidden,
    )


def _result(group: Group, tally: _Tally, *, whole: bool) -> CaseResult:
    feedback, verdict = tally.feedback, tally.verdict
    if verdict is Verdict.PASSED and not whole:
        verdict = None
    if verdict is None:
        feedback = "Not run: the run had ended before it."
    elif tally.missed and tally.made > 1:
        feedback = f"{tally.missed} of {tally.made} calls. The first: {feedback}"
    return CaseResult(
        name=group.name,
        weight=group.weight,
        verdict=verdict,
        hidden=group.hidden,
        called=tally.called,
        returned=tally.returned,
        feedback=feedback,
    )


def bank_of(
    spec: LabSpec, ask: Callable[[Mapping[str, Any]], Any], per_family: int
) -> Bank:
    """Have the reference solution asked everything that runs may need.

    Args:
        spec: The lab.
        ask: Gives what the reference does with some arguments.
        per_family: How many drawn calls it answers for each family.

    Raises:
        ValueError: It contradicts a value that the lab gives, naming the case.
    """
    fixed = []
    for case in spec.cases:
        outcome = ask(case.arguments)
        if case.expected is not None and not matches(outcome, case.expected):
            raise ValueError(f"the reference solution fails {case.name!r}")
        fixed.append(case.expected or _expected(spec, outcome))
    chance = Chance(spec.hash, "bank")
    drawn = []
    for family in spec.generators:
        pairs = []
        for number in range(per_family // 2):
            varies = number % len(family.draws)
            both = _draw_pair(family.draws, varies, chance)
            says = (_expected(spec, ask(both[0])), _expected(spec, ask(both[1])))
            pairs.append(Pair(varies=varies, arguments=both, expected=says))
        drawn.append(tuple(pairs))
    return Bank(fixed=tuple(fixed), drawn=tuple(drawn))


def _draw_pair(
    draws: Mapping[str, Draw], varies: int, chance: Chance
) -> tuple[dict[str, Any], dict[str, Any]]:
    first = draw_arguments(draws, chance)
    name = list(draws)[varies]
    second = dict(first)
    for _ in range(SAME_DRAWS):
        second[name] = draw_arguments({name: draws[name]}, chance)[name]
        if second[name] != first[name]:
            break
    return first, second


def _expected(spec: LabSpec, outcome: Any) -> Expected:
    if isinstance(outcome, Raised):
        return Expected(raises=outcome.type_name)
    return Expected(value=outcome, relative=spec.relative)
