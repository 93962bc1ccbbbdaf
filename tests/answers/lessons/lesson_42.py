import numpy as np

from answers.lessons import right, wrong


def by_sums(vectors, chosen, codebook):
    sums, counts = np.zeros(codebook.shape), np.bincount(chosen, minlength=len(codebook))
    np.add.at(sums, chosen, vectors)
    return np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], codebook)


def unguarded_means(vectors, chosen, codebook):
    sums, counts = np.zeros(codebook.shape), np.bincount(chosen, minlength=len(codebook))
    np.add.at(sums, chosen, vectors)
    with np.errstate(invalid="ignore"):
        return sums / counts[:, None]


def from_zero(vectors, chosen, codebook):
    return by_sums(vectors, chosen, np.zeros(codebook.shape))


def only_sums(vectors, chosen, codebook):
    moved = codebook.copy()
    for row in set(chosen):
        moved[row] = vectors[chosen == row].sum(axis=0)
    return moved


def last_one(vectors, chosen, codebook):
    moved = codebook.copy()
    moved[chosen] = vectors
    return moved


GIVEN = {
    "round_to_levels": [
        right(lambda features, levels: np.rint(levels // 2 * np.tanh(features)).astype(int)),
        wrong("not whole numbers", lambda features, levels: np.tanh(features) * (levels - 1) / 2),
        wrong("three codes only", lambda f, levels: np.round(np.tanh(f)) * (levels - 1) / 2),
        wrong("scale by levels / 2", lambda f, levels: np.round(np.tanh(f) * levels / 2)),
        wrong("clipping", lambda f, levels: np.round(np.clip(f, -(levels // 2), levels // 2))),
        wrong("with 5 levels", lambda features, levels: np.round(features)),
    ],
    "through": [
        right(lambda values, quantized, stop: quantized + values - stop(values)),
        right(lambda values, quantized, stop: values - stop(values) + stop(quantized)),
        wrong("what must you add", lambda values, quantized, stop: values),
        wrong("no gradient reaches", lambda values, quantized, stop: stop(quantized)),
        wrong(
            "should be 1",
            lambda values, quantized, stop: quantized + 2 * (values - stop(values)),
        ),
    ],
    "two_losses": [wrong("slope *at* them", "a"), wrong("cancels on the way", "c")],
    "move_codes": [
        right(by_sums),
        wrong("the mean of nothing", unguarded_means),
        wrong("has moved", from_zero),
        wrong("those are sums", only_sums),
        wrong("does not add up", last_one),
        wrong("should be the mean", lambda vectors, chosen, codebook: codebook),
    ],
    "perfect_model": [wrong("decoded ones", "a"), wrong("belongs to real images", "b")],
    "best_tokens": [wrong("trained for seconds", "a"), wrong("fewer synonyms help", "b")],
}
