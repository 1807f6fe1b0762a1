"""Who reads whom: answers and the criteria that read them, or texts by themselves.

What attention adds to the scores before the softmax is the same in every layer, so it
is worked out once for all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from grading.reading import Reading

DIMENSIONS = 384
HEADS = 12
WIDE = DIMENSIONS // HEADS
UNKNOWN = -1e4  # added where there is nothing to read
# How much less each head reads of other texts than of its own, in log odds.
SHYNESS = (0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 6.0, 6.0)
# How much less a criterion's head reads of a sentence, in log odds, for each 1.0 of
# cosine that it is farther than the nearest one: every second head looks for it.
FOCUS = (0.0, 15.0) * 6

# From (tokens, 3 * 384) queries, keys and values to (tokens, 384) what was read.
Attention = Callable[[Tensor], Tensor]


@dataclass(slots=True)
class Bias:
    """What is added to attention: nothing within a text, less from other texts.

    Some heads look about freely, others keep to their own text, as every head of the
    sentence encoder did: so training starts from vectors that mean something.

    Attributes:
        context: (answers, heads, longest, longest).
        segments: (criteria, heads, longest segment, longest context and segment).
    """

    context: Tensor
    segments: Tensor


def bias_for(reading: Reading) -> Bias:
    """Give the attention bias of a batch."""
    shyness = reading.states.new_tensor(SHYNESS)[None, :, None, None]
    inside = reading.context >= 0
    texts = reading.texts[reading.context.clamp(min=0)]
    apart = (texts[:, :, None] != texts[:, None, :])[:, None].float()
    context = -shyness * apart
    context = context.masked_fill(~inside[:, None, None], UNKNOWN)
    known = inside[:, None, None].index_select(0, reading.owners)
    far = _focus(reading) - shyness
    own = (reading.segments >= 0)[:, None, None].expand(-1, HEADS, -1, -1)
    segments = torch.cat(
        [far.masked_fill(~known, UNKNOWN), torch.where(own, 0.0, UNKNOWN)], dim=-1
    ).expand(-1, -1, reading.segments.shape[1], -1)
    return Bias(context=context, segments=segments)


def _focus(reading: Reading) -> Tensor:
    """Give (criteria, heads, 1, longest context) what is added for the nearest."""
    tokens = reading.context.clamp(min=0)
    place = reading.within.index_select(0, tokens.flatten()).view(tokens.shape)
    own = place.index_select(0, reading.owners)
    near = reading.near.gather(1, own.clamp(min=0)).masked_fill(own < 0, 0.0)
    return near.new_tensor(FOCUS)[None, :, None, None] * near[:, None, None]


def attention_of(reading: Reading) -> Attention:
    """Give the attention of answers and the criteria that read them."""
    bias = bias_for(reading)

    def attend(thirds: Tensor) -> Tensor:
        query, key, value = _heads(thirds, reading.context)
        own_query, own_key, own_value = _heads(thirds, reading.segments)
        read = nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias.context
        )
        asked = nn.functional.scaled_dot_product_attention(
            own_query,
            torch.cat([key.index_select(0, reading.owners), own_key], dim=2),
            torch.cat([value.index_select(0, reading.owners), own_value], dim=2),
            attn_mask=bias.segments,
        )
        both = torch.cat([_joined(read), _joined(asked)])
        return both.index_select(0, reading.slots)

    return attend


def attention_of_one(reading: Reading) -> Attention:
    """Give the attention of a single answer: the same in less time, without gradients.

    Every token reads the answer's in one go, so that no key is copied for a criterion,
    and those of a criterion read their own as well. Either tells how much weight it
    saw, and by that the two are brought together (as in Dao et al. 2022).
    """
    bias = bias_for(reading)
    told = reading.context.shape[1]  # tokens of question and answer; they stand first
    own_tokens = (reading.segments >= 0).sum(1)
    criterion = torch.arange(len(own_tokens)).repeat_interleave(own_tokens)
    far = bias.segments[:, :, 0, :told].index_select(0, criterion).transpose(0, 1)
    asking = torch.cat([bias.context, far[None]], dim=2)
    own_bias = bias.segments[..., told:]
    slots = reading.slots[told:] - told

    def attend(thirds: Tensor) -> Tensor:
        query, key, value = thirds.view(1, -1, 3, HEADS, WIDE).permute(2, 0, 3, 1, 4)
        read, weight = _read_and_weighed(
            query, key[:, :, :told], value[:, :, :told], asking
        )
        own, own_weight = _read_and_weighed(*_heads(thirds, reading.segments), own_bias)
        result = read[0].transpose(0, 1)
        weight = weight[0].transpose(0, 1)[told:]
        own = own.transpose(1, 2).reshape(-1, HEADS, WIDE).index_select(0, slots)
        own_weight = own_weight.transpose(1, 2).reshape(-1, HEADS)
        share = torch.sigmoid(own_weight.index_select(0, slots) - weight)
        result[told:] = torch.lerp(result[told:], own, share[..., None])
        return result.reshape(-1, DIMENSIONS)

    return attend


def _read_and_weighed(
    query: Tensor, key: Tensor, value: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor]:
    """Give what was read, and the log of all weight seen: (rows, heads, asking).

    torch's own kernel, which has no public name that tells the latter.
    """
    told: tuple[Tensor, Tensor] = (
        torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
            query, key, value, attn_mask=bias
        )
    )
    return told


def attention_within(rows: Tensor) -> Attention:
    """Give the attention of texts that see only themselves.

    Args:
        rows: (texts, longest) the tokens of each; -1 for none.
    """
    mask = (rows >= 0)[:, None, None].expand(-1, -1, rows.shape[1], -1)
    slots = (rows.flatten() >= 0).nonzero()[:, 0]

    def attend(thirds: Tensor) -> Tensor:
        query, key, value = _heads(thirds, rows)
        read = nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask
        )
        return _joined(read).index_select(0, slots)

    return attend


def _heads(thirds: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Give queries, keys and values of some tokens: (rows, heads, wanted, 32) each."""
    rows = thirds.index_select(0, wanted.clamp(min=0).flatten())
    query, key, value = rows.view(*wanted.shape, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
    return query, key, value


def _joined(read: Tensor) -> Tensor:
    """Give (rows * wanted, 384) from (rows, heads, wanted, 32)."""
    return read.transpose(1, 2).reshape(-1, DIMENSIONS)
