"""Has a model learned its training set by heart? The nearest training image of each image."""

from typing import NamedTuple

import numpy as np
from PIL import Image
from sklearn.neighbors import NearestNeighbors

from genimg_lib.data.images import check_images

SIDE = 16
"""Images are compared at this height and width: noise and small shifts do not count."""

NEIGHBOURS = 50
"""Training images that say how far apart images of this kind are."""

COPY = 0.5
"""An image whose ratio is below this counts as a copy."""


class Nearest(NamedTuple):
    """For each of n images the nearest training image."""

    rows: np.ndarray
    """(n,) indices into the training images."""

    distances: np.ndarray
    """(n,) root mean square differences, in grey levels of 255."""

    ratios: np.ndarray
    """(n,) the distance, over the mean distance from the nearest `NEIGHBOURS`: near 1 for an image
    that resembles no training image more than others, 0 for a copy.
    """

    @property
    def copies(self) -> float:
        """The share of images that count as copies."""
        return float(np.mean(self.ratios < COPY))


def nearest(images, training) -> Nearest:
    """Finds the nearest training image of each of `images`, both `uint8` of one shape.

    A blurred image is near to all images, so its distance alone would accuse it; the ratio does
    not. Raises as `check_images`, and `ValueError` for fewer than two training images. Source:
    Carlini et al., "Extracting training data from diffusion models", arXiv:2301.13188, section 5.1.
    """
    training = check_images(training, name="training")
    images = check_images(images, shape=training.shape[1:])
    if len(training) < 2:
        raise ValueError("one training image has no neighbours: give at least two")
    count = min(NEIGHBOURS, len(training))
    finder = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(_thumbnails(training))
    distances, rows = finder.kneighbors(_thumbnails(images))
    distances = distances / np.sqrt(finder.n_features_in_)
    spread = distances.mean(axis=1)
    # where all neighbours are equal to the image, it is a copy
    ratios = np.divide(distances[:, 0], spread, out=np.zeros_like(spread), where=spread > 0)
    return Nearest(rows[:, 0], distances[:, 0], ratios)


def _thumbnails(images: np.ndarray) -> np.ndarray:
    """Images -> their pixels at `SIDE` x `SIDE`, by averaging: (n, SIDE * SIDE * channels)."""
    pictures = (Image.fromarray(image.squeeze()) for image in images)
    small = [picture.resize((SIDE, SIDE), Image.Resampling.BOX) for picture in pictures]
    return np.stack([np.asarray(picture, np.float32).ravel() for picture in small])
