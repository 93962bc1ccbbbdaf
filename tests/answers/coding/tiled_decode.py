import numpy as np
from answers import right, wrong


def places(length, size, step):
    found = list(range(0, length - size + 1, step))
    return found if found[-1] == length - size else [*found, length - size]


def triangle(pixels):
    middle = (pixels - 1) / 2
    return (pixels + 1) / 2 - np.abs(np.arange(pixels) - middle)


def product(pixels):
    return np.outer(triangle(pixels), triangle(pixels))


def run(latents, decode, size, overlap, factor, *, window=product, tops=places, paste=False):
    height, width = np.array(latents.shape[:2]) * factor
    pixels = factor * size
    image, weights = np.zeros((height, width, 3)), np.zeros((height, width, 1))
    for top in tops(latents.shape[0], size, size - overlap):
        for left in tops(latents.shape[1], size, size - overlap):
            tile = decode(latents[top : top + size, left : left + size])
            area = np.s_[
                top * factor : top * factor + pixels, left * factor : left * factor + pixels
            ]
            if paste:
                image[area], weights[area] = tile, 1
                continue
            image[area] += window(pixels)[..., None] * tile
            weights[area] += window(pixels)[..., None]
    with np.errstate(all="ignore"):
        return image / weights


@right
def weighed(latents, decode, size, overlap, factor):
    return run(latents, decode, size, overlap, factor)


@right
def with_full_pictures(latents, decode, size, overlap, factor):
    total = weight = 0
    shape = latents.shape[0] * factor, latents.shape[1] * factor
    for left in places(latents.shape[1], size, size - overlap):
        for top in places(latents.shape[0], size, size - overlap):
            tile = decode(latents[top : top + size, left : left + size])
            before = top * factor, left * factor
            pad = [(b, n - b - factor * size) for b, n in zip(before, shape)] + [(0, 0)]
            window = product(factor * size)[..., None]
            total, weight = total + np.pad(window * tile, pad), weight + np.pad(window, pad)
    return total / weight


@right
def scaled_weights(latents, decode, size, overlap, factor):
    return run(latents, decode, size, overlap, factor, window=lambda n: product(n) / n**2)


def faulty(**options):
    return lambda *given: run(*given, **options)


def one_too_few(length, size, step):
    return list(range(0, length - size + 1, step))


def on_each_other(length, size, step):
    return [*places(length, size, step), length - size]


wrong("tiles are pasted over each other", "pasted", faulty(paste=True))
wrong("steps at their borders", "flat", faulty(window=lambda n: np.ones((n, n))))
wrong("multiply them", "added", faulty(window=lambda n: np.add.outer(triangle(n), triangle(n))))
wrong("is never painted", "no last tile", faulty(tops=one_too_few))
wrong("should be cut into", "a tile twice", faulty(tops=on_each_other))
wrong("weighed by 1, 2, ..., 2, 1", "squared", faulty(window=lambda n: product(n) ** 2))
wrong("move the last one back", "a smaller tile", faulty(tops=lambda n, s, step: range(0, n, step)))
wrong("has shape", "one channel", lambda *given: run(*given)[..., 0])

EQUIVALENT = {
    "np.minimum(np.arange(pixels) + 1, pixels - np.arange(pixels)) -> "
    "np.minimum(pixels - np.arange(pixels), np.arange(pixels) + 1)": "symmetric",
}
