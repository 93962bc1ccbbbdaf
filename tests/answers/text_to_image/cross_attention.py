import numpy as np
from answers import right, wrong
from scipy.special import softmax

from genimg_lib.checks.text_to_image import faults


@right
def with_einsum(queries, keys, values, tokens, heads):
    return faults.attended(queries, keys, values, tokens, heads)


@right
def head_by_head(queries, keys, values, tokens, heads):
    parts = [np.split(x, heads, axis=-1) for x in (queries, keys, values)]
    out = []
    for q, k, v in zip(*parts, strict=True):
        scores = np.matmul(q, k.swapaxes(1, 2)) / q.shape[-1] ** 0.5
        scores[np.broadcast_to(tokens[:, None] == 0, scores.shape)] = -np.inf
        out.append(softmax(scores, axis=-1) @ v)
    return np.concatenate(out, axis=-1)


@right
def caption_by_caption(queries, keys, values, tokens, heads):
    size = queries.shape[1] // heads
    out = np.zeros((len(keys), *queries.shape))
    for b, words in enumerate(tokens > 0):
        for start in range(0, queries.shape[1], size):
            part = slice(start, start + size)
            scores = queries[:, part] @ keys[b][words][:, part].T / np.sqrt(size)
            out[b, :, part] = softmax(scores, axis=1) @ values[b][words][:, part]
    return out


def but(**options):
    return lambda *given: faults.attended(*given, **options)


wrong("the root of the whole width", "whole width", but(scale=6**0.5))
wrong("not divided by the root of a head's size", "no root", but(scale=1))
wrong("the padding is attended to", "no mask", but(masked=False))
wrong("that is one head over the whole width", "one head", lambda *g: head_by_head(*g[:4], 1))
wrong("a block of neighbouring columns", "strided", but(blocks=False, order="idh"))
wrong("transpose back before", "heads first", but(order="hid"))
wrong("you mix the keys", "keys mixed", lambda q, k, v, t, h: head_by_head(q, k, k, t, h))
wrong(
    "compare with the formula", "no softmax", lambda q, k, v, t, h: 0 * head_by_head(q, k, v, t, h)
)
wrong("it should have shape (3, 2, 6)", "transposed", lambda *g: head_by_head(*g).swapaxes(0, 1))

EQUIVALENT = {
    "1 -> -1": "the width is the last of two sizes",
    "1 -> -1 (2)": "the width is the last of two sizes",
}
