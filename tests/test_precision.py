"""Every model trains under Keras's mixed policies, and what must not be rounded is in float32."""

import contextlib

import contract
import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models
from keras import ops

from genimg_lib.data import degradations, load_emoji
from genimg_lib.evaluation import pretrained
from genimg_lib.models import Captioner, Namer, Restorer, TextFlow, TextToImage
from genimg_lib.models.families import FAMILIES
from genimg_lib.models.reward_tuning import GRPO
from genimg_lib.models.text_encoders import DigitEncoder
from genimg_lib.nn.precision import POLICIES, LossScale
from genimg_lib.nn.quantizers import FSQ, VQ

HALF = POLICIES[1:]
CAPTIONS = ["a bold seven"] * 32
SMALL = {"width": 16, "depth": 1, "heads": 2, "seed": 0}


@contextlib.contextmanager
def under(policy: str):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def family_model(name):
    """An untrained small model, and its codec after one step."""
    family = FAMILIES[name]
    codec = contract.codec.__wrapped__(family)  # not the cached one: it has another policy
    keras.utils.set_random_seed(0)
    return family.build_small(
        image_shape=contract.SHAPE, class_names=contract.CLASSES, seed=0, codec=codec
    )


def tokenizer():
    return tiny_models.trained_tokenizer(patch=2, width=8)


OTHERS = {
    "restorer": lambda: Restorer(
        degradations.noisy, image_shape=contract.SHAPE, width=4, adversarial_weight=1.0, seed=0
    ),
    "text_to_image": lambda: TextToImage(tokenizer(), DigitEncoder(), **SMALL),
    "text_flow": lambda: TextFlow(DigitEncoder(), image_shape=contract.SHAPE, patch=4, **SMALL),
    "captioner": lambda: Captioner(tokenizer(), **SMALL),
    "wasserstein": lambda: FAMILIES["gan"].small(
        image_shape=contract.SHAPE, loss="wasserstein", penalty_every=1, seed=0
    ),
}
"""Beside the registered families: name -> builds a small model of 8x8 grey images."""


def conditions_for(model, pictures):
    if isinstance(model, (TextToImage, TextFlow, Captioner)):
        return (CAPTIONS,)
    return (contract.labels(pictures),) if model.num_classes else ()


def assert_trains(model):
    pictures = contract.images()
    model.compile(run_eagerly=True)
    before = [np.array(weight) for weight in model.trainable_variables]
    history = model.fit(pictures, *conditions_for(model, pictures), batch_size=16, verbose=0)
    assert np.isfinite(list(history.history.values())).all()
    assert {weight.dtype for weight in model.trainable_variables} == {"float32"}
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    moved = [
        not np.array_equal(*pair) for pair in zip(before, model.trainable_variables, strict=True)
    ]
    assert any(moved)


@pytest.mark.parametrize("policy", HALF)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_trains_and_generates(name, policy):
    with under(policy):
        model = family_model(name)
        assert_trains(model)
        if policy == HALF[0]:  # the same code, whose graphs take a while to trace
            return
        labels = ops.convert_to_tensor([0, 1])
        sampled = model.sample(labels, keras.random.SeedGenerator(0))
        assert sampled.dtype == tf.float32
        assert np.isfinite(sampled).all()
        assert model.generate(2, seed=0).dtype == np.uint8


@pytest.mark.parametrize("name", OTHERS)
def test_the_other_models_train(name):
    with under("mixed_float16"):
        model = OTHERS[name]()
        assert_trains(model)
        pictures = contract.images(2)
        if name == "restorer":
            assert model.restore(pictures).dtype == np.uint8
        elif name == "captioner":
            assert len(model.describe(pictures)) == 2
        else:
            assert model.generate(2, *CAPTIONS[: "text" in name], seed=0).dtype == np.uint8


@pytest.mark.parametrize("name", FAMILIES)
def test_a_loss_differs_from_that_in_float32_by_rounding(name):
    """By at most as much as a dozen layers, each of which rounds once."""
    full = family_model(name)
    with under("mixed_float16"):
        half = family_model(name)
    half.set_weights(full.get_weights())
    pictures = contract.images()
    inputs = ops.convert_to_tensor(full.prepare(pictures))  # tokens flip where features round
    labels = ops.convert_to_tensor(contract.labels(pictures))
    if isinstance(getattr(full, "tokenizer", None), keras.Model):
        half.tokenizer.set_weights(full.tokenizer.get_weights())
    expected = full.terms(inputs, labels)
    found = half.terms(inputs, labels)
    for term in set(full.METRICS) & expected.keys():
        assert found[term].dtype == tf.float32
        mean = float(ops.mean(expected[term]))
        assert float(ops.mean(found[term])) == pytest.approx(mean, rel=12 * 2.0**-10), term


@pytest.mark.parametrize("loss", ["relativistic", "wasserstein"])
def test_a_penalty_is_that_of_float32(loss):
    full = tiny_models.gan(loss=loss, penalty_every=1)
    with under("mixed_float16"):
        half = tiny_models.gan(loss=loss, penalty_every=1)
    half.set_weights(full.get_weights())
    real, fake = np.random.default_rng(0).uniform(-1, 1, (2, 8, 3, 3, 1)).astype(np.float32)
    labels = tf.zeros(8, tf.int32)
    expected, found = (
        float(model._penalty(tf.constant(real), tf.constant(fake), labels))
        for model in (full, half)
    )
    assert expected > 0
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("policy", HALF)
def test_what_quantizes_and_what_measures_is_in_float32(policy):
    features = np.random.default_rng(0).normal(0, 2, (64, 3)).astype(np.float32)
    digits = tiny_models.patched_images(4).repeat(4, axis=1).repeat(4, axis=2)[:, 2:30, 2:30]
    full = [FSQ(), VQ(8, 3), pretrained.load("classifier")]
    with under(policy):
        half = [FSQ(), VQ(8, 3), pretrained.load("classifier")]
    for one, other in zip(full, half, strict=True):
        other.set_weights(one.get_weights())
    for one, other in zip(full[:2], half[:2], strict=True):
        np.testing.assert_array_equal(one(features), other(features))
        np.testing.assert_array_equal(one.tokens(features), other.tokens(features))
    for one, other in zip(full[2](digits), half[2](digits), strict=True):
        np.testing.assert_array_equal(one, other)


def test_float16_scales_the_loss_of_every_optimizer():
    """With the scale of our own, which asks all replicas."""
    with under("mixed_float16"):
        vae, gan = tiny_models.vae(), tiny_models.gan()
        vae.compile()
        gan.compile()
        model = tiny_models.image_gpt(class_names=tiny_models.CLASSES)
        tuner = GRPO(model, tiny_models.image_gpt(seed=1, class_names=tiny_models.CLASSES))
    for optimizer in (vae.optimizer, *gan.optimizers(), tuner.optimizer):
        assert isinstance(optimizer, LossScale)


def test_rewards_tune_a_model():
    with under("mixed_float16"):
        model = tiny_models.image_gpt(class_names=tiny_models.CLASSES)
        tuner = GRPO(model, tiny_models.image_gpt(seed=1, class_names=tiny_models.CLASSES))
        before = model.get_weights()
        told = tuner.step([0, 1], lambda images, asked: images.mean(axis=(1, 2, 3)))
    assert np.isfinite(list(told.values())).all()
    after = model.get_weights()
    assert all(np.isfinite(weight).all() for weight in after)
    assert any(not np.array_equal(*pair) for pair in zip(before, after, strict=True))


def test_the_namer_learns():
    emoji = load_emoji()
    with under("mixed_bfloat16"):
        model = Namer(seed=0)
        model.compile(run_eagerly=True)
        labels = list(zip(emoji.concepts[:2].tolist(), emoji.styles[:2].tolist(), strict=True))
        history = model.fit(emoji.images[:2], labels, verbose=0).history
        assert np.isfinite(list(history.values())).all()
        assert model.scores(emoji.images[:2]).dtype == np.float32
