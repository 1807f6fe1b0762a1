"""From signals to a finding, and to the words that are shown for it."""

from dataclasses import replace

import numpy as np
import pytest

from grading.core.calibration import (
    FEATURES,
    SHORT_FEATURES,
    Calibration,
    from_json,
)
from grading.core.evidence import Signal
from grading.core.finding import Finding
from grading.core.keywords import Words
from grading.core.pairs import Wordings, pair_up
from grading.core.rubric import Criterion, Rubric
from grading.core.score import Score
from grading.core.sentences import split_sentences
from grading.core.signals import JudgeSays, looked_at, manner_of, signals_of
from grading.core.text import normalise
from grading.core.trees import LEAF, Trees, trees_from
from grading.core.weigh import decide, decided_again, leans_against, reach, weigh
from grading.judge import MOST_SENTENCES, MOST_TOKENS, brought_together, windows_of

ANSWER = "Trees are green. The cache grows with every token. It never shrinks."
CRITERION = Criterion(
    id="grows",
    says="It grows with the tokens",
    keywords=(("cache",), ("grows",)),
    references=("Twice the tokens, twice the cache.", "Each token adds to the cache."),
    misconceptions=("It stays the same.",),
)


def calibration(bare: Calibration | None = None) -> Calibration:
    """Give one that believes the judge: missing, met and contradicted as it says."""
    return Calibration(
        mean=np.full(len(FEATURES), -6.0),
        credit=believes("-judge_missing", "judge_met"),
        contradicted=believes("judge_contradicted"),
        review_below=0.5,
        bare=bare,
    )


def believes(*names: str, of: tuple[str, ...] = FEATURES) -> Trees:
    """Give, for each name, one tree that says yes from an even chance on; - says no."""
    count = len(names)
    plain = [name.removeprefix("-") for name in names]
    signs = [-1.0 if name.startswith("-") else 1.0 for name in names]
    leaves = [LEAF, LEAF]
    return trees_from(
        {
            "roots": [[3 * k] for k in range(count)],
            "feature": [n for name in plain for n in (of.index(name), *leaves)],
            "threshold": [0.0] * 3 * count,
            "left": [n for k in range(count) for n in (3 * k + 1, 0, 0)],
            "right": [n for k in range(count) for n in (3 * k + 2, 0, 0)],
            "value": [n for sign in signs for n in (0.0, -4 * sign, 4 * sign)],
        },
        outputs=count,
        features=len(of),
    )


def judged(
    classes: tuple[float, ...],
    pointers: tuple[float, ...],
    criterion: Criterion,
    familiar: frozenset[str] = frozenset(),
    close: tuple[float, ...] | None = None,
) -> Score:
    plain = normalise(ANSWER)
    sentences = split_sentences(plain.text)
    wrong = [[0.1, 0.1, 0.9]] if criterion.misconceptions else np.zeros((0, 3))
    wordings = Wordings(
        right=np.array([[0.1, 0.9, 0.1]] * (1 + len(criterion.references)), np.float32),
        wrong=np.array(wrong, np.float32),
    )
    vectors = np.eye(3, dtype=np.float32)
    rubric = Rubric(title="Cache", asks="How does it grow?", criteria=(criterion,))
    return weigh(
        rubric,
        plain=plain,
        sentences=sentences,
        pairs=[pair_up(criterion, wordings, Words(sentences), vectors)],
        judge=JudgeSays(classes=np.array([classes]), pointers=np.array([pointers])),
        close=None if close is None else np.array(close),
        calibration=replace(calibration(), familiar=familiar),
    )


def shown(score: Score, signal: Signal) -> list[str]:
    return [
        ANSWER[e.span.start : e.span.end]
        for e in score.criteria[0].evidence
        if e.signal is signal
    ]


def test_a_made_point_shows_the_sentence_that_the_judge_points_at() -> None:
    score = judged((0.02, 0.02, 0.95, 0.01), (0.05, 0.9, 0.02, 0.03), CRITERION)

    assert score.criteria[0].finding is Finding.MET
    assert shown(score, Signal.JUDGE) == ["The cache grows with every token."]
    assert shown(score, Signal.REFERENCE) == ["The cache grows with every token."]
    assert shown(score, Signal.KEYWORD) == ["cache", "grows"]


def test_a_second_sentence_is_shown_when_it_matters_half_as_much() -> None:
    score = judged((0.02, 0.02, 0.95, 0.01), (0.01, 0.6, 0.35, 0.04), CRITERION)

    assert len(shown(score, Signal.JUDGE)) == 2


def test_a_contradicted_point_shows_its_sentence_and_earns_nothing() -> None:
    score = judged((0.03, 0.01, 0.01, 0.95), (0.01, 0.02, 0.95, 0.02), CRITERION)

    criterion = score.criteria[0]
    assert criterion.finding is Finding.CONTRADICTED
    assert (criterion.probability, criterion.deduction) == (0.0, 8.0)
    assert shown(score, Signal.JUDGE) == ["It never shrinks."]
    assert shown(score, Signal.MISCONCEPTION) == ["It never shrinks."]


def test_without_misconceptions_no_misconception_is_shown() -> None:
    bare = Criterion(id="grows", says="It grows", references=CRITERION.references)

    score = judged((0.03, 0.01, 0.01, 0.95), (0.95, 0.02, 0.01, 0.02), bare)

    assert shown(score, Signal.MISCONCEPTION) == []


@pytest.mark.parametrize(
    ("shares", "places"),
    [
        ((0.1, 0.6, 0.25, 0.05), (1,)),
        ((0.32, 0.6, 0.05, 0.03), (1, 0)),
        ((0.05, 0.05, 0.0, 0.9), (0, 1)),  # though it points nowhere most of all
        ((0.4, 0.6), (0,)),
    ],
)
def test_a_second_sentence_is_looked_at_when_it_matters_half_as_much(
    shares: tuple[float, ...], places: tuple[int, ...]
) -> None:
    assert looked_at(np.array(shares)) == places


def test_a_missing_point_shows_nothing() -> None:
    score = judged((0.97, 0.01, 0.01, 0.01), (0.2, 0.2, 0.2, 0.4), CRITERION)

    assert score.criteria[0].finding is Finding.MISSING
    assert score.criteria[0].evidence == ()


@pytest.mark.parametrize(("cosine", "part"), [(0.1, 0.0), (0.15, 0.5), (0.5, 1.0)])
def test_what_resembles_no_right_wording_is_out_of_reach(
    cosine: float, part: float
) -> None:
    assert reach({"has_references": 1.0, "reference": cosine}) == pytest.approx(part)


def test_a_score_can_be_decided_again_without_a_signal() -> None:
    score = judged((0.02, 0.02, 0.95, 0.01), (0.05, 0.9, 0.02, 0.03), CRITERION)
    judge = frozenset(["judge_missing", "judge_partly", "judge_met"])

    same = decided_again(score, calibration())
    without = decided_again(score, calibration(), judge)

    assert same.value == score.value
    assert without.criteria[0].probability == pytest.approx(0.5)  # half of it
    assert score.criteria[0].probability > 0.97
    assert without.criteria[0].evidence == score.criteria[0].evidence


def test_criteria_without_keywords_are_judged_by_their_own_numbers() -> None:
    signals = {**dict.fromkeys(FEATURES, 0.5), "judge_met": 0.95, "alone": 0.0}
    signals["judge_contradicted"] = 0.05
    against = calibration(bare=calibration())
    against.credit.value[:] = 0

    bare = decide({**signals, "has_keywords": 0.0}, against)
    full = decide({**signals, "has_keywords": 1.0}, against)

    assert bare.credit > full.credit == 0.5


def test_a_criterion_alone_is_judged_by_the_close_reading() -> None:
    short = Calibration(
        names=SHORT_FEATURES,
        mean=np.zeros(len(SHORT_FEATURES)),
        credit=believes("-close_missing", "close_met", of=SHORT_FEATURES),
        contradicted=believes("close_contradicted", of=SHORT_FEATURES),
        review_below=0.5,
    )
    signals = {**dict.fromkeys((*FEATURES, *SHORT_FEATURES), 0.05), "judge_met": 0.95}
    signals |= {"close_missing": 0.95, "reference": 0.9, "has_keywords": 1.0}
    known = replace(calibration(), short=short)

    alone = decide({**signals, "alone": 1.0}, known)
    beside = decide({**signals, "alone": 0.0}, known)

    assert alone.credit < 0.1
    assert beside.credit > 0.9


@pytest.mark.parametrize(("judge_met", "named"), [(0.3, True), (0.6, False)])
def test_no_contradiction_is_named_where_the_judge_takes_the_point_for_made(
    judge_met: float, named: bool
) -> None:
    sure = replace(calibration(), contradicted=believes("judge_missing"))
    signals = {**dict.fromkeys(FEATURES, 0.5), "alone": 0.0, "has_keywords": 1.0}
    signals |= {"judge_missing": 0.9, "judge_met": judge_met}
    signals |= {"judge_contradicted": 0.5, "judge_partly": 0.1}

    said = decide(signals, sure)

    assert said.contradicted > 0.9
    assert (said.finding is Finding.CONTRADICTED) == named


def test_where_there_is_a_close_reading_it_says_which_way_a_point_leans() -> None:
    judge = {"judge_met": 0.9, "judge_contradicted": 0.1}

    assert leans_against({**judge, "close_met": 0.2, "close_contradicted": 0.7})
    assert not leans_against({**judge, "close_met": 0.7, "close_contradicted": 0.2})
    assert leans_against(judge, frozenset({"judge_met"}))


def test_a_criterion_is_familiar_by_its_statement_alone() -> None:
    classes, pointers = (0.02, 0.02, 0.95, 0.01), (0.05, 0.9, 0.02, 0.03)
    known = frozenset({CRITERION.fingerprint})
    reworded = replace(CRITERION, says="It grows with the batch")
    retagged = replace(CRITERION, id="other", keywords=())

    found = [
        judged(classes, pointers, one, known).criteria[0].signals["familiar"]
        for one in (CRITERION, reworded, retagged)
    ]

    assert found == [1.0, 0.0, 1.0]
    assert judged(classes, pointers, CRITERION).criteria[0].signals["familiar"] == 0


def test_what_each_reader_says_lands_under_its_own_name() -> None:
    judge, close = (0.1, 0.2, 0.3, 0.4), (0.4, 0.3, 0.2, 0.1)

    signals = judged(judge, (0.05, 0.9, 0.02, 0.03), CRITERION, close=close).criteria[0]

    names = ("missing", "partly", "met", "contradicted")
    found = [
        signals.signals[f"{reader}_{n}"] for reader in ("judge", "close") for n in names
    ]
    assert found == [*judge, *close]
    assert signals.signals["used"] == 0.3333
    assert signals.signals["covered"] == 1.0
    assert signals.signals["wordings"] == 3
    assert signals.signals["statement_words"] == 5
    assert signals.signals["question_words"] == 4
    assert signals.signals["asked_share"] == 0.5  # "grows", not "tokens"
    assert signals.signals["in_order"] == 0.6  # "grows with token", not "it" and "the"


@pytest.mark.parametrize(
    ("missing", "silent"), [((0.3,), [0.0]), ((0.2, 0.8, 0.4), [0.6, 0.3, 0.5])]
)
def test_a_criterion_knows_how_silent_the_answer_is_on_the_others(
    missing: tuple[float, ...], silent: list[float]
) -> None:
    rubric = Rubric(
        title="Cache",
        asks="How does it grow?",
        criteria=tuple(replace(CRITERION, id=str(k)) for k in range(len(missing))),
    )
    words = Words(split_sentences(normalise(ANSWER).text))
    wordings = Wordings(
        right=np.eye(3, dtype=np.float32), wrong=np.zeros((0, 3), np.float32)
    )
    paired = pair_up(CRITERION, wordings, words, np.eye(3, dtype=np.float32))
    judge = JudgeSays(
        classes=np.array([(chance, 0, 1 - chance, 0) for chance in missing]),
        pointers=np.full((len(missing), 4), 0.25),
    )
    manner = manner_of(rubric, normalise(ANSWER))

    found = [
        signals_of(one, place, paired, judge, None, manner, familiar=False)
        for place, one in enumerate(rubric.criteria)
    ]

    assert [signals["silent_elsewhere"] for signals in found] == silent


def test_no_more_is_made_whole_than_by_half() -> None:
    signals = {**dict.fromkeys(FEATURES, 0.5), "alone": 0.0, "has_keywords": 1.0}
    signals |= {"judge_missing": 0.9, "judge_met": 0.9}  # no half, and yet all of it

    assert decide(signals, calibration()).credit < 0.02


def test_without_a_close_reading_there_is_no_signal_of_it() -> None:
    score = judged((0.1, 0.2, 0.3, 0.4), (0.05, 0.9, 0.02, 0.03), CRITERION)

    assert not [name for name in score.criteria[0].signals if "close" in name]


def test_a_calibration_for_other_signals_is_refused() -> None:
    with pytest.raises(ValueError, match="other features"):
        from_json({"features": ["judge_met"]})
    with pytest.raises(ValueError, match="other features"):
        from_json({"features": list(SHORT_FEATURES)})  # those of a single criterion


@pytest.mark.parametrize(("cosine", "seen"), [(0.3, False), (0.5, True)])
def test_a_misconception_that_nothing_comes_near_is_out_of_sight(
    cosine: float, seen: bool
) -> None:
    wordings = Wordings(
        right=np.array([[1, 0, 0]], np.float32),
        wrong=np.array([[0, 0, cosine]], np.float32),
    )
    words = Words(split_sentences(normalise(ANSWER).text))

    paired = pair_up(CRITERION, wordings, words, np.eye(3, dtype=np.float32))

    assert paired.is_misconception_in_sight == seen
    assert paired.has_misconceptions


def test_references_come_with_the_nearest_first() -> None:
    wordings = Wordings(
        right=np.array([[1, 0, 0], [0, 0.2, 0], [0.5, 0, 0.6]], np.float32),
        wrong=np.zeros((0, 3), np.float32),
    )
    words = Words(split_sentences(normalise(ANSWER).text))

    paired = pair_up(CRITERION, wordings, words, np.eye(3, dtype=np.float32))

    assert paired.references == (1, 0)


def test_windows_hold_every_sentence_once_and_no_more_than_allowed() -> None:
    sentences = [np.full((length, 1), k) for k, length in enumerate([128] * 47)]

    windows = windows_of(sentences)

    assert [int(s[0, 0]) for window in windows for s in window] == list(range(47))
    assert max(sum(len(s) for s in window) for window in windows) <= MOST_TOKENS


def test_one_sentence_too_many_is_not_judged_alone() -> None:
    sentences = [np.zeros((5, 1))] * (MOST_SENTENCES + 1)

    assert [len(window) for window in windows_of(sentences)] == [21, 20]


def test_each_criterion_takes_the_window_that_says_most_of_it() -> None:
    first = JudgeSays(
        classes=np.array([[0.9, 0.0, 0.1, 0.0], [0.1, 0.0, 0.9, 0.0]]),
        pointers=np.array([[0.2, 0.3, 0.5], [0.8, 0.1, 0.1]]),
    )
    second = JudgeSays(
        classes=np.array([[0.2, 0.0, 0.8, 0.0], [0.7, 0.0, 0.3, 0.0]]),
        pointers=np.array([[0.9, 0.1], [0.3, 0.7]]),
    )

    both = brought_together([first, second])

    assert both.classes[:, 2].tolist() == [0.8, 0.9]
    assert both.pointers.tolist() == [[0, 0, 0.9, 0.1], [0.8, 0.1, 0, 0.1]]
