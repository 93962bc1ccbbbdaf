"""The defaults of every family hold at sizes and on pictures that they were not tuned on: no loss
runs away in the first steps, where it did. tools/measure_stability.py takes more seeds and steps.
"""

import keras
import numpy as np
import pytest

from genimg_lib.data import load_emoji
from genimg_lib.models.families import FAMILIES
from genimg_lib.models.gan import RISE_STEPS

STEPS = 16
LOSSES = {"negative_elbo", "reconstruction", "discriminator_loss", "generator_loss"}
LOSSES |= {"nats_per_token", "velocity_error", "average_velocity_error"}


def emoji(size: int) -> np.ndarray:
    """Colour on white, enlarged by repeating pixels."""
    found = load_emoji()
    images = found.images[found.splits["training"][::70][:64]]
    return images.repeat(size // 32, axis=1).repeat(size // 32, axis=2)


def losses_of(model, images) -> dict[str, np.ndarray]:
    """Name -> the loss of every step."""
    found = []

    class Record(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.reset_metrics()  # or a log is the mean of the epoch so far

        def on_train_batch_end(self, batch, logs=None):
            found.append(logs)

    model.compile()
    model.fit(images, batch_size=16, epochs=STEPS // 4, verbose=0, callbacks=[Record()])
    assert len(found) == STEPS
    return {name: np.array([float(logs[name]) for logs in found]) for name in found[0]}


def assert_held(losses: dict[str, np.ndarray]) -> None:
    """Above three times its start a loss has run away; a penalty or a KL term starts near 0."""
    named = losses.keys() & LOSSES
    assert named
    for name in named:
        assert np.isfinite(losses[name]).all(), name
        assert losses[name].max() <= 3.0 * losses[name][0], name


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("name", FAMILIES)
def test_no_loss_runs_away_in_colour(name, size):
    family = FAMILIES[name]
    images = emoji(size)
    keras.utils.set_random_seed(1)
    codec = family.codec and family.codec(image_shape=images.shape[1:], seed=1)
    if codec is not None:
        assert_held(losses_of(codec, images))
    model = family.build(image_shape=images.shape[1:], seed=1, codec=codec)
    assert_held(losses_of(model, images))
    assert model.generate(2, seed=0).shape == (2, size, size, 3)


@pytest.mark.parametrize(
    ("sides", "grid"),
    [
        ((28, 28), (7, 7)),
        ((32, 32), (8, 8)),
        ((36, 36), (9, 9)),  # an odd grid cannot be halved
        ((64, 64), (8, 8)),
        ((96, 64), (6, 4)),
    ],
)
def test_the_vae_works_on_a_coarse_grid_and_returns_to_the_size(sides, grid):
    vae = FAMILIES["vae"].build_small(image_shape=(*sides, 3), seed=0)
    assert vae.decoder.output_shape == (None, *sides, 3)
    (flat,) = (layer for layer in vae.encoder.layers if isinstance(layer, keras.layers.Flatten))
    assert flat.input.shape[1:3] == grid


def test_the_rate_for_digits_is_that_of_the_optimizer():
    """The shipped weights were trained with it."""
    for name, rate in (("vae", 3e-3), ("gan", 4e-3)):
        model = FAMILIES[name].build_small(image_shape=(28, 28, 1))
        assert model.scaled_rate(rate) == rate
        tiny = FAMILIES[name].build_small(image_shape=(8, 8, 1))
        assert tiny.scaled_rate(rate) == rate
    large = FAMILIES["vae"].build_small(image_shape=(56, 56, 1))
    assert large.scaled_rate(3e-3) == 1.5e-3
    assert large.scaled_rate(3e-3, power=1.0) == 0.75e-3


@pytest.mark.parametrize(
    ("shape", "first", "risen"),
    [((28, 28, 1), 1.0, 1.0), ((32, 32, 3), 784 / 3072, (784 / 3072) ** 0.5)],
)
def test_the_discriminator_begins_slowly_where_images_are_larger_than_digits(shape, first, risen):
    """Beside the generator: the shipped weights of digits were trained with equal rates."""
    gan = FAMILIES["gan"].build_small(image_shape=shape)
    players = gan.default_discriminator_optimizer(), gan.default_optimizer()
    for step, share in ((0, first), (RISE_STEPS, risen), (2 * RISE_STEPS, risen)):
        for optimizer in players:
            optimizer.iterations.assign(step)
        ours, theirs = (float(optimizer.learning_rate) for optimizer in players)
        assert ours == pytest.approx(share * theirs, rel=1e-5)
