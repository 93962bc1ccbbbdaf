import numpy as np
from answers import right, wrong

MANY = True


def to_tokens(images, size, order=(0, 1, 3, 2, 4, 5)):
    n, height, width, channels = images.shape
    grid = images.reshape(n, height // size, size, width // size, size, channels)
    return grid.transpose(order).reshape(n, -1, size * size * channels)


def to_images(tokens, size, height, width, order=(0, 1, 3, 2, 4, 5)):
    grid = tokens.reshape(len(tokens), height // size, width // size, size, size, -1)
    return grid.transpose(order).reshape(len(tokens), height, width, -1)


def tokens_in_a_loop(images, size):
    _, height, width, _ = images.shape
    patches = [
        images[:, top : top + size, left : left + size].reshape(len(images), -1)
        for top in range(0, height, size)
        for left in range(0, width, size)
    ]
    return np.stack(patches, axis=1)


def images_in_a_loop(tokens, size, height, width):
    channels = tokens.shape[-1] // size**2
    images = np.zeros((len(tokens), height, width, channels))
    for place in range(tokens.shape[1]):
        row, column = divmod(place, width // size)
        patch = tokens[:, place].reshape(-1, size, size, channels)
        images[:, row * size : row * size + size, column * size : column * size + size] = patch
    return images


def tokens_by_letters(images, size):
    n, height, width, channels = images.shape
    grid = images.reshape(n, height // size, size, width // size, size, channels)
    return np.einsum("nhawbc->nhwabc", grid).reshape(n, -1, size * size * channels)


right("transposed", (to_tokens, to_images))
right("in loops", (tokens_in_a_loop, images_in_a_loop))
right("by letters", (tokens_by_letters, to_images))
right("mixed", (tokens_in_a_loop, to_images))
wrong(
    "the axes are not exchanged",
    "one reshape",
    (lambda x, s: x.reshape(len(x), -1, s * s * x.shape[-1]), to_images),
)
wrong(
    "run down the columns: they",
    "columns",
    (lambda x, s: to_tokens(x, s, (0, 3, 1, 2, 4, 5)), to_images),
)
wrong(
    "the channels come first",
    "channels",
    (lambda x, s: to_tokens(x, s, (0, 1, 3, 5, 2, 4)), to_images),
)
wrong(
    "pixels run down the columns",
    "inside",
    (lambda x, s: to_tokens(x, s, (0, 1, 3, 4, 2, 5)), to_images),
)
wrong(
    "at the top left, in reading order",
    "mirrored",
    (lambda x, s: to_tokens(x[:, ::-1], s), to_images),
)
wrong(
    "unpatchify only reshapes",
    "reshape",
    (to_tokens, lambda t, s, h, w: t.reshape(len(t), h, w, -1)),
)
wrong(
    "rows and columns inside of each patch",
    "turned patches",
    (to_tokens, lambda t, s, h, w: to_images(t, s, h, w, (0, 1, 4, 2, 3, 5))),
)
wrong(
    "does not give the images back", "noise", (to_tokens, lambda t, s, h, w: to_images(-t, s, h, w))
)
wrong("has shape", "width first", (to_tokens, lambda t, s, h, w: to_images(t, s, w, h)))

EQUIVALENT = {
    "1 -> 2": "NumPy takes -2 for -1 in a reshape",
    "1 -> 2 (2)": "NumPy takes -2 for -1 in a reshape",
    "3 -> -3": "axis 3 of six",
    "3 -> -3 (2)": "axis 3 of six",
}
