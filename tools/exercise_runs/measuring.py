"""Exercises 10: metrics of four faulty generators, and the floor of FID beside its formula."""

import numpy as np
from _shared import mnist
from scipy import ndimage

from genimg_lib.evaluation import metrics

COUNT = 2_000


def faulty_generators(random, reference, reference_labels) -> dict:
    """What each faulty generator would generate: name -> images and the labels asked for."""
    chosen = random.permutation(len(mnist().train_images))[:COUNT]
    images = mnist().train_images[chosen]
    labels = mnist().train_labels[chosen]
    few = np.concatenate([np.flatnonzero(labels == digit)[:2] for digit in range(10)])
    repeated = few[random.integers(len(few), size=COUNT)]
    # the half that `score` compares with
    split = np.random.default_rng(0).permutation(2 * COUNT)[:COUNT]
    return {
        "blurred": (
            np.stack([ndimage.gaussian_filter(image, (1, 1, 0)) for image in images]),
            labels,
        ),
        "two images a digit": (images[repeated], labels[repeated]),
        "labels ignored": (images, random.permutation(labels)),
        "copies of the reference": (reference[split], reference_labels[split]),
    }


def main() -> None:
    random = np.random.default_rng(0)
    test = random.permutation(len(mnist().test_images))[: 2 * COUNT]
    reference = mnist().test_images[test]
    reference_labels = mnist().test_labels[test]
    generators = faulty_generators(random, reference, reference_labels)
    for name, (generated, asked) in generators.items():
        score, floor = metrics.score(
            generated, reference, labels=asked, reference_labels=reference_labels
        )
        show(name, score)
    show("the floor", floor)
    compare_floor(random)


def compare_floor(random, repeats=20) -> None:
    """FID of real against real images, measured and by the formula of exercise 10.8 from the
    variances of the features.
    """
    features = metrics.features(mnist().test_images).astype(float)
    variances = np.maximum(np.linalg.eigvalsh(np.cov(features.T)), 1e-9)
    pairs = (1 / (1 / variances[:, None] + 1 / variances)).sum()
    for count in (100, 400, 1_600):
        sampled = [
            features[random.integers(len(features), size=(2, count))] for _ in range(repeats)
        ]
        measured = [metrics.frechet_distance(*pair) for pair in sampled]
        error = np.std(measured) / repeats**0.5
        print(
            f"N {count}: FID {np.mean(measured):.2f} +- {error:.2f}, formula "
            f"{(2.5 * variances.sum() + pairs) / count:.2f}"
        )


def show(name, score) -> None:
    print(
        f"{name:24} N {score.count}: FID {score.fid:7.2f}, precision {score.precision:.3f}, "
        f"recall {score.recall:.3f}, agreement {score.agreement:.3f}"
    )
