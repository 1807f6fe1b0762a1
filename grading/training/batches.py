"""From units of text to the tensors that the network reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from grading.core.sentences import split_sentences
from grading.core.text import normalise
from grading.training.compose import Unit
from grading.training.network import Reading

MAX_SHARED, MAX_CRITERION, MAX_QUESTION = 384, 64, 64  # tokens
CLS, SEP = 101, 102


@dataclass(slots=True, kw_only=True)
class Batch:
    """What the network reads and what it should say.

    Attributes:
        allowed: (C, 4) how much each class explains the label.
        weight: (C,) how far the label is trusted.
        tags: (C, J) tag of each sentence, -1 where unknown.
    """

    reading: Reading
    allowed: Tensor
    weight: Tensor
    tags: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedText:
    """Question and answer as tokens, and the sentence of each token."""

    ids: list[int]
    sentence_of: list[int]
    spans: list[tuple[int, int]]


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load the encoder's tokenizer without its own cutting and padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def shared_text(tokenizer: Tokenizer, question: str, answer: str) -> SharedText:
    """Give question and answer as one run of tokens with sentences marked."""
    asks = tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION]
    ids = [CLS, *asks, SEP]
    sentence_of = [-1] * len(ids)
    spans = []
    for sentence in split_sentences(answer):
        tokens = tokenizer.encode(sentence.text, add_special_tokens=False).ids
        if not tokens or len(ids) + len(tokens) + 1 > MAX_SHARED:
            continue
        ids += tokens
        sentence_of += [len(spans)] * len(tokens)
        spans.append((sentence.start, sentence.end))
    return SharedText(ids=[*ids, SEP], sentence_of=[*sentence_of, -1], spans=spans)


def criterion_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """Give a criterion's tokens, cut to what the network reads."""
    tokens = tokenizer.encode(text, add_special_tokens=False).ids[: MAX_CRITERION - 2]
    return [CLS, *tokens, SEP]


def as_batch(tokenizer: Tokenizer, units: Sequence[Unit]) -> Batch:
    """Give a batch of units."""
    texts = [
        shared_text(
            tokenizer, normalise(unit.question).text, normalise(unit.answer).text
        )
        for unit in units
    ]
    asked = [(k, one) for k, unit in enumerate(units) for one in unit.asked]
    rows = [criterion_ids(tokenizer, normalise(one.text).text) for _, one in asked]
    most = max(1, max(len(text.spans) for text in texts))
    tags = torch.full((len(asked), most), -1)
    for row, (k, one) in enumerate(asked):
        for place, tag in enumerate(_tags_of(texts[k].spans, one.tags)):
            tags[row, place] = tag
    reading = Reading(
        shared_ids=_padded([text.ids for text in texts], 0),
        sentence_of=_padded([text.sentence_of for text in texts], -1),
        criterion_ids=_padded(rows, 0),
        unit_of=torch.tensor([k for k, _ in asked]),
        sentences=most,
    )
    return Batch(
        reading=reading,
        allowed=torch.tensor([one.allowed for _, one in asked]),
        weight=torch.tensor([one.weight for _, one in asked]),
        tags=tags,
    )


def _tags_of(
    spans: Sequence[tuple[int, int]], known: Sequence[tuple[int, int, int]]
) -> list[int]:
    """Give each sentence the tag of the one piece it lies in, -1 if unknown."""
    tags = []
    for start, end in spans:
        inside = [tag for a, b, tag in known if a <= start and end <= b + 1]
        tag = inside[0] if inside else -1
        if tag > 0:
            piece = next((a, b) for a, b, t in known if a <= start and end <= b + 1)
            alone = sum(piece[0] <= s and e <= piece[1] + 1 for s, e in spans) == 1
            tag = tag if alone else -1
        tags.append(tag)
    return tags


def _padded(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
    """Give rows of different lengths as one tensor."""
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])
