"""Tokenizers: what training learns, encode and decode, several scales, and what must hold
without training.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.data import exact
from genimg_lib.models.tokenizer import PixelTokenizer, Tokenizer, resize
from genimg_lib.nn.quantizers import FSQ, VQ, codebook_usage

IMAGES = tiny_models.patched_images(640)


def vq(seed=0, **options):
    keras.utils.set_random_seed(seed)
    return VQ(12, 3, **options)


KINDS = {
    "fsq": lambda: {"quantizer": FSQ((4, 3))},
    "vq": lambda: {"quantizer": vq()},
    "scales": lambda: {"quantizer": vq(), "scales": (1, 2, 4)},
}


def untrained(kind, seed=0):
    return tiny_models.tokenizer(seed, **KINDS[kind]())


@pytest.fixture(scope="module", params=KINDS)
def trained(request):
    """(tokenizer, reconstruction before training, after it), in nats per image of 64 pixels."""
    tokenizer = untrained(request.param)
    tokenizer.compile(keras.optimizers.Adam(1e-2), steps_per_execution=20)
    before = tokenizer.evaluate(IMAGES, verbose=0)["reconstruction"]
    tokenizer.fit(IMAGES, batch_size=32, epochs=4, verbose=0)
    return tokenizer, before, tokenizer.evaluate(IMAGES, verbose=0)["reconstruction"]


# --- training -------------------------------------------------------------------------------------


def test_training_lowers_the_reconstruction(trained):
    """From 72 nats, the dark answer where half of the pixels are on, to less than an eighth of
    knowing nothing.
    """
    tokenizer, before, after = trained
    assert before == pytest.approx(64 * (np.log1p(np.exp(-2)) + np.log1p(np.exp(2))) / 2, rel=0.2)
    assert after < 64 * np.log(2) / 8
    fresh = tiny_models.patched_images(200, seed=1)
    wrong = (tokenizer.reconstruct(fresh) >= 128) != (fresh >= 128)
    assert wrong.mean() < 0.05


def test_several_tokens_are_used(trained):
    tokenizer, *_ = trained
    share, perplexity = codebook_usage(tokenizer.encode(IMAGES), tokenizer.vocabulary_size)
    assert share >= 4 / 12
    assert perplexity > 2  # two patches, all on and all off, would make 2


def test_evaluate_reports_the_losses(trained):
    """Mean nats per image between the images and the probabilities that they decode to, and the
    squared distance.
    """
    tokenizer, *_ = trained
    measured = tokenizer.evaluate(IMAGES, verbose=0)
    on = np.clip(
        np.asarray(tokenizer.intensities(tokenizer.encode(IMAGES)), np.float64), 1e-12, 1 - 1e-7
    )
    nats = -np.where(IMAGES > 0, np.log(on), np.log1p(-on)).sum(axis=(1, 2, 3))
    # probabilities round
    assert measured["reconstruction"] == pytest.approx(nats.mean(), rel=1e-3, abs=1e-3)
    if isinstance(tokenizer.quantizer, FSQ):
        assert measured["commitment"] == 0.0
    elif tokenizer.scales is None:
        features = np.asarray(tokenizer.encoder(IMAGES / np.float32(255)))
        codes = np.asarray(tokenizer.codes(tokenizer.encode(IMAGES)))
        assert measured["commitment"] == pytest.approx(
            ((features - codes) ** 2).sum(axis=(1, 2, 3)).mean(), rel=1e-3
        )


@pytest.mark.parametrize("kind", KINDS)
def test_the_commitment_pulls_the_encoder_only(kind):
    tokenizer = untrained(kind)
    with tf.GradientTape() as tape:
        tape.watch([variable.value for variable in tokenizer.quantizer.weights])
        _, commitment, _ = tokenizer.losses_of(IMAGES[:8])
        total = tf.reduce_sum(commitment)
    groups = [tokenizer.encoder.trainable_variables, tokenizer.decoder.trainable_variables]
    groups.append([variable.value for variable in tokenizer.quantizer.weights])
    encoder, decoder, quantizer = tape.gradient(total, groups)
    assert all(gradient is None for gradient in [*decoder, *quantizer])
    if kind == "fsq":
        assert float(total) == 0.0
    else:
        assert float(total) > 0
        assert max(np.abs(gradient).max() for gradient in encoder) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_reconstruction_trains_encoder_and_decoder(kind):
    """Straight through the quantizer every variable gets a gradient, and no codebook is trained
    by one.
    """
    tokenizer = untrained(kind)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tokenizer.losses_of(IMAGES[:32])[0])
    variables = tokenizer.trainable_variables
    assert len(variables) == len(tokenizer.encoder.weights) + len(tokenizer.decoder.weights)
    for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
        assert np.abs(gradient).max() > 0, variable.path


def test_the_commitment_weight_scales_its_gradient():
    """One step of gradient descent with weights 0, 1 and 3: the encoder's move is affine in the
    weight.
    """
    moves = []
    for weight in (0.0, 1.0, 3.0):
        tokenizer = tiny_models.tokenizer(quantizer=vq(), commitment=weight)
        tokenizer.compile(keras.optimizers.SGD(0.1))
        before = tokenizer.encoder.get_weights()
        tokenizer.train_step((tf.constant(IMAGES[:32]), None))
        moves.append(
            [new - old for old, new in zip(before, tokenizer.encoder.get_weights(), strict=True)]
        )
    for none, once, thrice in zip(*moves, strict=True):
        np.testing.assert_allclose(thrice - none, 3 * (once - none), rtol=1e-3, atol=1e-6)
    assert max(np.abs(once - none).max() for none, once in zip(*moves[:2], strict=True)) > 1e-5


def test_a_step_updates_the_codebook_with_what_was_quantized():
    """All scales' residuals reach the codebook, before it moves: 1 + 4 + 16 vectors of each
    image.
    """
    tokenizer = tiny_models.tokenizer(quantizer=vq(restart_below=0.0), scales=(1, 2, 4))
    tokenizer.compile(keras.optimizers.SGD(0.0))
    codebook, vectors = tokenizer.quantizer.codebook.numpy(), tokenizer.losses_of(IMAGES[:32])[2]
    assert vectors.shape == (32 * 21, 3)
    twin = VQ(12, 3, restart_below=0.0)
    twin.codebook.assign(codebook)
    twin.update(vectors, seed=0)
    tokenizer.train_step((tf.constant(IMAGES[:32]), None))
    np.testing.assert_allclose(tokenizer.quantizer.codebook, twin.codebook, atol=1e-6)
    assert np.abs(twin.codebook.numpy() - codebook).max() > 1e-3
    assert int(tokenizer.steps) == 1


# --- encode and decode ----------------------------------------------------------------------------


def test_encode_gives_tokens_and_decode_images(trained):
    tokenizer, *_ = trained
    tokens = tokenizer.encode(IMAGES)
    assert tokens.shape == (640, tokenizer.length)
    assert tokens.dtype == np.int32
    assert tokens.min() >= 0
    assert tokens.max() < tokenizer.vocabulary_size
    decoded = tokenizer.decode(tokens)
    assert decoded.shape == IMAGES.shape
    assert decoded.dtype == np.uint8
    np.testing.assert_array_equal(tokenizer.reconstruct(IMAGES), decoded)


def test_encode_crosses_its_internal_batches(trained):
    """An image's tokens do not depend on the images around it, nor does what tokens decode to."""
    tokenizer, *_ = trained
    tokens = tokenizer.encode(IMAGES)
    np.testing.assert_array_equal(tokenizer.encode(IMAGES[-3:]), tokens[-3:])
    np.testing.assert_array_equal(tokenizer.decode(tokens)[-3:], tokenizer.decode(tokens[-3:]))


def test_a_trained_tokenizer_comes_back_to_its_tokens(trained):
    """Encoding a reconstruction gives back most of its tokens: the images decoded are like those
    trained on.
    """
    tokenizer, *_ = trained
    tokens = tokenizer.encode(IMAGES)
    assert (tokenizer.encode(tokenizer.decode(tokens)) == tokens).mean() > 0.8


@pytest.mark.parametrize("kind", KINDS)
def test_codes_of_the_tokens_are_what_the_decoder_was_trained_on(kind):
    """`quantize_features`, used in training, and `codes(tokens)`, used to decode, are two ways
    to the same codes.
    """
    tokenizer = untrained(kind)
    features = (
        np.random.default_rng(0)
        .normal(0, 2, (20, 4, 4, tokenizer.quantizer.dimension))
        .astype(np.float32)
    )
    codes, vectors, tokens, commitment = tokenizer.quantize_features(features)
    np.testing.assert_allclose(tokenizer.codes(tokens), codes, atol=1e-5)
    assert tokens.shape == (20, tokenizer.length)
    assert vectors.shape == (20 * tokenizer.length, tokenizer.quantizer.dimension)
    assert commitment.shape == (20,)


# --- several scales -------------------------------------------------------------------------------


def test_residuals_from_coarse_to_fine():
    """Each scale's tokens are the nearest to what the scales before it left over, averaged on
    the scale's grid.
    """
    tokenizer = untrained("scales")
    codebook = np.random.default_rng(1).normal(size=(12, 3)).astype(np.float32)
    tokenizer.quantizer.codebook.assign(codebook)
    features = np.random.default_rng(0).normal(size=(6, 4, 4, 3)).astype(np.float32)
    tokens = np.asarray(tokenizer.quantize_features(features)[2])
    total, start = np.zeros_like(features), 0
    for side in (1, 2, 4):
        left_over = np.asarray(resize(features - total, (side, side)))
        distances = ((left_over[..., None, :] - codebook) ** 2).sum(axis=-1)
        expected = distances.argmin(axis=-1).reshape(6, -1)
        np.testing.assert_array_equal(tokens[:, start : start + side * side], expected)
        total += np.asarray(resize(codebook[expected].reshape(6, side, side, 3), (4, 4)))
        start += side * side
        np.testing.assert_allclose(tokenizer.codes(tokens[:, :start]), total, atol=1e-5)
        np.testing.assert_allclose(
            tokenizer.codes(tokens[:, :start], (2, 2)), resize(total, (2, 2)), atol=1e-5
        )
    assert start == tokenizer.length == 21


def test_one_scale_is_no_scales():
    plain, single = (
        tiny_models.tokenizer(quantizer=vq(), scales=scales) for scales in (None, (4,))
    )
    np.testing.assert_array_equal(plain.encode(IMAGES), single.encode(IMAGES))
    tokens = np.random.default_rng(0).integers(0, 12, (30, 16))
    np.testing.assert_array_equal(plain.decode(tokens), single.decode(tokens))


def test_resizing_averages_and_keeps_constants():
    features = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype(np.float32)
    np.testing.assert_allclose(
        resize(features, (1, 1))[:, 0, 0], features.mean(axis=(1, 2)), atol=0.2
    )
    np.testing.assert_allclose(
        resize(np.full((1, 2, 2, 1), 3.0, np.float32), (7, 7)), 3.0, rtol=1e-6
    )
    np.testing.assert_allclose(
        resize(np.full((1, 7, 7, 1), 3.0, np.float32), (2, 2)), 3.0, rtol=1e-6
    )
    np.testing.assert_array_equal(resize(features, (4, 4)), features)


# --- the network ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("patch", "grid"), [(2, (4, 6)), (4, (2, 3))])
def test_a_patch_becomes_a_token_of_any_image(patch, grid):
    tokenizer = Tokenizer(image_shape=(8, 12, 3), patch=patch, width=4, seed=0)
    assert tokenizer.grid == grid
    assert tokenizer.length == grid[0] * grid[1]
    images = np.random.default_rng(0).integers(0, 256, (3, 8, 12, 3), dtype=np.uint8)
    assert tokenizer.encode(images).shape == (3, tokenizer.length)
    assert tokenizer.reconstruct(images).shape == images.shape


def test_the_defaults_are_those_of_the_course():
    tokenizer = Tokenizer(seed=0)
    assert (tokenizer.image_shape, tokenizer.grid, tokenizer.length) == ((28, 28, 1), (7, 7), 49)
    assert tokenizer.vocabulary_size == 8 * 6 * 5


def test_tokens_run_row_by_row_and_reach_their_surroundings():
    """Three convolutions of 3x3 patches: a token changes its own patch, and nothing more than
    three patches away.
    """
    tokenizer = tiny_models.tokenizer(shape=(12, 20, 1))  # a grid of 6x10
    tokens = np.zeros((1, 60), int)
    plain = np.asarray(tokenizer.intensities(tokens))
    for row, column in ((0, 0), (0, 9), (5, 0), (2, 4)):
        other = tokens.copy()
        other[0, 10 * row + column] = 239
        change = (
            np.abs(np.asarray(tokenizer.intensities(other)) - plain)
            .reshape(6, 2, 10, 2)
            .max(axis=(1, 3))
        )
        far = np.maximum(*np.abs(np.mgrid[:6, :10] - np.array([row, column])[:, None, None])) > 3
        assert change[row, column] > 1e-4
        assert (change[far] == 0).all()


def test_save_and_load_round_trip(tmp_path):
    tokenizer, other = untrained("scales"), untrained("scales", seed=5)
    for each in (tokenizer, other):
        each.compile()
    tokenizer.fit(IMAGES[:64], batch_size=32, verbose=0)
    tokenizer.save_weights(tmp_path / "tokenizer.weights.h5")
    assert (tokenizer.fingerprint() != other.fingerprint()).any()
    other.load_weights(tmp_path / "tokenizer.weights.h5")
    mine = tokenizer.variables + tokenizer.optimizer.variables + [tokenizer.seed_generator.state]
    theirs = other.variables + other.optimizer.variables + [other.seed_generator.state]
    for weight, loaded in zip(mine, theirs, strict=True):
        np.testing.assert_array_equal(weight, loaded, err_msg=weight.path)
    np.testing.assert_array_equal(tokenizer.fingerprint(), other.fingerprint())
    np.testing.assert_array_equal(tokenizer.encode(IMAGES), other.encode(IMAGES))


@pytest.mark.parametrize("kind", ["fsq", "scales"])
def test_the_fingerprint_changes_with_any_weight(kind):
    tokenizer = untrained(kind)
    before = tokenizer.fingerprint()
    assert before.dtype == np.uint8
    assert len(before) == 8
    weights = [*tokenizer.encoder.weights, *tokenizer.quantizer.weights, *tokenizer.decoder.weights]
    for weight in weights:
        value = weight.numpy()
        changed = value.copy()
        changed.ravel()[-1] += np.float32(1e-6)
        weight.assign(changed)
        assert (tokenizer.fingerprint() != before).any(), weight.path
        weight.assign(value)
    np.testing.assert_array_equal(tokenizer.fingerprint(), before)


# --- pixels as tokens -----------------------------------------------------------------------------


def test_pixel_tokens_lose_nothing_of_black_and_white():
    tokenizer = tiny_models.pixel_tokenizer()
    tokens = tokenizer.encode(exact.all_images())
    # row by row, highest bit first
    np.testing.assert_array_equal(tokens @ (1 << np.arange(9)[::-1]), np.arange(512))
    np.testing.assert_array_equal(tokenizer.decode(tokens), exact.all_images())


@pytest.mark.parametrize("levels", [2, 4, 16, 100, 256])
def test_pixel_tokens_take_the_nearest_grey(levels):
    tokenizer = PixelTokenizer((16, 16, 1), levels)
    greys = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    palette = 255 * np.arange(levels) / (levels - 1)
    distances = np.abs(greys.reshape(-1, 1) - palette)
    tokens = tokenizer.encode(greys)[0]
    np.testing.assert_allclose(distances[np.arange(256), tokens], distances.min(axis=1), atol=1e-9)
    np.testing.assert_array_equal(np.unique(tokens), np.arange(levels))
    np.testing.assert_array_equal(tokenizer.encode(tokenizer.decode(tokens[None]))[0], tokens)


def test_pixel_fingerprints_tell_tokenizers_apart():
    prints = [
        PixelTokenizer(*each).fingerprint()
        for each in (((3, 3, 1), 2), ((3, 3, 1), 3), ((3, 4, 1), 2), ((4, 3, 1), 2))
    ]
    assert len({tuple(each) for each in prints}) == 4
    np.testing.assert_array_equal(PixelTokenizer((3, 3, 1)).fingerprint(), prints[0])


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "exception", "message"),
    [
        (np.full((2, 16), 12), ValueError, "token 12 is outside 0..11"),
        (np.full((2, 16), -1), ValueError, "token -1 is outside 0..11"),
        (np.zeros((2, 15), int), ValueError, "tokens must have shape (n, 16), got (2, 15)"),
        (np.zeros(16, int), ValueError, "tokens must have shape (n, 16), got (16,)"),
        (np.zeros((0, 16), int), ValueError, "tokens must have shape (n, 16), got (0, 16)"),
        (np.zeros((2, 16)), TypeError, "tokens must be whole numbers, got float64"),
        (np.zeros((2, 16), bool), TypeError, "tokens must be whole numbers, got bool"),
    ],
)
def test_bad_tokens(tokens, exception, message):
    with pytest.raises(exception) as raised:
        untrained("fsq").decode(tokens)
    assert message in str(raised.value)
    with pytest.raises(exception):
        PixelTokenizer((4, 4, 1), 12).decode(tokens)


@pytest.mark.parametrize(
    ("images", "exception", "message"),
    [
        (IMAGES / 255.0, TypeError, "images must be uint8 in 0..255, got float64"),
        (IMAGES[:, :4], ValueError, "images must have shape (n, 8, 8, 1)"),
        (IMAGES[:0], ValueError, "images is empty"),
    ],
)
def test_bad_images(images, exception, message):
    for tokenizer in (untrained("fsq"), PixelTokenizer(tiny_models.PATCHED_SHAPE)):
        with pytest.raises(exception) as raised:
            tokenizer.encode(images)
        assert message in str(raised.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_shape": (30, 30, 1)}, "multiples of patch, got image_shape=(30, 30, 1)"),
        ({"scales": (1, 2, 7)}, "FSQ bounds its features, so it cannot encode what is left over"),
        ({"quantizer": "vq", "scales": (1, 2, 4)}, "scales must grow and end with 7"),
        ({"quantizer": "vq", "scales": (2, 1, 7)}, "scales must grow and end with 7"),
        ({"quantizer": "vq", "scales": (1, 1, 7)}, "scales must grow and end with 7"),
        (
            {"quantizer": "vq", "scales": (1, 7), "image_shape": (28, 24, 1)},
            "the grid of a square image",
        ),
        ({"quantizer": "vq", "scales": ()}, "scales must grow and end with 7"),
        ({"quantizer": "vq", "scales": (0, 7)}, "each of scales must be a whole number"),
    ],
)
def test_impossible_tokenizers(options, message):
    if options.get("quantizer") == "vq":
        options = {**options, "quantizer": vq()}
    with pytest.raises(ValueError) as raised:
        Tokenizer(**options)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((3, 3, 1), 1), "between 2 and 256 grey levels, got 1"),
        (((3, 3, 1), 257), "between 2 and 256 grey levels, got 257"),
        (((3, 3, 3), 2), "images need one channel, got image_shape=(3, 3, 3)"),
    ],
)
def test_impossible_pixel_tokenizers(arguments, message):
    with pytest.raises(ValueError) as raised:
        PixelTokenizer(*arguments)
    assert message in str(raised.value)


def test_pixel_tokenizers_of_large_images_can_be_told_apart():
    prints = {tuple(PixelTokenizer((height, 2, 1)).fingerprint()) for height in (1, 257, 513)}
    assert len(prints) == 3


def test_an_untrained_tokenizer_answers_dark():
    """So that FSQ need not carry the background: the bias alone is sigmoid(-2), the codes add
    little yet.
    """
    tokenizer = tiny_models.tokenizer()
    intensities = tokenizer.intensities(
        np.zeros((1, tokenizer.length), np.int32) + tokenizer.vocabulary_size // 2
    )
    assert 0.05 < np.mean(intensities) < 0.25
