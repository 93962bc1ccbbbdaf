"""Measures what exercises 10 quote: four faulty generators, and the floor of FID beside its
formula.

uv run tools/measure_exercise_panels.py      # about half a CPU-minute
"""

import numpy as np
from scipy import ndimage

from genimg_lib.notebook import lesson

lesson.start()

from genimg_lib.data.images import load_mnist  # noqa: E402
from genimg_lib.evaluation import metrics  # noqa: E402

COUNT = 2_000
(IMAGES, LABELS), (TEST_IMAGES, TEST_LABELS) = load_mnist()


def main() -> None:
    random = np.random.default_rng(0)
    test = random.permutation(len(TEST_IMAGES))[: 2 * COUNT]
    reference = TEST_IMAGES[test]
    reference_labels = TEST_LABELS[test]
    chosen = random.permutation(len(IMAGES))[:COUNT]
    images = IMAGES[chosen]
    labels = LABELS[chosen]
    few = np.concatenate([np.flatnonzero(labels == digit)[:2] for digit in range(10)])
    repeated = few[random.integers(len(few), size=COUNT)]
    # the half that `score` compares with
    split = np.random.default_rng(0).permutation(2 * COUNT)[:COUNT]
    generators = {
        "blurred": (
            np.stack([ndimage.gaussian_filter(image, (1, 1, 0)) for image in images]),
            labels,
        ),
        "two images a digit": (images[repeated], labels[repeated]),
        "labels ignored": (images, random.permutation(labels)),
        "copies of the reference": (reference[split], reference_labels[split]),
    }
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
    features = metrics.features(TEST_IMAGES).astype(float)
    variances = np.maximum(np.linalg.eigvalsh(np.cov(features.T)), 1e-9)
    pairs = (1 / (1 / variances[:, None] + 1 / variances)).sum()
    for count in (100, 400, 1_600):
        drawn = [features[random.integers(len(features), size=(2, count))] for _ in range(repeats)]
        measured = [metrics.frechet_distance(*pair) for pair in drawn]
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


if __name__ == "__main__":
    main()
