"""The restoration room: ways to spoil an image, the baselines, and the restorer with its two
losses.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.data import degradations, exact
from genimg_lib.data.degradations import TASKS
from genimg_lib.data.images import load_mnist
from genimg_lib.evaluation import metrics
from genimg_lib.models.restorer import Restorer

DEGRADATIONS = {name: task.degrade for name, task in TASKS.items()}
DEGRADATIONS |= {
    name: getattr(degradations, name) for name in ("thickened", "thinned", "silhouette")
}
BASELINES = [task.baseline for task in TASKS.values()]
SHAPE = (8, 8, 1)
TINY = {"image_shape": SHAPE, "width": 8, "seed": 0}

each_degradation = pytest.mark.parametrize("degrade", DEGRADATIONS.values(), ids=DEGRADATIONS)
each_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


def pictures(count=256, seed=0):
    """The strokes of the enumerable world, each pixel drawn as 2x2, with a border: (count, 8, 8,
    1).
    """
    return np.pad(
        tiny_models.images(count, seed).repeat(2, 1).repeat(2, 2), [(0, 0), (1, 1), (1, 1), (0, 0)]
    )


def digits(count=100):
    (_, _), (images, labels) = load_mnist()
    return images[:count], labels[:count]


def snapshot(model):
    return [variable.numpy() for variable in model.weights]


def largest_change(before, model):
    return max(
        np.abs(old - new.numpy()).max() for old, new in zip(before, model.weights, strict=True)
    )


def state(restorer):
    optimizers = restorer.generator_optimizer, restorer.discriminator_optimizer
    variables = [*restorer.weights, *(v for optimizer in optimizers for v in optimizer.variables)]
    return {
        f"{i} {v.path}": v.numpy()
        for i, v in enumerate([*variables, restorer.seed_generator.state])
    }


def assert_bit_equal(found, expected):
    assert len(found) == len(expected)
    for (name, mine), wanted in zip(found.items(), expected.values(), strict=True):
        np.testing.assert_array_equal(mine, wanted, err_msg=name)


# --- degradations and baselines -------------------------------------------------------------------


@each_degradation
def test_a_degradation_keeps_the_contract(degrade):
    images, _ = digits(20)
    before = images.copy()
    degraded = degrade(images, 3)
    assert degraded.dtype == np.uint8
    assert degraded.shape in ((20, 28, 28, 1), (20, 14, 14, 1))
    assert len(np.unique(degraded)) > 1
    np.testing.assert_array_equal(images, before)  # pure: what it was given is as it was
    np.testing.assert_array_equal(degraded, degrade(images, 3))


@pytest.mark.parametrize("name", ["denoising", "contrast", "inpainting"])
def test_another_seed_spoils_in_another_way(name):
    images, _ = digits(20)
    assert (TASKS[name].degrade(images, 1) != TASKS[name].degrade(images, 2)).any()
    first, second = TASKS[name].degrade(images[:1].repeat(2, axis=0), 1)
    assert (first != second).any()  # and each image in its own


@each_degradation
@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        (np.zeros((2, 28, 28, 1)), TypeError, "must be uint8 in 0..255, got float64"),
        (
            np.zeros((28, 28, 1), np.uint8),
            ValueError,
            r"\(n, height, width, channels\), got \(28, 28, 1\)",
        ),
        (np.zeros((0, 28, 28, 1), np.uint8), ValueError, "images is empty"),
    ],
    ids=["floats", "one image", "none"],
)
def test_a_degradation_refuses_what_is_no_image(degrade, images, error, message):
    with pytest.raises(error, match=message):
        degrade(images, 0)


@pytest.mark.parametrize("baseline", BASELINES, ids=[baseline.__name__ for baseline in BASELINES])
def test_a_baseline_refuses_floats(baseline):
    with pytest.raises(TypeError, match="must be uint8"):
        baseline(np.zeros((2, 14, 14, 1)))


def test_odd_sides_cannot_be_halved():
    with pytest.raises(ValueError, match="even height and width"):
        degradations.low_resolution(np.zeros((1, 7, 8, 1), np.uint8))


def test_low_resolution_is_the_mean_of_each_block():
    image = np.array([[0, 100, 8, 8], [100, 200, 8, 8]], np.uint8)[None, :, :, None]
    np.testing.assert_array_equal(degradations.low_resolution(image)[0, :, :, 0], [[100, 8]])


def test_the_hole_is_one_grey_square():
    spoilt = degradations.missing_square(np.zeros((50, 28, 28, 1), np.uint8), 0)[..., 0]
    hole = spoilt == degradations.HOLE
    assert (hole.sum(axis=(1, 2)) == 100).all()
    assert (hole.any(axis=1).sum(axis=1) == 10).all()
    assert len({tuple(np.argwhere(square)[0]) for square in hole}) > 10  # in many places


def test_thickened_grows_and_thinned_shrinks():
    images, _ = digits(20)
    thin, thick = degradations.thinned(images), degradations.thickened(images)
    assert (thin <= images).all()
    assert (images <= thick).all()
    assert thin.mean() < 0.7 * images.mean() < images.mean() < 0.7 * thick.mean()


def test_filling_a_hole_in_a_slope_gives_the_slope():
    """A linear function is harmonic, so this baseline restores it exactly."""
    slope = np.broadcast_to((np.arange(28) * 4)[:, None, None], (1, 28, 28, 1)).astype(np.uint8)
    filled = degradations.filled(degradations.missing_square(slope, 0)).astype(int)
    assert np.abs(filled - slope).max() <= 1


def test_stretching_undoes_even_light():
    images, _ = digits(5)
    faint = (100 + images // 5).astype(np.uint8)
    assert metrics.psnr(degradations.stretched(faint), images) > 25 > metrics.psnr(faint, images)


# --- the measures ---------------------------------------------------------------------------------


def test_psnr_of_known_errors():
    black = np.zeros((2, 28, 28, 1), np.uint8)
    assert metrics.psnr(black, black) == np.inf
    assert metrics.psnr(black + np.uint8(255), black) == pytest.approx(0.0)
    half = black.copy()
    half[0] = 51  # one image off by a fifth: mean squared error 0.02
    assert metrics.psnr(half, black) == pytest.approx(-10 * np.log10(0.02))
    images, _ = digits(1)
    spoilt = degradations.noisy(images, 0)
    assert metrics.psnr(spoilt, images) == pytest.approx(
        float(tf.image.psnr(spoilt, images, 255)[0]), abs=1e-3
    )


def test_ssim_of_known_pairs():
    images, _ = digits(20)
    assert metrics.ssim(images, images) == pytest.approx(1.0)
    grey = np.full_like(images, 100)
    brighter = np.full_like(images, 150)
    constant = (0.01 * 255) ** 2  # only the term of the means is left
    assert metrics.ssim(grey, brighter) == pytest.approx(
        (2 * 100 * 150 + constant) / (100**2 + 150**2 + constant), abs=1e-4
    )
    assert metrics.ssim(degradations.noisy(images, 0), images) < 0.7
    with pytest.raises(ValueError, match="11x11"):
        metrics.ssim(pictures(2), pictures(2))


def test_sharpness_falls_with_blur_and_rises_with_noise():
    images, _ = digits(20)
    assert metrics.sharpness(images, images) == 1.0
    blurred = degradations.bicubic(degradations.low_resolution(images))
    assert (
        metrics.sharpness(blurred, images)
        < 0.8
        < 1.2
        < metrics.sharpness(degradations.noisy(images, 0), images)
    )
    edge = np.zeros((1, 2, 8, 1), np.uint8)
    edge[..., 4:, :] = 200
    ramp = np.array([0, 0, 0, 50, 150, 200, 200, 200], np.uint8)[None, None, :, None].repeat(
        2, axis=1
    )
    assert metrics.sharpness(ramp, edge) == pytest.approx(
        np.sqrt((50**2 + 100**2 + 50**2) / 200**2)
    )
    with pytest.raises(ValueError, match="no edges"):
        metrics.sharpness(images, np.zeros_like(images))


def test_identity_changes_count_only_what_the_restoration_did():
    images, labels = digits(200)
    read = metrics.predict_labels(images)
    assert not metrics.identity_changes(images, images, labels).any()
    swapped = np.roll(images, 1, axis=0)
    expected = (read == labels) & (np.roll(read, 1) != labels)
    np.testing.assert_array_equal(metrics.identity_changes(swapped, images, labels), expected)
    wrong = (read + 1) % 10  # a label that the clean image does not show either is no change
    assert not metrics.identity_changes(swapped, images, wrong).any()


def test_measures_refuse_what_does_not_match():
    images, _ = digits(4)
    for measure in (
        metrics.psnr,
        metrics.ssim,
        lambda first, second: metrics.identity_changes(first, second, [0] * 4),
    ):
        with pytest.raises(ValueError, match="one reference for each of 3 images"):
            measure(images[:3], images)
        with pytest.raises(ValueError, match="must have shape"):
            measure(images[:, ::2, ::2], images)
        with pytest.raises(TypeError, match="must be uint8"):
            measure(images / 255.0, images)


# --- the restorer ---------------------------------------------------------------------------------


def compiled(degrade=degradations.noisy, **options):
    restorer = Restorer(degrade, **{**TINY, **options})
    restorer.compile()
    return restorer


def pair(degrade=degradations.noisy):
    clean = pictures(32)
    return tf.constant(degrade(clean, 0) / np.float32(255)), tf.constant(clean / np.float32(255))


def test_each_step_moves_its_own_player_only():
    restorer = compiled(adversarial_weight=1.0)
    networks = restorer.generator, restorer.discriminator, restorer.average_generator

    before = [snapshot(network) for network in networks]
    restorer.discriminator_step(*pair())
    generator, discriminator, average = map(largest_change, before, networks)
    assert discriminator > 0
    assert generator == average == 0

    before = [snapshot(network) for network in networks]
    restorer.generator_step(*pair())
    generator, discriminator, average = map(largest_change, before, networks)
    assert generator > 0
    assert discriminator == average == 0


def test_the_plain_loss_leaves_the_discriminator_alone():
    restorer = compiled()
    before = snapshot(restorer.discriminator)
    history = restorer.fit(pictures(), batch_size=32, verbose=0).history
    assert largest_change(before, restorer.discriminator) == 0
    assert history["adversarial"] == history["discriminator_loss"] == [0.0]


def test_the_adversarial_gradient_reaches_the_generator():
    """The same start and the same batch, with and without: the step differs, and the
    reconstruction it reports does not.
    """
    after = {}
    for weight in (0.0, 100.0):
        keras.utils.set_random_seed(0)
        restorer = compiled(adversarial_weight=weight)
        reconstruction, adversarial = restorer.generator_step(*pair())
        after[weight] = float(reconstruction), float(adversarial), restorer.generator.get_weights()
    assert after[0.0][0] == after[100.0][0]
    assert after[0.0][1] == 0.0 < after[100.0][1]
    assert any(
        (one != other).any() for one, other in zip(after[0.0][2], after[100.0][2], strict=True)
    )


def test_every_step_spoils_anew_and_a_second_run_alike():
    seen = []

    def spy(images, seed):
        seen.append(degradations.noisy(images, seed))
        return seen[-1]

    def run():
        seen.clear()
        keras.utils.set_random_seed(0)
        restorer = compiled(spy)
        restorer.fit(pictures(32), batch_size=32, epochs=3, verbose=0)
        return [*seen[1:]], restorer.get_weights()

    first, weights = run()
    again, weights_again = run()
    assert len(first) == 3
    assert (first[0] != first[1]).mean() > 0.3
    for one, other in zip(first + weights, again + weights_again, strict=True):
        np.testing.assert_array_equal(one, other)


@each_task
def test_restoring_a_tiny_task_beats_the_baseline(task):
    keras.utils.set_random_seed(0)
    restorer = compiled(task.degrade, width=16)
    restorer.fit(pictures(2048), batch_size=32, epochs=4, verbose=0)
    clean = pictures(200, seed=1)
    degraded = task.degrade(clean, 1)
    restored = restorer.restore(degraded)
    assert restored.shape == clean.shape
    assert restored.dtype == np.uint8
    assert metrics.psnr(restored, clean) > metrics.psnr(task.baseline(degraded), clean) + 1.0
    np.testing.assert_array_equal(restored[:7], restorer.restore(degraded[:7]))


def test_evaluate_reports_the_reconstruction_of_what_restore_uses():
    restorer = compiled()
    restorer.fit(pictures(), batch_size=32, verbose=0, validation_data=(pictures(64, seed=1),))
    first, again = (restorer.evaluate(pictures(64, seed=1), verbose=0) for _ in range(2))
    assert first == again
    assert set(first) == {"reconstruction"}


def test_weights_come_back(tmp_path):
    restorer = compiled(adversarial_weight=1.0)
    restorer.fit(pictures(), batch_size=32, verbose=0)
    restorer.save_weights(tmp_path / "some.weights.h5")
    loaded = compiled(adversarial_weight=1.0, seed=1)
    loaded.load_weights(tmp_path / "some.weights.h5")
    assert_bit_equal(state(loaded), state(restorer))
    degraded = degradations.noisy(pictures(20), 0)
    np.testing.assert_array_equal(loaded.restore(degraded), restorer.restore(degraded))


class PowerCut(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.steps) == 21:
            raise KeyboardInterrupt


def test_interrupted_and_resumed_equals_in_one_go(tmp_path):
    def run(*callbacks, seed=0):
        keras.utils.set_random_seed(seed)
        restorer = compiled(adversarial_weight=1.0, seed=seed)
        restorer.fit(pictures(), batch_size=32, epochs=4, verbose=0, callbacks=list(callbacks))
        return restorer

    expected = state(run())
    with pytest.raises(KeyboardInterrupt):
        run(keras.callbacks.BackupAndRestore(tmp_path / "backup"), PowerCut())
    resumed = run(keras.callbacks.BackupAndRestore(tmp_path / "backup"), seed=1)
    assert int(resumed.steps) == 32
    assert_bit_equal(state(resumed), expected)


WRONG = {
    "no function": (lambda: Restorer("denoising"), TypeError, "degrade must be a function of"),
    "negative weight": (
        lambda: compiled(adversarial_weight=-1.0),
        ValueError,
        "must be at least 0, got -1.0",
    ),
    "a degradation to floats": (
        lambda: compiled(lambda x, s: x / 255.0),
        TypeError,
        "what degrade returns must be",
    ),
    "a degradation that crops": (
        lambda: compiled(lambda x, s: x[:, :6]),
        ValueError,
        "must keep or halve height and width",
    ),
    "sides that cannot be folded": (
        lambda: Restorer(degradations.noisy, image_shape=(6, 6, 1)),
        ValueError,
        "multiples of 4",
    ),
    "floats": (lambda: compiled().restore(pictures(2) / 255.0), TypeError, "must be uint8"),
    "another size": (lambda: compiled().restore(digits(2)[0]), ValueError, r"shape \(n, 8, 8, 1\)"),
    "already large": (
        lambda: compiled(degradations.low_resolution).restore(pictures(2)),
        ValueError,
        r"shape \(n, 4, 4, 1\)",
    ),
    "labels": (lambda: compiled().fit(pictures(64), [0] * 64), ValueError, "has no classes"),
    "floats to fit": (lambda: compiled().fit(pictures(64) / 255.0), TypeError, "must be uint8"),
}


@pytest.mark.parametrize(("call", "error", "message"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_told(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_strokes_of_the_tests_are_the_worlds():
    assert pictures(3).shape == (3, *SHAPE)
    np.testing.assert_array_equal(pictures(3)[:, 1:-1:2, 1:-1:2], tiny_models.images(3))
    assert exact.SIDE == 3
