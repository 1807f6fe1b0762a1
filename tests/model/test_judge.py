"""The judge's network reads answers as it is told to."""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer

from grading.attention import attention_of, attention_of_one
from grading.core.signals import JudgeSays
from grading.encoder import MOST_TOKENS, SentenceEncoder, model_folder
from grading.judge import WEIGHTS, Judge, Shown
from grading.management.commands.train_judge import judges_of
from grading.network import Judged, JudgeNetwork
from grading.reading import Part, Reading, Role, lay_out


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


def test_the_encoder_gives_what_sentence_transformers_gives(
    encoder: SentenceEncoder,
) -> None:
    texts = ["The cache grows.", "no", "A somewhat longer sentence " * 30, "Wi-Fi, 5 %"]
    full = SentenceEncoder(rounded=False)
    plain = SentenceTransformer(str(model_folder()), device="cpu")
    plain.max_seq_length = MOST_TOKENS

    wanted = plain.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    assert np.abs(full.read(texts).vectors - wanted).max() < 1e-5
    # As scores go by it, the upper layers count in whole numbers.
    read = encoder.read(texts)
    assert (read.vectors * wanted).sum(axis=1).min() > 0.95
    for own, same in zip(read.states, full.read(texts).states, strict=True):
        assert np.array_equal(own, same)


def test_a_sentence_has_the_same_vector_alone_and_beside_others(
    encoder: SentenceEncoder,
) -> None:
    texts = ["The cache grows.", "A heap of terms: KV, GQA, MQA, PagedAttention!!"]

    alone = [encoder.read([text]).vectors[0] for text in texts]
    beside = encoder.read(texts).vectors

    assert np.allclose(alone, beside, atol=1e-5)


def states(tokens: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((tokens, 384), dtype=np.float32)


def test_every_token_has_one_slot_and_keeps_its_order() -> None:
    reading = lay_out(
        [
            [
                Part(states(4), Role.QUESTION),
                Part(states(3), Role.ANSWER),
                Part(states(5), Role.ANSWER),
                Part(states(2), Role.SAYS),
                Part(states(6), Role.MISCONCEPTION),
            ],
            [
                Part(states(3), Role.QUESTION),
                Part(states(2), Role.ANSWER),
                Part(states(4), Role.SAYS),
            ],
        ],
        [np.array([[-0.2, 0.0]]), np.array([[0.0]])],
    )

    assert sorted(reading.slots.tolist()) == sorted(set(reading.slots.tolist()))
    assert len(reading.slots) == 29
    assert reading.sentences.tolist() == [[1, 2], [6, -1]]
    assert reading.wordings.tolist() == [[3, -1, 4], [7, -1, -1]]
    assert reading.owners.tolist() == [0, 1]
    assert reading.places[:12].tolist() == [0] * 4 + [1] * 3 + [2] * 5
    assert reading.within[:12].tolist() == [-1] * 4 + [0] * 3 + [1] * 5
    assert np.allclose(reading.near, [[-0.2, 0.0], [0.0, 0.0]])


def test_an_answer_is_read_alike_alone_and_beside_another() -> None:
    torch.manual_seed(0)
    network = JudgeNetwork().eval()
    first = [
        Part(states(4, 1), Role.QUESTION),
        Part(states(9, 2), Role.ANSWER),
        Part(states(7, 3), Role.SAYS),
    ]
    second = [
        Part(states(6, 4), Role.QUESTION),
        Part(states(20, 5), Role.ANSWER),
        Part(states(5, 6), Role.ANSWER),
        Part(states(11, 7), Role.SAYS),
        Part(states(3, 8), Role.REFERENCE),
    ]
    near = [np.array([[0.0]]), np.array([[-0.5, 0.0]])]

    def classes(reading: Reading) -> torch.Tensor:
        judged: Judged = network(reading, attention_of(reading))
        return judged.classes

    with torch.inference_mode():
        alone = [
            classes(lay_out([parts], [own]))[0]
            for parts, own in zip((first, second), near, strict=True)
        ]
        beside = classes(lay_out([first, second], near))
        other = classes(lay_out([first, second], [near[0], near[1] * 0]))

    assert torch.allclose(torch.stack(alone), beside, atol=1e-5)
    assert torch.allclose(other[0], beside[0], atol=1e-5)
    assert not torch.allclose(other[1], beside[1], atol=1e-5)


def test_a_single_answer_is_read_alike_in_less_time() -> None:
    torch.manual_seed(0)
    network = JudgeNetwork().eval()
    parts = [
        Part(states(6, 1), Role.QUESTION),
        Part(states(20, 2), Role.ANSWER),
        Part(states(5, 3), Role.ANSWER),
        Part(states(11, 4), Role.SAYS),
        Part(states(3, 5), Role.REFERENCE),
        Part(states(4, 6), Role.SAYS),
        Part(states(9, 7), Role.SAYS),
    ]
    reading = lay_out([parts], [np.array([[0.0, -0.3], [-0.6, 0.0], [0.0, 0.0]])])

    with torch.inference_mode():
        wanted: Judged = network(reading, attention_of(reading))
        found: Judged = network(reading, attention_of_one(reading))

    assert torch.allclose(found.classes, wanted.classes, atol=1e-5)
    assert torch.allclose(found.pointers, wanted.pointers, atol=1e-4)


def test_no_criterion_sees_another(encoder: SentenceEncoder, judge: Judge) -> None:
    texts = [
        "How does the cache grow?",
        "Twice the tokens, twice the cache.",
        "It grows with the tokens",
        "Shared heads make it smaller",
    ]
    question, sentence, first, other = encoder.read(texts).states
    near = np.array([0.5])
    shown = [Shown(says=own, reference=None, near=near) for own in (first, other)]

    alone = judge.read(question, [sentence], shown[:1])
    beside = judge.read(question, [sentence], shown)

    assert np.allclose(alone.classes[0], beside.classes[0], atol=1e-5)


def test_every_window_is_told_how_near_its_own_sentences_are(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[float]] = []

    def window(
        question: object, sentences: list[object], criteria: object, near: np.ndarray
    ) -> JudgeSays:
        told.append(near[0].tolist())
        width = len(sentences) + 1
        return JudgeSays(
            classes=np.full((1, 4), 0.25), pointers=np.full((1, width), 1 / width)
        )

    monkeypatch.setattr(judge, "_window", window)
    near = np.arange(90) / 90
    shown = [Shown(says=states(2), reference=None, near=near)]

    judge.read(states(3), [states(2)] * 90, shown)

    assert len(told) > 1
    assert np.allclose([value for own in told for value in own], near - near.max())


def test_a_long_answer_is_read_in_windows_and_points_at_the_right_sentence(
    encoder: SentenceEncoder, judge: Judge
) -> None:
    padding = [f"On day {k} the team had lunch at noon." for k in range(60)]
    said = [*padding, "The cache gets twice as big when the context doubles."]
    read = encoder.read(
        [
            "How does the cache grow?",
            "The cache grows in proportion to the tokens",
            *said,
        ]
    )
    question, says, *sentences = read.states
    near = read.vectors[2:] @ read.vectors[1]
    shown = [Shown(says=says, reference=None, near=near)]

    told = judge.read(question, sentences, shown)

    assert told.pointers.shape == (1, 62)
    assert told.pointers[0, :-1].argmax() == 60


def test_the_judge_says_what_its_networks_say_on_average(
    encoder: SentenceEncoder,
) -> None:
    texts = [
        "How does the cache grow?",
        "Twice the tokens, twice the cache.",
        "It grows with the tokens",
    ]
    question, sentence, says = encoder.read(texts).states
    shown = [Shown(says=says, reference=None, near=np.array([0.5]))]

    apart = [Judge([own]).read(question, [sentence], shown) for own in WEIGHTS]
    both = Judge().read(question, [sentence], shown)

    assert len(apart) == 2
    assert not np.allclose(apart[0].classes, apart[1].classes, atol=1e-3)
    product = apart[0].classes * apart[1].classes
    wanted = np.sqrt(product) / np.sqrt(product).sum()
    assert np.allclose(both.classes, wanted)
    assert np.allclose(both.pointers, (apart[0].pointers + apart[1].pointers) / 2)


def test_a_training_goes_on_from_weights_or_from_the_encoder() -> None:
    first, second = judges_of(WEIGHTS, 1)
    (new,) = judges_of((), 1)

    for network, weights in zip((first, second), WEIGHTS, strict=True):
        kept = load_file(weights)
        assert torch.equal(network.out.weight, kept["out.weight"].float())
    assert not torch.equal(new.out.weight, first.out.weight)
    assert not new.role.weight.any()
