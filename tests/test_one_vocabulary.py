"""One transformer for words and pictures: the masks, both losses, the cache, both directions."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.data.attributes import FACTS, HIGH, LOW
from genimg_lib.data.captions import LANGUAGES, LONGEST, VOCABULARY, encode, parse
from genimg_lib.models.captioner import Captioner
from genimg_lib.models.one_vocabulary import OneVocabulary, TwoWayTransformer
from genimg_lib.nn import sampling

PICTURE, WORDS = 5, 7
"""Vocabularies of the small network."""
LENGTHS = (4, 6)
BOTH = pytest.mark.parametrize("way", [0, 1], ids=["picture", "caption"])


@pytest.fixture(scope="module")
def network():
    """With larger embeddings than training starts with, so that every token makes a difference."""
    keras.utils.set_random_seed(0)
    made = TwoWayTransformer((PICTURE, WORDS), LENGTHS, width=16, depth=2, heads=2)
    made.token_embedding.embeddings.assign(20.0 * made.token_embedding.embeddings)
    return made


def random_ids(network, count=3, seed=0):
    """Random pictures and captions as numbers of the common vocabulary, markers included."""
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, PICTURE, (count, LENGTHS[0]))
    words = rng.integers(0, WORDS, (count, LENGTHS[1]))
    ids = network.picture_ids(tokens), network.caption_ids(words, np.arange(count) % 2)
    return [np.asarray(part) for part in ids]


# --- the sequence and its masks ---


def test_no_two_things_have_one_number(network):
    pictures, words = random_ids(network, 500)
    tokens = {*np.unique(pictures[:, 1:])}, {*np.unique(words[:, 1:])}
    markers = {*np.unique(pictures[:, 0])}, {*np.unique(words[:, 0])}
    assert [len(part) for part in (*tokens, *markers)] == [PICTURE, WORDS, 1, len(LANGUAGES)]
    assert len(set.union(*tokens, *markers)) == PICTURE + WORDS + 1 + len(LANGUAGES)


def test_the_language_of_a_caption_is_seen():
    keras.utils.set_random_seed(0)
    sizes = {"width": 16, "depth": 1, "heads": 2}
    made = TwoWayTransformer((PICTURE, len(VOCABULARY)), (4, LONGEST), **sizes)
    markers = np.asarray(made.caption_ids(encode(["a thick seven", "粗的七"])))[:, 0]
    empty = np.asarray(made.caption_ids(np.zeros((1, LONGEST), np.int32)))[0, 0]
    assert markers[1] == markers[0] + 1
    assert empty == markers[0]


@BOTH
def test_what_is_written_sees_what_stands_before_and_all_that_is_read(network, way):
    """Each token in turn is changed; which logits move?"""
    written = network.segments[way]
    before = random_ids(network)
    logits = np.asarray(network.logits(written, *before))
    for segment in range(2):
        for position in range(LENGTHS[segment]):
            after = [part.copy() for part in before]
            token = after[segment][:, 1 + position]
            first, size = network.segments[segment].first, network.segments[segment].size
            after[segment][:, 1 + position] = first + (token - first + 1) % size
            moved = np.abs(np.asarray(network.logits(written, *after)) - logits).max(axis=(0, 2))
            unseen = position + 1 if segment == way else 0
            assert (moved[:unseen] == 0).all()
            assert (moved[unseen:] > 1e-5).all()


@BOTH
def test_a_loss_counts_its_own_targets_only(network, way):
    """It is the cross-entropy of the written segment, computed here by hand from the logits; the
    gradient by the logits of the read segment is zero, since there are none.
    """
    written, ids = network.segments[way], random_ids(network)
    found = np.asarray(network.token_nll(written, *ids))
    logits = np.asarray(network.logits(written, *ids), np.float64)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    expected = -np.take_along_axis(log_p, ids[way][:, 1:, None], axis=-1)[..., 0]
    assert found.shape == (3, LENGTHS[way])
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_every_weight_learns_from_both_directions(network):
    """Where two models would have two sets of weights, one has one: apart from the vectors of
    tokens and positions that a direction does not meet.
    """
    ids = random_ids(network, 40)
    for written in network.segments:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(network.token_nll(written, *ids))
        gradients = tape.gradient(loss, network.trainable_variables)
        assert all(gradient is not None for gradient in gradients)
        dense = [tf.convert_to_tensor(gradient) for gradient in gradients]
        assert all(np.abs(gradient).max() > 0 for gradient in dense)


@BOTH
def test_the_probabilities_of_all_continuations_sum_to_one(network, way):
    """Of both kinds of tokens together: it is one softmax."""
    logits = np.asarray(network.logits(network.segments[way], *random_ids(network)))
    assert logits.shape[-1] == PICTURE + WORDS


# --- the cache ---


def plain_loop(network, way, fixed, ids, nothing, *, seed, temperature, guidance):
    """What `write` does, without a cache: everything goes through the network for each token."""
    written = network.segments[way]
    seed = sampling.stateless_seed(seed)
    tokens = np.maximum(fixed, 0)
    for position in range(LENGTHS[way]):
        ids[way] = np.concatenate([ids[way][:, :1], written.first + tokens], axis=1)
        ours = slice(written.first, written.first + written.size)
        logits = network.logits(written, *ids)[:, position, ours]
        if guidance != 1.0:
            without = list(ids)
            without[1 - way] = nothing
            unread = network.logits(written, *without)[:, position, ours]
            logits = sampling.guide(logits, unread, guidance)
        noise = sampling.gumbel(logits.shape, seed, position)
        drawn = np.asarray(sampling.choose(logits, noise, temperature))
        tokens[:, position] = np.where(fixed[:, position] < 0, drawn, fixed[:, position])
    return tokens


@BOTH
@pytest.mark.parametrize(("guidance", "temperature"), [(1.0, 0.0), (1.0, 1.0), (2.5, 0.7)])
def test_cached_writing_equals_the_plain_loop(network, way, guidance, temperature):
    ids = random_ids(network, 20)
    nothing = np.where(np.arange(LENGTHS[1 - way] + 1), ids[1 - way][:1, 1:2], ids[1 - way][:, :1])
    fixed = np.full((20, LENGTHS[way]), -1)
    fixed[3, 1], fixed[5, 0] = 4, 2
    options = {"seed": 3, "temperature": temperature, "guidance": guidance}
    read = ids[1 - way]
    written = network.segments[way]
    found = np.asarray(network.write(written, fixed, ids[way][:, :1], read, nothing, **options))
    np.testing.assert_array_equal(found, plain_loop(network, way, fixed, ids, nothing, **options))
    assert found[3, 1] == 4
    assert found[5, 0] == 2
    assert found.min() >= 0
    assert found.max() < written.size


# --- a world where both directions are known: a picture is black or white all over ---

CAPTIONS = np.array(["a pale digit", "a dark digit"])
SAID = 0.9
"""How often the caption is that of the picture."""
BOTH_PICTURES = np.zeros((2, *tiny_models.SHAPE), np.uint8) + np.array(
    [[[[0]]], [[[255]]]], "uint8"
)
TRUTH = np.array([[SAID, 1 - SAID], [1 - SAID, SAID]])
"""p(caption | picture), and, since both are equally frequent, p(picture | caption)."""


def build(**options):
    keras.utils.set_random_seed(0)
    return OneVocabulary(
        tiny_models.pixel_tokenizer(), seed=0, **{**tiny_models.TRANSFORMER, **options}
    )


@pytest.fixture(scope="module")
def model():
    numbers = np.arange(4800) % 2
    told = numbers ^ (np.random.default_rng(0).uniform(size=4800) > SAID)
    made = build(label_drop=0.25)
    made.compile(steps_per_execution=50)
    made.fit(BOTH_PICTURES[numbers], CAPTIONS[told].tolist(), batch_size=16, epochs=2, verbose=0)
    return made


def table(model) -> tuple[np.ndarray, np.ndarray]:
    """p(picture | caption) and p(caption | picture) of the model, both (pictures, captions)."""
    images = np.repeat(BOTH_PICTURES, 2, axis=0)
    captions = np.tile(CAPTIONS, 2).tolist()
    painted = model.log_likelihood(images, captions)
    told = -np.asarray(model.caption_nll(model.prepare(images), encode(captions)))
    return np.exp(painted).reshape(2, 2), np.exp(told).reshape(2, 2)


def test_both_directions_are_the_conditionals_of_one_joint(model):
    """The sampled captions are off by 0.005 and the weights were averaged over 100 steps; a model
    that ignores what it reads has 0.5 everywhere.
    """
    painted, told = table(model)
    np.testing.assert_allclose(painted, TRUTH, atol=0.1)
    np.testing.assert_allclose(told, TRUTH, atol=0.1)
    # Bayes: log p(x | c) - log p(c | x) is a part of the picture and one of the caption
    ratio = np.log(painted) - np.log(told)
    assert abs(ratio[0, 0] - ratio[0, 1] - ratio[1, 0] + ratio[1, 1]) < 2.0
    assert np.log(TRUTH[0, 0] / TRUTH[0, 1]) * 2 > 4.0
    alone = np.exp(model.log_likelihood(BOTH_PICTURES))
    np.testing.assert_allclose(alone, [0.5, 0.5], atol=0.1)


def test_what_is_asked_for_is_painted_and_what_is_seen_is_said(model):
    for number, caption in enumerate(CAPTIONS.tolist()):
        painted = model.generate(200, caption, seed=1, guidance=3.0)
        assert np.mean(painted == BOTH_PICTURES[number]) > 0.95
    said = parse(model.describe(BOTH_PICTURES))[:, FACTS.index("brightness")]
    np.testing.assert_array_equal(said, [LOW, HIGH])


def test_either_is_completed(model):
    known = np.zeros((3, 3), bool)
    known[0] = True
    for picture in BOTH_PICTURES:
        completed = model.complete(picture[None], known, "a dark digit", seed=0)
        np.testing.assert_array_equal(completed[0, 0], picture[0])
    assert model.complete(BOTH_PICTURES, known, seed=0).shape == (2, *tiny_models.SHAPE)
    said = model.describe(BOTH_PICTURES, begin="a dark")
    assert all(caption.startswith("a dark") for caption in said)


# --- training ---


def test_the_objective_weighs_both_losses():
    tokens = np.zeros((4, 9), np.int32)
    words = encode(["a dark digit"] * 4)
    light, heavy = build(caption_weight=0.0), build(caption_weight=9.0)
    terms = light.terms(tokens, words)
    picture, caption = (float(np.mean(terms[name])) for name in light.METRICS)
    assert float(light.objective(terms)) == pytest.approx(picture, rel=1e-5)
    assert float(heavy.objective(terms)) == pytest.approx(picture + caption, rel=1e-5)


def test_a_picture_without_a_caption_has_none_to_write():
    model = build()
    tokens = np.random.default_rng(0).integers(0, 2, (4, 9)).astype(np.int32)
    words = encode(["a dark digit"] * 4)
    half = words * np.array([[1], [0], [1], [0]], np.int32)
    whole, dropped = model.terms(tokens, words), model.terms(tokens, half)
    share = np.asarray(dropped["nats_per_caption"])
    assert (share[[1, 3]] == 0).all()
    np.testing.assert_allclose(share[[0, 2]], 2 * np.asarray(whole["nats_per_caption"])[[0, 2]])
    assert np.isfinite(np.asarray(model.terms(tokens, 0 * words)["nats_per_caption"])).all()
    dropped = [np.asarray(model.drop_conditions(words)).any(axis=1).mean() for _ in range(500)]
    # 2000 captions, each dropped with probability 0.1: four standard deviations
    assert np.mean(dropped) == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 2000))


def test_a_file_comes_back(model, tmp_path):
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for one, other in zip(model.state(), loaded.state(), strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)
    assert loaded.get_config() == model.get_config()
    images = tiny_models.images(3)
    assert loaded.describe(images) == model.describe(images)
    np.testing.assert_array_equal(
        loaded.generate(3, "a dark digit", seed=0), model.generate(3, "a dark digit", seed=0)
    )
    model.save_weights(tmp_path / "model.weights.h5")
    with pytest.raises(ValueError, match="does not hold weights of this Captioner"):
        Captioner(tiny_models.pixel_tokenizer(), **tiny_models.TRANSFORMER).load_weights(
            tmp_path / "model.weights.h5"
        )
    with pytest.raises(ValueError, match="does not hold weights of this OneVocabulary"):
        build(width=8).load_weights(tmp_path / "model.weights.h5")


def test_bad_input(model):
    images = tiny_models.images(2)
    with pytest.raises(ValueError, match="language must be one of english, chinese, got 'latin'"):
        model.describe(images, "latin")
    with pytest.raises(ValueError, match="'dork' is not a word"):
        model.describe(images, begin="a dork")
    with pytest.raises(TypeError, match="must be uint8"):
        model.describe(images / 255.0)
    with pytest.raises(ValueError, match="give one caption for each image"):
        model.fit(images)
    with pytest.raises(ValueError, match="expected 2 captions, one per image, got 3"):
        model.generate(2, ["dark"] * 3)
    with pytest.raises(ValueError, match="temperature must be finite"):
        model.describe(images, temperature=-1.0)
    with pytest.raises(ValueError, match=r"guidance 2\.0 needs to know what says nothing"):
        model.describe(images, guidance=2.0)
    with pytest.raises(ValueError, match="caption_weight"):
        build(caption_weight=-1.0)
