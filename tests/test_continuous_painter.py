"""Continuous tokens: what a place may know, the flow head, the cache, training and files."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models
from authors_tools import tool

from genimg_lib.models.continuous_painter import ContinuousPainter, LatentTransformer
from genimg_lib.models.text_encoders import WordEncoder
from genimg_lib.nn import sampling
from genimg_lib.nn.quantizers import FSQ, Unrounded

LENGTH, DIMENSION, SOURCE, WORDS = 5, 3, 4, 7


@pytest.fixture(scope="module")
def network():
    """With a head and embeddings that are not zero or small, as they are when training starts."""
    keras.utils.set_random_seed(0)
    made = LatentTransformer(
        LENGTH, DIMENSION, (SOURCE,), WORDS, width=16, depth=2, flow_width=16, flow_blocks=1
    )
    made.embedding.kernel.assign(3.0 * made.embedding.kernel)
    made.reader.queries.assign(20.0 * made.reader.queries)
    for weight in made.flow.weights:
        if "kernel" in weight.path:
            weight.assign(keras.random.normal(weight.shape, stddev=0.3, seed=1))
    return made


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def sources(count, seed=0):
    return np.random.default_rng(seed).integers(1, WORDS, (count, SOURCE)).astype(np.int32)


# --- what a place may know ---


def test_a_context_knows_the_latents_before_it_and_no_other(network):
    """Each latent in turn is changed; which contexts move?"""
    before, source = normal(3, LENGTH, DIMENSION), sources(3)
    contexts = np.asarray(network.contexts(before, source))
    for place in range(LENGTH):
        after = before.copy()
        after[:, place] += 1.0
        moved = np.abs(np.asarray(network.contexts(after, source)) - contexts).max(axis=(0, 2))
        assert (moved[: place + 1] == 0).all()
        assert (moved[place + 1 :] > 1e-5).all()


def test_every_context_knows_the_whole_source(network):
    latents, source = normal(2, LENGTH, DIMENSION), sources(2)
    contexts = np.asarray(network.contexts(latents, source))
    for word in range(SOURCE):
        other = source.copy()
        other[:, word] = source[:, word] % (WORDS - 1) + 1
        moved = np.abs(np.asarray(network.contexts(latents, other)) - contexts).max(axis=(0, 2))
        assert (moved > 1e-5).all()


def test_the_loss_of_a_latent_is_its_own(network):
    """The error at a place depends on the latents up to it: those behind it change nothing."""
    latents, source = normal(3, LENGTH, DIMENSION), sources(3)

    def error(latents):
        return np.asarray(network.velocity_error(latents, source, 3, noises=2))

    after = latents.copy()
    after[:, 2] += 1.0
    moved = np.abs(error(after) - error(latents))
    assert moved.shape == (3, LENGTH)
    assert (moved[:, :2] == 0).all()
    assert (moved[:, 2:] > 1e-6).all()


# --- the flow ---

SPREAD = 0.5
MEANS = np.array([[-1.5, 0.0], [1.5, 0.0]], np.float32)
"""Latents of two contexts: N(mean, SPREAD^2) in each dimension."""


def exact_velocity(noisy, times, means):
    """E[latent - noise | position]: the regression of both on a Gaussian position."""
    times = times[:, None]
    surprise = (noisy - times * means) / (times**2 * SPREAD**2 + (1 - times) ** 2)
    return means + (times * SPREAD**2 - (1 - times)) * surprise


def on_the_path(count, seed):
    """Positions that training would meet, their times, their contexts, and data minus noise."""
    rng = np.random.default_rng(seed)
    contexts = rng.integers(0, 2, count)
    data = MEANS[contexts] + SPREAD * rng.normal(size=(count, 2))
    noise, times = rng.normal(size=(count, 2)), 1 / (1 + np.exp(-rng.normal(size=count)))
    noisy = times[:, None] * data + (1 - times[:, None]) * noise
    found = noisy, times, np.eye(2)[contexts], data - noise
    return [np.asarray(part, np.float32) for part in found]


@pytest.fixture(scope="module")
def gaussian():
    """A network whose flow has learned the two Gaussians, and whose contexts name them."""
    keras.utils.set_random_seed(0)
    made = LatentTransformer(1, 2, (1,), 3, width=2, depth=1, heads=1, flow_width=32)
    rate = keras.optimizers.schedules.CosineDecay(1e-2, 400)
    made.flow.compile(keras.optimizers.Adam(rate), loss="mse")
    *inputs, target = on_the_path(400 * 256, 0)
    made.flow.fit(inputs, target, batch_size=256, epochs=1, verbose=0)
    return made


def test_the_flow_head_learns_the_closed_form(gaussian):
    """Its error against the exact velocity is a small part of what the best guess makes that does
    not look at the context.
    """
    noisy, times, contexts, _ = on_the_path(5000, 1)
    exact = exact_velocity(noisy, times, contexts @ MEANS)
    found = np.asarray(gaussian.flow([noisy, times, contexts]))
    # without the context: both exact velocities, weighed by how likely each is at this position
    variance = times[:, None] ** 2 * SPREAD**2 + (1 - times[:, None]) ** 2
    distances = [((noisy - times[:, None] * mean) ** 2 / variance).sum(axis=1) for mean in MEANS]
    first = 1 / (1 + np.exp((distances[0] - distances[1]) / 2))[:, None]
    both = [exact_velocity(noisy, times, mean) for mean in MEANS]
    blind = first * both[0] + (1 - first) * both[1]
    assert np.mean((found - exact) ** 2) < 0.1 * np.mean((blind - exact) ** 2)


def test_following_the_flow_ends_in_the_gaussian(gaussian):
    """The exact flow takes noise z to mean + SPREAD * z. Of 4,000 samples the mean is known within
    0.01 and the deviation within 1 %; the rest of the tolerance is the head's error.
    """
    noise = normal(8000, 2, seed=2)
    contexts = tf.repeat(tf.eye(2), 4000, axis=0)
    found = np.asarray(gaussian.follow(tf.constant(noise), contexts, tf.constant(32)))
    for latents, mean in zip(np.split(found, 2), MEANS, strict=True):
        np.testing.assert_allclose(latents.mean(axis=0), mean, atol=0.1)
        np.testing.assert_allclose(latents.std(axis=0), SPREAD, rtol=0.15)


def test_euler_steps_end_at_the_exact_map_as_they_get_smaller():
    """With the exact velocity in place of the head only the steps are wrong: eight times as many
    are at least four times as near, as a method of first order is.
    """
    noise, mean = normal(500, DIMENSION), np.float32(0.7)

    def exact(inputs):
        noisy, times, _ = (tf.cast(part, tf.float32) for part in inputs)
        return exact_velocity(noisy, times, mean)

    network, contexts = SimpleNamespace(flow=exact), np.zeros((500, 1), np.float32)
    errors = []
    for steps in (16, 128):
        found = LatentTransformer.follow(network, tf.constant(noise), contexts, tf.constant(steps))
        errors.append(np.abs(found - (mean + SPREAD * noise)).max())
    assert errors[1] < errors[0] / 4


# --- the cache ---


def plain_loop(network, noise, source, steps, guidance):
    """What `write` does, without a cache: everything goes through the network for each place."""
    latents = np.zeros_like(noise)
    for place in range(LENGTH):
        contexts = network.contexts(latents, source)[:, place]
        unread = network.contexts(latents, np.zeros_like(source))[:, place]
        x = tf.constant(noise[:, place])
        for index in range(steps):
            times = tf.fill([len(x)], index / steps)
            velocity = network.flow([x, times, contexts])
            without = network.flow([x, times, unread])
            x = x + sampling.guide(velocity, without, guidance) / steps
        latents[:, place] = x
    return latents


@pytest.mark.parametrize("guidance", [1.0, 2.5])
def test_cached_writing_equals_the_plain_loop(network, guidance):
    noise, source = normal(20, LENGTH, DIMENSION), sources(20)
    found = np.asarray(network.write(noise, source, steps=4, guidance=guidance))
    expected = plain_loop(network, noise, source, 4, guidance)
    # float32 sums in another order, through five places that each hand theirs on
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
    assert np.abs(found - np.asarray(network.write(noise, sources(20, 1), steps=4))).max() > 0.01


# --- the model ---


def build(quantizer=None, **options):
    tokenizer = tiny_models.trained_tokenizer(quantizer=quantizer or Unrounded((5, 5)))
    sizes = {**tiny_models.TRANSFORMER, "flow_width": 16, "flow_blocks": 1}
    keras.utils.set_random_seed(0)
    return ContinuousPainter(tokenizer, WordEncoder(), seed=0, **{**sizes, **options})


def test_unrounded_codes_are_those_of_fsq_within_half_a_level():
    features = tf.constant(normal(200, 3, seed=3) * 2)
    levels = (8, 6, 5)
    rounded, free = (np.asarray(kind(levels)(features)) for kind in (FSQ, Unrounded))
    half = np.array(levels) // 2
    assert (np.abs(free - rounded) <= 0.5 / half + 1e-6).all()
    assert len(np.unique(rounded[:, 0])) <= 8 < len(np.unique(free[:, 0]))


def test_latents_are_standardised_and_come_back_as_the_decoder_sees_them():
    model, images = build(), tiny_models.patched_images(64)
    latents = model.prepare(images)
    assert latents.shape == (64, 16, 2)
    np.testing.assert_allclose(latents.mean(axis=(0, 1)), 0.0, atol=1e-4)
    np.testing.assert_allclose(latents.std(axis=(0, 1)), 1.0, atol=1e-3)
    codes = model.tokenizer.quantizer(model.tokenizer.encoder(images / np.float32(255)))
    logits = model.tokenizer.decoder(codes)
    expected = np.round(255 / (1 + np.exp(-np.asarray(logits, np.float64))))
    # rounding to bytes may fall either way
    assert np.abs(model.reconstruct(images).astype(float) - expected).max() <= 1.0


def test_rounded_codes_are_reconstructed_as_their_tokenizer_does():
    model, images = build(FSQ((5, 5))), tiny_models.patched_images(64)
    ours = model.reconstruct(images).astype(int)
    assert np.abs(ours - model.tokenizer.reconstruct(images)).max() <= 1


def test_training_generating_and_files(tmp_path):
    """Of black and white pictures, whose captions say which."""
    model = build(noises=2)
    numbers = np.arange(640) % 2
    images = np.repeat(255 * numbers.astype(np.uint8), 64).reshape(-1, 8, 8, 1)
    captions = np.array(["a pale digit", "a dark digit"])[numbers].tolist()
    model.compile()
    history = model.fit(images, captions, batch_size=32, epochs=5, verbose=0).history
    assert history["velocity_error"][-1] < 0.5 * history["velocity_error"][0]
    options = {"seed": 1, "steps": 8, "guidance": 1.0}
    made = model.generate(30, "a dark digit", **options)
    assert made.shape == (30, 8, 8, 1)
    np.testing.assert_array_equal(made, model.generate(30, "a dark digit", **options))
    # nothing but the caption tells which picture begins
    latents, words = model.prepare(images[:200]), model.encode_conditions(captions[:200], 200)
    right, wrong = (
        np.asarray(model.network.velocity_error(latents, told, 3, noises=8))[:, 0].mean()
        for told in (words, words[::-1])
    )
    assert right < 0.7 * wrong
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(made, loaded.generate(30, "a dark digit", **options))


def test_bad_input():
    with pytest.raises(TypeError, match="a PixelTokenizer has no codes"):
        ContinuousPainter(tiny_models.pixel_tokenizer(), WordEncoder())
    with pytest.raises(ValueError, match="one code for each patch, got 5 tokens"):
        ContinuousPainter(tiny_models.scale_tokenizer(), WordEncoder())
    model = build()
    with pytest.raises(ValueError, match="give one caption for each image"):
        model.fit(tiny_models.patched_images(4))
    with pytest.raises(ValueError, match="steps must be"):
        model.generate(2, steps=0)
    with pytest.raises(ValueError, match="temperature must be"):
        model.generate(2, temperature=-1.0)
    with pytest.raises(ValueError, match="has not been trained"):
        ContinuousPainter(tiny_models.tokenizer(), WordEncoder()).prepare(
            tiny_models.patched_images(2)
        )


# --- the measurement ---


def test_only_the_rounding_is_taken_from_the_shipped_codec():
    measure = tool("measure_one_vocabulary")
    rounded, unrounded = measure.codec("rounded", 0), measure.codec("unrounded", 0)
    assert isinstance(unrounded.quantizer, Unrounded)
    assert unrounded.trained
    for one, other in zip(rounded.weights, unrounded.weights, strict=True):
        np.testing.assert_array_equal(one, other)
