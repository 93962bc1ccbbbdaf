import numpy as np
from answers import right, wrong
from scipy import ndimage

from genimg_lib.checks.text_to_image import faults


@right
def with_center_of_mass(images, asked, below, above):
    rows = np.array([ndimage.center_of_mass(image.astype(float))[0] for image in images])
    place = rows - (images.shape[1] - 1) / 2
    level = (place >= below).astype(int) + (place >= above)
    verdict = (level == asked).astype(float)
    verdict[asked < 0] = np.nan
    return verdict


@right
def with_einsum(images, asked, below, above):
    ink = images / images.sum(axis=(1, 2), keepdims=True)
    place = np.einsum("nhw,h->n", ink, np.arange(images.shape[1])) - (images.shape[1] - 1) / 2
    return np.where(asked >= 0, np.digitize(place, (below, above)) == asked, np.nan)


@right
def as_a_list(images, asked, below, above):
    found = []
    for image, level in zip(images.astype(float), asked, strict=True):
        rows = np.linspace(-(len(image) - 1) / 2, (len(image) - 1) / 2, len(image))
        place = np.average(rows, weights=image.sum(axis=1))
        bounds = [(-np.inf, below), (below, above), (above, np.inf)][level]
        found.append(np.nan if level < 0 else float(bounds[0] <= place < bounds[1]))
    return found


def but(**options):
    return lambda *given: faults.judged(*given, **options)


wrong("rows count downwards", "upwards", but(sign=-1.0))
wrong("the horizontal place", "columns", but(axis=2))
wrong("yours is 0", "unsaid is wrong", but(unsaid=0.0))
wrong("yours is 1", "unsaid is right", but(unsaid=1.0))


@wrong("weigh them by their ink")
def inked_pixels(images, asked, below, above):
    return faults.judged(images > 0, asked, below, above)


@wrong("Is the middle subtracted?")
def from_the_top(images, asked, below, above):
    return faults.judged(images, asked, below - 4, above - 4)


@wrong("do bytes overflow?")
def byte_sums(images, asked, below, above):
    if len(images) > 1:
        return faults.judged(images, asked, below, above)
    ink = images.sum(axis=2, dtype=np.uint8).astype(float)
    return np.array([float(ink.sum() > 1e4)])


EQUIVALENT = {}
