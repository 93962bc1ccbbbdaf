"""Images -> rewards, one number for each image, for `models.reward_tuning`: one that can be
verified, and two that can be exploited.
"""

from collections.abc import Sequence

import numpy as np
from keras import ops

from genimg_lib.data.attributes import UNSAID, fulfilled, normalise
from genimg_lib.data.captions import encode, parse
from genimg_lib.evaluation.metrics import predict_labels


def facts_shown(images, captions: Sequence[str], predict=predict_labels) -> np.ndarray:
    """The share of what each caption says that is true of its image: (n,), between 0 and 1.

    Attributes are measured, the digit is read by `predict`, images (n, 28, 28, 1) -> labels (n,),
    from the image at full ink and in the middle. Raises as `captions.parse`.
    """
    said = parse(captions)
    right = np.stack(list(fulfilled(images, said).values()), axis=1)
    digits = predict(normalise(images)) == said[:, 0]
    digits = np.where(said[:, 0] == UNSAID, np.nan, digits)
    return np.nanmean(np.column_stack([digits, right]), axis=1)


def caption_log_likelihood(captioner, images, captions: Sequence[str]) -> np.ndarray:
    """log p(caption | image) of a `Captioner`, in nats: (n,). It is learned, so it can be wrong."""
    tokens = ops.convert_to_tensor(captioner.tokenizer.encode(images))
    return -np.asarray(captioner.caption_nll(tokens, encode(captions)))


def frechet_influence(features, reference) -> np.ndarray:
    """By how much each image raises the Frechet distance of its set to the reference, to first
    order: (n,).

    The derivative of the distance by the weight of the image in the mean and covariance of
    `features`. Its mean over the set is 0, and its negative is a reward that makes the distance
    smaller. With A and B the covariances of the set and of the reference, the derivative of tr(A +
    B - 2 (AB)^(1/2)) by A is I - A^(-1/2) (A^(1/2) B A^(1/2))^(1/2) A^(-1/2).

    Args:
        features: of the images, (n, dimensions), n well above the dimensions.
        reference: of real images, (m, dimensions).
    """
    features = np.asarray(features, np.float64)
    reference = np.asarray(reference, np.float64)
    covariance = np.cov(features, rowvar=False, bias=True)
    # features that never vary would be divided by 0
    covariance += 1e-3 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    root, inverse = _powers(covariance, 0.5), _powers(covariance, -0.5)
    middle = _powers(root @ np.cov(reference, rowvar=False) @ root, 0.5)
    slope = np.eye(len(covariance)) - inverse @ middle @ inverse
    centred = features - features.mean(axis=0)
    means = 2 * centred @ (features.mean(axis=0) - reference.mean(axis=0))
    spreads = np.einsum("ni,ij,nj->n", centred, slope, centred)
    return means + spreads - spreads.mean()


def _powers(matrix, power: float) -> np.ndarray:
    """A power of a symmetric matrix whose eigenvalues are not negative."""
    values, vectors = np.linalg.eigh(matrix)
    floor = 1e-12 * max(values[-1], 1e-300)
    return (vectors * np.maximum(values, floor) ** power) @ vectors.T
