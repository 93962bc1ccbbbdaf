"""Exercises 33: one set of digits with holes, repaired in five ways, and three numbers for each."""

import keras
import numpy as np
from _shared import doubled, ink_rows, mnist, save_exercise_picture
from sklearn.neighbors import NearestNeighbors

from genimg_lib import degradations
from genimg_lib.data import HOLE
from genimg_lib.evaluation import metrics
from genimg_lib.models import Restorer

COUNT = 1000
SHOWN = 12
STEPS = 600
BRANCH = 300


def trained(degrade, steps, weight=0.0, weights=None) -> Restorer:
    """A restorer after so many steps; with `weights`, one that began with those of another."""
    keras.utils.set_random_seed(0)
    restorer = Restorer(degrade, adversarial_weight=weight, seed=0)
    rates = (3e-3, 3e-3) if weights is None else (1e-3, 1e-3)
    restorer.compile(*(keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99) for rate in rates))
    if weights is not None:
        for network in (restorer.generator, restorer.average_generator):
            network.set_weights(weights)
    restorer.fit(mnist().train_images, batch_size=32, steps_per_epoch=steps, verbose=0)
    return restorer


def from_the_nearest(damaged) -> np.ndarray:
    """Each hole filled with the pixels of the training image that is nearest around it, of 10,000
    that got a hole in the same place.
    """
    pool = mnist().train_images[:10_000]
    filled = damaged.copy()
    for image in filled:
        missing = image == HOLE
        finder = NearestNeighbors(n_neighbors=1, algorithm="brute")
        finder.fit(pool[:, ~missing].astype("float32"))
        nearest = finder.kneighbors(image[~missing][None].astype("float32"))[1][0, 0]
        image[missing] = pool[nearest][missing]
    return filled


def report(name, repaired, clean, labels, missing) -> None:
    error = np.square(repaired.astype(float) - clean)[missing].mean()
    fid = metrics.frechet_distance(metrics.features(repaired), metrics.features(clean))
    changed = metrics.identity_changes(repaired, clean, labels).mean()
    print(
        f"{name:28} hole {10 * np.log10(255**2 / error):5.1f} dB, FID {fid:6.1f}, changed "
        f"{changed:.1%}",
        flush=True,
    )


def main() -> None:
    digits = mnist()
    chosen = np.random.default_rng(0).choice(len(digits.test_images), COUNT, replace=False)
    clean, labels = digits.test_images[chosen], digits.test_labels[chosen]
    damaged = degradations.missing_square(clean, 5)
    missing = damaged == HOLE
    plain = trained(degradations.missing_square, STEPS)
    sharp = trained(degradations.missing_square, BRANCH, 10.0, plain.generator.get_weights())
    denoiser = trained(degradations.noisy, STEPS)
    rows = {
        "A, pixel and adversarial": sharp.restore(damaged),
        "B, denoiser": denoiser.restore(damaged),
        "C, nearest training image": from_the_nearest(damaged),
        "D, pixel loss": plain.restore(damaged),
        "E, smooth filling": degradations.filled(damaged),
    }
    for name, repaired in rows.items():
        report(name, repaired, clean, labels, missing)
    shown = [damaged, *rows.values(), clean]
    save_exercise_picture(
        doubled(ink_rows([images[:SHOWN] for images in shown], gap=6)), "repairs.png", colours=32
    )
