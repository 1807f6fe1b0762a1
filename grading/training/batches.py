"""From units of text to the tensors that the network reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from grading.core.text import normalise
from grading.network import Reading
from grading.tokens import criterion_ids, padded, shared_texts
from grading.training.compose import Unit

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


def as_batch(tokenizer: Tokenizer, units: Sequence[Unit]) -> Batch:
    """Give a batch of units."""
    texts = [
        shared_texts(
            tokenizer, normalise(unit.question).text, normalise(unit.answer).text
        )[0]
        for unit in units
    ]
    spans = [[(s.start, s.end) for s in text.sentences] for text in texts]
    asked = [(k, one) for k, unit in enumerate(units) for one in unit.asked]
    rows = [criterion_ids(tokenizer, normalise(one.text).text) for _, one in asked]
    most = max(1, max(len(text.sentences) for text in texts))
    tags = torch.full((len(asked), most), -1)
    for row, (k, one) in enumerate(asked):
        for place, tag in enumerate(_tags_of(spans[k], one.tags)):
            tags[row, place] = tag
    reading = Reading(
        shared_ids=torch.tensor(padded([text.ids for text in texts], 0)),
        sentence_of=torch.tensor(padded([text.sentence_of for text in texts], -1)),
        criterion_ids=torch.tensor(padded(rows, 0)),
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
