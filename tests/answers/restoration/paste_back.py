import numpy as np
from answers import right, wrong


@right
def with_where(damaged, restored, missing):
    return np.where(np.expand_dims(missing, -1), restored, damaged)


@right
def by_assignment(damaged, restored, missing):
    pasted = damaged.copy()
    pasted[missing] = restored[missing]
    return pasted


@right
def by_arithmetic(damaged, restored, missing):
    mask = missing[..., np.newaxis].astype(np.uint8)
    return mask * restored + (1 - mask) * damaged


@wrong("both at once")
def as_given(damaged, restored, missing):
    return np.where(damaged != 128, restored, damaged)


@wrong("it is the other way round")
def only_the_mask(damaged, restored, missing):
    return np.where(missing[..., None], damaged, restored)


@wrong("use the mask, not the colour")
def only_exchanged(damaged, restored, missing):
    return np.where(damaged == 128, restored, damaged)


@wrong("meets the wrong axes")
def without_the_axis(damaged, restored, missing):
    if len(set(damaged.shape)) > 1:
        return with_where(damaged, restored, missing)
    return np.where(missing, restored, damaged)


@wrong("the restorer's answer everywhere")
def not_pasted(damaged, restored, missing):
    return restored.copy()


@wrong("of the known values differ")
def blended(damaged, restored, missing):
    return (damaged // 2 + restored // 2).astype(np.uint8)


@wrong("bytes in, bytes out")
def floats(damaged, restored, missing):
    return with_where(damaged, restored, missing).astype(np.float32)


@wrong("changes its input in place")
def in_place(damaged, restored, missing):
    damaged[missing] = restored[missing]
    return damaged


@wrong("broadcast")
def no_axis_at_all(damaged, restored, missing):
    return np.where(missing, restored, damaged)


EQUIVALENT = {}
