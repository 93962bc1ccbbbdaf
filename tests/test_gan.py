"""The GAN's training contract, its moving average, its penalties and its augmentations."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.data import exact
from genimg_lib.models.adversarial import update_average
from genimg_lib.models.gan import GAN
from genimg_lib.nn.augment import AUGMENTATIONS, diff_augment
from genimg_lib.nn.losses import GAN_LOSSES


def snapshot(model):
    return [variable.numpy() for variable in model.weights]


def largest_change(before, model):
    return max(
        np.abs(old - new.numpy()).max() for old, new in zip(before, model.weights, strict=True)
    )


def real_batch(count=32, seed=0):
    images = tiny_models.images(count, seed)
    return tf.constant(images, tf.float32) / 127.5 - 1.0, tf.constant(tiny_models.labels(images))


def compiled_gan(**options):
    gan = tiny_models.gan(**options)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    return gan


# --- the training contract ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "class_names", [None, tiny_models.CLASSES], ids=["unconditional", "conditional"]
)
@pytest.mark.parametrize("loss", GAN_LOSSES)
def test_each_step_moves_its_own_player_only(loss, class_names):
    """The largest change on the other side is exactly 0, BatchNorm statistics included."""
    gan = compiled_gan(loss=loss, class_names=class_names)
    # a first step, so that nothing rests on the fresh initial values
    gan.discriminator_step(*real_batch())
    networks = (gan.generator, gan.discriminator, gan.average_generator)

    before = [snapshot(network) for network in networks]
    gan.discriminator_step(*real_batch())
    generator, discriminator, average = map(largest_change, before, networks)
    assert discriminator > 0
    assert generator == average == 0

    before = [snapshot(network) for network in networks]
    gan.generator_step(*real_batch())
    generator, discriminator, average = map(largest_change, before, networks)
    assert generator > 0
    assert discriminator == average == 0


def test_every_variable_of_both_players_is_trained():
    """Nothing is frozen by accident: a few steps move each trainable variable."""
    gan = tiny_models.gan()
    gan.compile()
    before = {variable.path: variable.numpy() for variable in gan.generator.trainable_variables}
    before |= {
        variable.path: variable.numpy() for variable in gan.discriminator.trainable_variables
    }
    gan.fit(tiny_models.images(160), batch_size=32, verbose=0)
    for variable in gan.generator.trainable_variables + gan.discriminator.trainable_variables:
        # a relativistic logit has no use for its offset
        if variable is not gan.discriminator.trainable_variables[-1]:
            assert (variable.numpy() != before[variable.path]).any(), variable.path


def test_both_optimizers_are_built_by_compile():
    gan = tiny_models.gan()
    gan.compile()
    for optimizer, network in (
        (gan.generator_optimizer, gan.generator),
        (gan.discriminator_optimizer, gan.discriminator),
    ):
        assert optimizer.built
        # Adam: two moments each
        assert len(optimizer.variables) >= 2 * len(network.trainable_variables)


def test_the_discriminator_follows_the_gradient_of_its_loss():
    """One step of gradient descent with rate 1 on the Wasserstein loss without penalty moves D's
    last bias by exactly 0 and its logits apart.
    """
    gan = tiny_models.gan(loss="wasserstein", penalty_weight=0.0)
    gan.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01))
    images, labels = real_batch()
    fakes = gan.generator([tf.random.stateless_normal((32, 4), (0, 1)), labels], training=True)

    def advantage():
        return float(
            tf.reduce_mean(gan.discriminator([images, labels]) - gan.discriminator([fakes, labels]))
        )

    before = advantage()
    bias = gan.discriminator.weights[-1].numpy()
    for _ in range(20):
        gan.discriminator_step(images, labels)
    assert advantage() > before
    np.testing.assert_allclose(gan.discriminator.weights[-1].numpy(), bias, atol=1e-6)


def test_steps_are_counted():
    gan = tiny_models.gan()
    gan.compile()
    gan.fit(tiny_models.images(100), batch_size=32, epochs=2, verbose=0)
    assert int(gan.steps) == 6  # the partial fourth batch of an epoch is left out


# --- the moving average ---------------------------------------------------------------------------


def test_the_average_starts_as_a_copy():
    gan = tiny_models.gan()
    assert largest_change(snapshot(gan.generator), gan.average_generator) == 0
    assert gan.average_generator.weights[0] is not gan.generator.weights[0]


def test_the_average_equals_a_numpy_loop():
    # reached after eight steps: both the warm-up and the plateau are seen
    gan = tiny_models.gan(ema_decay=0.5)
    gan.compile(keras.optimizers.Adam(1e-2), keras.optimizers.Adam(1e-2))
    live = []
    record = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: live.append(snapshot(gan.generator))
    )
    expected = [weight.astype(np.float64) for weight in snapshot(gan.generator)]
    gan.fit(tiny_models.images(20 * 16), batch_size=16, verbose=0, callbacks=[record])
    assert len(live) == 20
    for step, weights in enumerate(live, start=1):
        decay = min(0.5, (1 + step) / (10 + step))
        expected = [
            decay * average + (1 - decay) * weight
            for average, weight in zip(expected, weights, strict=True)
        ]
    for average, wanted in zip(gan.average_generator.weights, expected, strict=True):
        np.testing.assert_allclose(average, wanted, rtol=1e-4, atol=1e-6, err_msg=average.path)
    statistics = [weight for weight in gan.average_generator.weights if "moving" in weight.path]
    assert len(statistics) == 2  # a moving mean and a moving variance
    assert np.abs(statistics[0].numpy()).max() > 0


@pytest.mark.parametrize(
    ("decay", "step", "kept"),
    [
        (0.999, 0, 0.1),
        (0.999, 8, 0.5),
        (0.999, 10**6, 0.999),
        (0.3, 90, 0.3),
        (0.0, 5, 0.0),
        (1.0, 0, 0.1),
    ],
)
def test_the_warm_up(decay, step, kept):
    old, live = tiny_models.build_generator(), tiny_models.build_generator()
    before = snapshot(old)
    update_average(old, live, decay, step)
    for start, average, weight in zip(before, old.weights, live.weights, strict=True):
        np.testing.assert_allclose(
            average, kept * start + (1 - kept) * weight.numpy(), rtol=1e-4, atol=1e-6
        )


def test_generate_draws_with_the_average():
    gan = tiny_models.gan()
    before = gan.generate(50, seed=0)
    gan.generator.set_weights([weight + 1.0 for weight in gan.generator.get_weights()])
    np.testing.assert_array_equal(gan.generate(50, seed=0), before)
    gan.average_generator.set_weights(gan.generator.get_weights())
    assert (gan.generate(50, seed=0) != before).any()


# --- penalties ------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["relativistic", "wasserstein"])
def test_the_lazy_penalty(loss):
    """Every fourth step, four times as strong, nothing in between."""
    models = [tiny_models.gan(loss=loss, penalty_every=every) for every in (1, 4)]
    for gan in models:
        gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0))  # nothing moves
    for step in range(9):
        penalties = []
        for gan in models:
            gan.steps.assign(step)
            gan.seed_generator.state.assign([0, step])
            penalties.append(float(gan.discriminator_step(*real_batch())[1]))
        assert penalties[0] > 0
        assert penalties[1] == (pytest.approx(4 * penalties[0], rel=1e-5) if step % 4 == 0 else 0.0)


@pytest.mark.parametrize("loss", ["hinge", "non_saturating", "saturating"])
def test_the_other_losses_have_no_penalty(loss):
    assert (
        float(compiled_gan(loss=loss, penalty_every=1).discriminator_step(*real_batch())[1]) == 0.0
    )


def test_r1_and_r2_are_the_mean_of_both_penalties():
    """On a linear discriminator both are |slope|^2."""
    images, classes = keras.Input((3, 3, 1)), keras.Input((), dtype="int32")
    logits = keras.layers.Dense(1)(keras.layers.Flatten()(images))
    gan = compiled_gan(loss="relativistic", penalty_every=1)
    gan.discriminator = keras.Model([images, classes], keras.ops.squeeze(logits, -1))
    gan.compile()
    slope = gan.discriminator.get_weights()[0]
    assert float(gan.discriminator_step(*real_batch())[1]) == pytest.approx(
        float((slope**2).sum()), rel=1e-5
    )


def test_the_penalty_weight_scales_its_gradient():
    """Steps of gradient descent with weights 0, 1 and 3: the discriminator's move is affine in
    the weight.
    """
    moves = []
    for weight in (0.0, 1.0, 3.0):
        gan = compiled_gan(loss="relativistic", penalty_weight=weight, penalty_every=1)
        before = gan.discriminator.get_weights()
        gan.discriminator_step(*real_batch())
        moves.append(
            [new - old for old, new in zip(before, gan.discriminator.get_weights(), strict=True)]
        )
    for none, once, thrice in zip(*moves, strict=True):
        np.testing.assert_allclose(thrice - none, 3 * (once - none), rtol=1e-3, atol=1e-6)
    assert max(np.abs(once - none).max() for none, once in zip(*moves[:2], strict=True)) > 1e-4


# --- generate, classes ----------------------------------------------------------------------------


def test_a_seed_repeats_and_no_seed_does_not():
    gan = tiny_models.gan()
    np.testing.assert_array_equal(gan.generate(20, seed=3), gan.generate(20, seed=3))
    assert (gan.generate(20, seed=3) != gan.generate(20, seed=4)).any()
    assert (gan.generate(20) != gan.generate(20)).any()


def test_an_image_does_not_depend_on_its_batch():
    """BatchNorm draws with its statistics, not with those of the batch: 1 image or 600, the
    first is the same.
    """
    gan = tiny_models.gan()
    label, latents = tf.zeros(1, tf.int32), tf.random.stateless_normal((600, 4), (0, 1))
    many = gan.average_generator([latents, tf.zeros(600, tf.int32)], training=False)
    np.testing.assert_allclose(
        gan.average_generator([latents[:1], label], training=False), many[:1], rtol=1e-5
    )
    assert gan.generate(600, seed=0).shape == (600, 3, 3, 1)


def test_default_networks_train_and_draw():
    images = np.random.default_rng(0).integers(0, 256, (32, 28, 28, 1), dtype=np.uint8)
    gan = GAN(seed=0)
    gan.compile()
    history = gan.fit(images, batch_size=16, epochs=2, verbose=0).history
    assert np.isfinite([*history["discriminator_loss"], *history["generator_loss"]]).all()
    drawn = gan.generate(2, seed=0)
    assert drawn.shape == (2, 28, 28, 1)
    assert drawn.dtype == np.uint8


@pytest.fixture(scope="module")
def trained_gans():
    """(unconditional, conditional), each trained for 1000 steps on the 3x3 world."""
    images = tiny_models.images(3200)
    models = []
    for class_names in (None, tiny_models.CLASSES):
        gan = tiny_models.gan(penalty_weight=0.3, ema_decay=0.99, class_names=class_names)
        optimizers = [keras.optimizers.Adam(2e-3, beta_1=0.0, beta_2=0.99) for _ in range(2)]
        gan.compile(*optimizers, steps_per_execution=50)
        gan.fit(
            images,
            tiny_models.labels(images) if class_names else None,
            batch_size=32,
            epochs=10,
            verbose=0,
        )
        models.append(gan)
    return models


def test_a_tiny_gan_learns_the_enumerable_world(trained_gans):
    truth = exact.strokes()
    untrained, trained = (
        exact.total_variation(truth, exact.empirical(gan.generate(4000, seed=1)))
        for gan in (tiny_models.gan(), trained_gans[0])
    )
    print(f"total variation {untrained:.3f} -> {trained:.3f}")
    assert untrained > 0.9
    assert trained < 0.45  # 0.23 to 0.29 with three other seeds when the bound was set


def test_the_class_is_drawn(trained_gans):
    for label, name in enumerate(tiny_models.CLASSES):
        images = trained_gans[1].generate(500, name, seed=1)
        assert tiny_models.labels(images >= 128).mean() == pytest.approx(label, abs=0.1)
        np.testing.assert_array_equal(images, trained_gans[1].generate(500, [label] * 500, seed=1))


def test_save_and_load_round_trip(tmp_path):
    gan = tiny_models.gan()
    gan.compile()
    gan.fit(tiny_models.images(128), batch_size=32, verbose=0)
    gan.save_weights(tmp_path / "gan.weights.h5")
    other = tiny_models.gan(seed=5)
    other.compile()
    other.load_weights(tmp_path / "gan.weights.h5")

    def everything(model):
        optimizers = model.generator_optimizer.variables + model.discriminator_optimizer.variables
        return model.weights + optimizers + [model.seed_generator.state]

    for mine, theirs in zip(everything(gan), everything(other), strict=True):
        np.testing.assert_array_equal(mine, theirs, err_msg=mine.path)
    # unseeded: the random state came along
    np.testing.assert_array_equal(gan.generate(10), other.generate(10))


# --- DiffAugment ----------------------------------------------------------------------------------


def grey_images(count=64, side=16, channels=1, value=0.25):
    return tf.fill((count, side, side, channels), value)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmentation_is_differentiable_and_keeps_the_shape(name):
    images = tf.constant(np.random.default_rng(0).uniform(-1, 1, (8, 12, 16, 3)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(images)
        augmented = AUGMENTATIONS[name](images, 0)
        total = tf.reduce_sum(augmented)
    gradient = tape.gradient(total, images).numpy()
    assert augmented.shape == images.shape
    assert augmented.dtype == images.dtype
    assert np.isfinite(gradient).all()
    assert set(np.unique(gradient)) <= {0.0, 1.0}  # a pixel is shown once or not at all
    assert 0.5 < gradient.mean() <= 1.0


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmentation_is_drawn_for_each_image_and_each_call(name):
    ramp = tf.tile(tf.reshape(tf.linspace(-0.9, 0.9, 256), (1, 16, 16, 1)), (64, 1, 1, 1))
    seeds = keras.random.SeedGenerator(0)
    first, second = (AUGMENTATIONS[name](ramp, seeds).numpy() for _ in range(2))
    assert len(np.unique(first.reshape(64, -1), axis=0)) > 10
    assert (first != second).any()
    np.testing.assert_array_equal(AUGMENTATIONS[name](ramp, 3), AUGMENTATIONS[name](ramp, 3))


def test_brightness_adds_one_number_to_each_image():
    shift = AUGMENTATIONS["brightness"](grey_images(1000), 0).numpy() - 0.25
    assert np.ptp(shift, axis=(1, 2, 3)).max() == 0
    assert -0.5 <= shift.min() < -0.45
    assert 0.45 < shift.max() <= 0.5


def test_translation_shifts_and_brings_in_background():
    """A single bright pixel wanders at most an eighth of the side in each direction; all else is
    background, -1.
    """
    images = np.full((1000, 16, 24, 1), -1.0, np.float32)
    images[:, 8, 12] = 1.0
    shifted = AUGMENTATIONS["translation"](tf.constant(images), 0).numpy()
    _, rows, columns, _ = np.nonzero(shifted == 1.0)
    assert set(rows - 8) == {-2, -1, 0, 1, 2}
    assert set(columns - 12) == {-3, -2, -1, 0, 1, 2, 3}
    # independent directions: five standard errors
    assert np.abs(np.corrcoef(rows, columns)[0, 1]) < 5 / np.sqrt(1000)
    assert (shifted == -1.0).sum() == shifted.size - 1000
    full = AUGMENTATIONS["translation"](grey_images(200), 0).numpy()
    assert set(np.unique(full)) == {-1.0, 0.25}
    kept = (full == 0.25).sum(axis=(1, 2, 3))
    # a whole rectangle stays
    assert set(kept) == {a * b for a in (14, 15, 16) for b in (14, 15, 16)}


def test_cutout_blanks_part_of_a_square():
    cut = AUGMENTATIONS["cutout"](grey_images(500), 0).numpy()
    assert set(np.unique(cut)) == {-1.0, 0.25}
    blank = cut[..., 0] == -1.0
    heights, widths = blank.any(axis=2).sum(axis=1), blank.any(axis=1).sum(axis=1)
    np.testing.assert_array_equal(blank.sum(axis=(1, 2)), heights * widths)  # a rectangle
    assert max(heights.max(), widths.max()) <= 16 // 2
    assert heights.min() >= 1


def test_no_augmentation_is_the_identity():
    images = grey_images()
    assert diff_augment(images, (), 0) is images


def test_augmentations_are_applied_to_real_and_fake_images_alike():
    """With everything blanked, the discriminator sees no difference: its logits are equal, so
    the loss is log 2.
    """
    AUGMENTATIONS["blank"] = lambda images, seed: 0.0 * images
    try:
        gan = compiled_gan(loss="relativistic", augmentations=("blank",))
        loss, _ = gan.discriminator_step(*real_batch())
        assert float(loss) == pytest.approx(np.log(2), rel=1e-5)
        assert float(gan.generator_step(*real_batch())) == pytest.approx(np.log(2), rel=1e-5)
    finally:
        del AUGMENTATIONS["blank"]


def test_a_gan_trains_with_every_augmentation():
    images = np.random.default_rng(0).integers(0, 256, (32, 28, 28, 1), dtype=np.uint8)
    gan = GAN(seed=0, width=4, augmentations=tuple(AUGMENTATIONS))
    gan.compile()
    gan.fit(images, batch_size=16, verbose=0)
    assert np.isfinite(gan.generate(1, seed=0)).all()
