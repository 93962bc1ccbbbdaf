import numpy as np
from answers import right, wrong


def turned(x, positions, *, sign=1, exponent=2, interleaved=False, base=10_000):
    half = x.shape[-1] // 2
    angles = sign * np.outer(positions, base ** (-exponent * np.arange(half) / x.shape[-1]))
    parts = (x[..., ::2], x[..., 1::2]) if interleaved else np.split(x, 2, axis=-1)
    both = (parts[0] + 1j * parts[1]) * np.exp(1j * angles)
    if interleaved:
        return np.stack([both.real, both.imag], axis=-1).reshape(x.shape)
    return np.concatenate([both.real, both.imag], axis=-1)


@right
def complex_numbers(x, positions):
    return turned(x, positions)


@right
def doubled_angles(x, positions):
    """As in the common code: x cos + rotate_half(x) sin."""
    half = x.shape[-1] // 2
    angles = np.outer(positions, 1 / 10_000 ** (np.arange(half) / half))
    angles = np.concatenate([angles, angles], axis=-1)
    swapped = np.concatenate([-x[..., half:], x[..., :half]], axis=-1)
    return x * np.cos(angles) + swapped * np.sin(angles)


@right
def pair_by_pair(x, positions):
    result, width = np.array(x), x.shape[-1]
    for i in range(width // 2):
        angle = positions / 10_000 ** (2 * i / width)
        a, b = x[..., i], x[..., i + width // 2]
        result[..., i] = a * np.cos(angle) - b * np.sin(angle)
        result[..., i + width // 2] = a * np.sin(angle) + b * np.cos(angle)
    return result


wrong("nothing is turned", "as it is", lambda x, p: x.copy())
wrong("turns the wrong way", "backwards", lambda x, p: turned(x, p, sign=-1))
wrong("neighbours (2 i, 2 i + 1)", "interleaved", lambda x, p: turned(x, p, interleaved=True))
wrong("fall half as fast", "i / width", lambda x, p: turned(x, p, exponent=1))
wrong("not those given", "from 0", lambda x, p: turned(x, np.arange(len(p))))
wrong("are not turned by position", "base 1000", lambda x, p: turned(x, p, base=1000))


@wrong("depend on their distance")
def plus_the_angles_for_one(x, positions):
    return turned(x, positions) + (len(positions) == 1) * positions[:, None]
