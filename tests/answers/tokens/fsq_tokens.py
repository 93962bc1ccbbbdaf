import numpy as np
from answers import right, wrong

from genimg_lib.nn.quantizers import fsq_codes_to_tokens

MANY = True


def basis(levels):
    return np.cumprod([1, *levels[:-1]])


def to_tokens(codes, levels):
    return (codes + np.array(levels) // 2) @ basis(levels)


def to_codes(tokens, levels):
    return tokens[..., None] // basis(levels) % levels - np.array(levels) // 2


def tokens_by_horner(codes, levels):
    total = 0
    for index in reversed(range(len(levels))):
        total = total * levels[index] + codes[..., index] + levels[index] // 2
    return total


def codes_by_division(tokens, levels):
    rest, codes = tokens, []
    for count in levels:
        rest, digit = np.divmod(rest, count)
        codes.append(digit - count // 2)
    return np.stack(codes, axis=-1)


def tokens_by_numpy(codes, levels):
    digits = codes + np.array(levels) // 2
    return np.ravel_multi_index(tuple(np.moveaxis(digits, -1, 0)), levels, order="F")


def codes_by_numpy(tokens, levels):
    return np.stack(np.unravel_index(tokens, levels, order="F"), -1) - np.array(levels) // 2


def tokens_by_keras(codes, levels):
    return fsq_codes_to_tokens(codes, levels)


right("vectorised", (to_tokens, to_codes))
right("horner and division", (tokens_by_horner, codes_by_division))
right("with NumPy's own", (tokens_by_numpy, codes_by_numpy))
right("the library's and a division", (tokens_by_keras, codes_by_division))


def last_digit_first(codes, levels):
    return (codes + np.array(levels) // 2) @ np.cumprod([1, *levels[:0:-1]])[::-1]


def lower_half(levels):
    return (np.array(levels) - 1) // 2


wrong("the last digit counts by ones", "last first", (last_digit_first, to_codes))
wrong("so that digits start at 0", "unshifted", (lambda c, levels: c @ basis(levels), to_codes))
wrong(
    "shift by levels // 2",
    "shift",
    (lambda c, levels: (c + lower_half(levels)) @ basis(levels), to_codes),
)
wrong(
    "its own levels",
    "levels",
    (lambda c, levels: (c + np.array(levels) // 2) @ np.array(levels), to_codes),
)
wrong(
    "not by the product of those",
    "no product",
    (lambda c, levels: (c + np.array(levels) // 2) @ np.array([1, *levels[:-1]]), to_codes),
)
wrong(
    "all digits get the same base",
    "base 8",
    (lambda c, levels: (c + np.array(levels) // 2) @ levels[0] ** np.arange(len(levels)), to_codes),
)
wrong(
    "yours counts by its levels",
    "own",
    (lambda c, levels: (c + np.array(levels) // 2) @ np.cumprod(levels), to_codes),
)
wrong("the code [", "one too many", (lambda c, levels: to_tokens(c, levels) + 1, to_codes))
wrong("tokens should be integers", "real", (lambda c, levels: to_tokens(c, levels) * 1.0, to_codes))
wrong("tokens has shape", "flat", (lambda c, levels: to_tokens(c, levels).ravel(), to_codes))
wrong(
    "but codes start below 0",
    "digits",
    (to_tokens, lambda t, levels: t[..., None] // basis(levels) % levels),
)
wrong(
    "subtract levels // 2",
    "half",
    (to_tokens, lambda t, levels: t[..., None] // basis(levels) % levels - lower_half(levels)),
)
wrong(
    "come in the reverse order",
    "reverse",
    (
        to_tokens,
        lambda t, levels: np.stack(np.unravel_index(t, levels), -1) - np.array(levels) // 2,
    ),
)
wrong(
    "the remainder is missing",
    "no remainder",
    (to_tokens, lambda t, levels: t[..., None] // basis(levels) - np.array(levels) // 2),
)
wrong(
    "divide by the basis",
    "no division",
    (to_tokens, lambda t, levels: t[..., None] % levels - np.array(levels) // 2),
)
wrong("is the code [", "shifted by one", (to_tokens, lambda t, levels: to_codes(t + 1, levels)))
wrong("codes should be integers", "divided", (to_tokens, lambda t, levels: to_codes(t, levels) / 1))

wrong(
    "it should have shape (12,)",
    "two axes",
    (lambda c, levels: np.array([[to_tokens(x, levels) for x in y] for y in c]), to_codes),
)
wrong("has shape (30, 8, 3); it", "nothing done", (lambda c, levels: c, lambda t, levels: t))
wrong(
    "is token 26, not 50",
    "half of the levels",
    (lambda c, levels: ((c + np.array(levels) / 2) @ basis(levels)).astype(int), to_codes),
)
wrong(
    "is token 185, not -71",
    "eight bits",
    (lambda c, levels: to_tokens(c, levels).astype("int8"), to_codes),
)

EQUIVALENT = {}
