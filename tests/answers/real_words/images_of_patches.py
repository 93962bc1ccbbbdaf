import numpy as np
from answers import right, wrong


def put(patches, grid, order, shape):
    return patches.reshape(len(patches), *grid).transpose(order).reshape(len(patches), *shape)


@right
def plain(patches, height, width, channels, patch):
    grid = (height // patch, width // patch, patch, patch, channels)
    return put(patches, grid, (0, 1, 3, 2, 4, 5), (height, width, channels))


@right
def with_a_loop(patches, height, width, channels, patch):
    images = np.empty((len(patches), height, width, channels))
    for i in range(patches.shape[1]):
        row, column = patch * (i // (width // patch)), patch * (i % (width // patch))
        images[:, row : row + patch, column : column + patch] = patches[:, i].reshape(
            -1, patch, patch, channels
        )
    return images


@right
def with_concatenation(patches, height, width, channels, patch):
    tiles = patches.reshape(len(patches), height // patch, width // patch, patch, patch, channels)
    rows = [np.concatenate(list(row.swapaxes(0, 1)), axis=2) for row in tiles.swapaxes(0, 1)]
    return np.concatenate(rows, axis=1)


@wrong("into strips")
def reshaped(patches, height, width, channels, patch):
    return patches.reshape(-1, height, width, channels)


@wrong("down the columns")
def column_by_column(patches, height, width, channels, patch):
    grid = (width // patch, height // patch, patch, patch, channels)
    return put(patches, grid, (0, 2, 3, 1, 4, 5), (height, width, channels))


@wrong("each patch is turned")
def turned(patches, height, width, channels, patch):
    grid = (height // patch, width // patch, patch, patch, channels)
    return put(patches, grid, (0, 1, 4, 2, 3, 5), (height, width, channels))


@wrong("here they are last")
def channels_first(patches, height, width, channels, patch):
    grid = (height // patch, width // patch, channels, patch, patch)
    return put(patches, grid, (0, 1, 4, 2, 5, 3), (height, width, channels))


@wrong("stands before the column of patches")
def interleaved(patches, height, width, channels, patch):
    grid = (height // patch, width // patch, patch, patch, channels)
    return put(patches, grid, (0, 1, 3, 4, 2, 5), (height, width, channels))


@wrong("row of patches, row in the patch")
def upside_down(*given):
    return plain(*given)[:, ::-1]


EQUIVALENT = {
    "3 -> -3": "of six axes the third from the end is the fourth",
}
