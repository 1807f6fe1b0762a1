"""The close reader holds a claim against a wording, word by word."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from grading.close_network import CloseNetwork, face_to_face
from grading.close_reader import CloseReader, groups_of
from grading.core.errors import ModelIntegrityError
from grading.core.pairs import Pairs, Wordings
from grading.core.signals import JudgeSays
from grading.encoder import SentenceEncoder, checked_weights, matched_hash
from grading.facing import Facing
from grading.grader import Grader, Prepared, PreparedRubric, held_against
from grading.network import CLASSES, LOWER_LAYERS
from grading.reading import Role


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def reader() -> CloseReader:
    return CloseReader()


def states(tokens: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((tokens, 384), dtype=np.float32)


def test_pairs_lie_end_to_end_and_keep_their_parts() -> None:
    lines = face_to_face(
        [
            Facing(wording=states(3), said=[states(2)], question=states(4)),
            Facing(wording=states(5), said=[states(1), states(2)]),
        ]
    )

    assert lines.states.shape == (17, 384)
    says, said, asked = Role.SAYS, Role.ANSWER, Role.QUESTION
    first = [says] * 3 + [said] * 2 + [asked] * 4
    assert lines.roles.tolist() == [*first, *[says] * 5, *[said] * 3]
    assert lines.owners.tolist() == [0] * 9 + [1] * 8
    assert lines.rows.tolist() == [[*range(9)], [*range(9, 17), -1]]


def test_a_pair_is_read_alike_alone_and_beside_another() -> None:
    torch.manual_seed(0)
    network = CloseNetwork().eval()
    pairs = [
        Facing(wording=states(9, 1), said=[states(4, 2)]),
        Facing(wording=states(3, 3), said=[states(20, 4)], question=states(5, 5)),
    ]
    with torch.inference_mode():
        alone = torch.cat([network(face_to_face([pair])) for pair in pairs])
        beside = network(face_to_face(pairs))

    assert torch.allclose(alone, beside, atol=1e-5)


def test_it_starts_from_the_sentence_encoder() -> None:
    encoder = load_file(checked_weights())
    network = CloseNetwork()

    network.start_from(encoder)

    own = network.state_dict()
    prefix = f"encoder.layer.{LOWER_LAYERS}"
    assert torch.equal(
        own["layers.0.down.bias"], encoder[f"{prefix}.output.dense.bias"]
    )
    assert not own["role.weight"].any()


def test_what_speaks_to_a_claim_is_told_from_what_is_beside_it(
    encoder: SentenceEncoder, reader: CloseReader
) -> None:
    says = "Hot air rises because it is lighter than the cold air around it."
    same = "warm air weighs less than what surrounds it so up it goes"
    beside, asked = "Air is a gas.", "Why does a hot-air balloon rise?"
    wording, question, *said = encoder.read([says, asked, same, beside]).states

    found = reader.read(
        [Facing(wording=wording, said=[one], question=question) for one in said]
    )

    # Which way round the first is said it does not tell: docs/explanation/scoring.md.
    missing = found[:, CLASSES.index("missing")]
    assert missing[0] < 0.1
    assert missing[1] > 0.8
    assert np.allclose(found.sum(axis=1), 1)


def test_what_is_too_much_at_a_time_is_read_in_groups_in_its_order() -> None:
    pairs = [Facing(wording=states(600), said=[states(n)]) for n in (100, 200, 900, 1)]

    groups = groups_of(pairs)

    assert [len(group) for group in groups] == [2, 1, 1]
    assert [pair for group in groups for pair in group] == pairs


@pytest.mark.parametrize("noted", ["", "0" * 64, None])
def test_weights_that_are_not_the_measured_ones_are_refused(
    tmp_path: Path, noted: str | None
) -> None:
    weights = tmp_path / "some.safetensors"
    weights.write_bytes(b"weights")
    if noted is not None:
        weights.with_suffix(".sha256").write_text(noted)

    with pytest.raises(ModelIntegrityError, match=r"some\."):
        matched_hash(weights)


def prepared(references: int) -> Prepared:
    nothing = np.zeros((0, 384), np.float32)
    return Prepared(
        wordings=Wordings(right=nothing, wrong=nothing), says=states(6),
        right=tuple(states(7 + k) for k in range(references)),
    )  # fmt: skip


def paired(sentences: int, references: tuple[int, ...]) -> Pairs:
    none = np.zeros(sentences, np.float32)
    return Pairs(
        near=none, statement=none, far=none, hits=(), references=references,
        has_misconceptions=False,
    )  # fmt: skip


def test_what_the_judge_points_at_is_held_against_the_nearest_wordings() -> None:
    told = JudgeSays(
        classes=np.zeros((1, 4)), pointers=np.array([[0.4, 0.1, 0.5, 0.0]])
    )
    question = states(5)

    faced = held_against(
        PreparedRubric(question=question, criteria=(prepared(3),)),
        paired(3, (2, 0, 1)),
        told,
        [states(k) for k in (2, 3, 4)],
    )

    assert [len(pair.wording) for pair in faced] == [6, 9, 7]
    assert all([len(s) for s in pair.said] == [2, 4] for pair in faced)
    assert all(pair.question is question for pair in faced)


class Told:
    """Says of every wording what it was told to, and counts what it is asked."""

    def __init__(self, *chances: tuple[float, float, float, float]) -> None:
        self.chances = chances
        self.asked: list[Facing] = []

    def read(self, pairs: Sequence[Facing]) -> np.ndarray:
        self.asked += pairs
        return np.array(self.chances[: len(pairs)])


def closely(reader: Told, criteria: int) -> np.ndarray | None:
    unused: Any = None
    grader = Grader(
        encoder=unused, judge=unused, close_reader=reader,  # type: ignore[arg-type]
        calibration=unused, version="", identity={},
    )  # fmt: skip
    judge = JudgeSays(
        classes=np.zeros((criteria, 4)), pointers=np.array([[1.0, 0.0]] * criteria)
    )
    rubric = PreparedRubric(question=states(5), criteria=(prepared(1),) * criteria)
    return grader._closely(rubric, [paired(1, (0,))] * criteria, judge, [states(2)])


def test_of_several_wordings_the_one_counts_that_speaks_most_for_the_answer() -> None:
    against, for_it = (0.1, 0.1, 0.2, 0.6), (0.3, 0.1, 0.5, 0.1)

    for chances in ((against, for_it), (for_it, against)):
        found = closely(Told(*chances), criteria=1)
        assert found is not None
        assert tuple(found) == for_it


def test_rubrics_of_several_criteria_are_not_read_closely() -> None:
    reader = Told()

    assert closely(reader, criteria=2) is None
    assert reader.asked == []


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"out.weight": torch.zeros(2, 2)}, path)

    with pytest.raises(ModelIntegrityError, match="does not fit"):
        CloseReader(path)
