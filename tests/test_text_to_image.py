"""Reading before writing: the transformer, text encoders, text to image, image to text."""

import itertools

import keras
import numpy as np
import pytest
import tiny_models

from genimg_lib.data import exact
from genimg_lib.data.attributes import FACTS, HIGH, LOW, UNSAID
from genimg_lib.data.captions import LANGUAGES, LONGEST, VOCABULARY, draw_true, encode, parse
from genimg_lib.models import text_encoders as text
from genimg_lib.models.captioner import Captioner
from genimg_lib.models.text_encoders import DigitEncoder, StateEncoder, WordEncoder
from genimg_lib.models.text_to_image import TextToImage
from genimg_lib.nn.cross_attention import ReadingTransformer

LENGTH, SOURCE = 5, (4,)


@pytest.fixture(scope="module", params=["tokens", "features"])
def network(request):
    keras.utils.set_random_seed(0)
    source = (SOURCE, 7) if request.param == "tokens" else ((*SOURCE, 3), None)
    network = ReadingTransformer(6, LENGTH, *source, width=16, depth=2)
    network.token_embedding.embeddings.assign(20.0 * network.token_embedding.embeddings)
    network.reader.queries.assign(20.0 * network.reader.queries)
    network.reader.positions.assign(20.0 * network.reader.positions)
    return network


def sources(network, count, seed=0):
    rng = np.random.default_rng(seed)
    if len(network.source_shape) == 1:
        return rng.integers(1, 7, (count, *SOURCE)).astype(np.int32)
    return rng.normal(size=(count, *network.source_shape)).astype(np.float32)


def test_probabilities_of_all_sequences_sum_to_one(network):
    tokens = np.array(list(itertools.product(range(6), repeat=3)), np.int32)
    given = np.repeat(sources(network, 1), len(tokens), axis=0)
    nll = np.asarray(network.token_nll(tokens, given)).sum(axis=1)
    assert np.exp(-nll).sum() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("guidance", [1.0, 2.5])
def test_cached_drawing_equals_uncached(network, guidance):
    free, given = np.full((20, LENGTH), -1), sources(network, 20)
    free[3, 1] = 4
    options = {"seed": 3, "guidance": guidance, "temperature": 0.7}
    drawn = np.asarray(network.draw(free, given, **options))
    np.testing.assert_array_equal(drawn, network.draw_uncached(free, given, **options))
    assert drawn[3, 1] == 4
    assert (drawn != np.asarray(network.draw(free, sources(network, 20, 1), **options))).any()


def test_every_position_of_the_source_reaches_every_output(network):
    tokens, given = np.zeros((1, LENGTH - 1), np.int32), sources(network, 1)
    logits = np.asarray(network(tokens, given))
    for position in range(SOURCE[0]):
        changed = given.copy()
        changed[0, position] = (
            changed[0, position] % 6 + 1 if given.dtype == np.int32 else changed[0, position] + 1.0
        )
        difference = np.abs(np.asarray(network(tokens, changed)) - logits).max(axis=(0, 2))
        assert (difference > 1e-6).all()


def test_the_reader_is_trained(network):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = keras.ops.mean(
            network.token_nll(np.zeros((2, LENGTH), np.int32), sources(network, 2))
        )
    gradients = tape.gradient(loss, network.trainable_variables)
    assert all(gradient is not None for gradient in gradients)


def test_a_source_of_another_shape(network):
    with pytest.raises(ValueError, match="expected 2 sources of shape"):
        network.draw(np.full((2, LENGTH), -1), np.zeros((2, 9), np.int32))


# --- text encoders ---


def test_the_digit_encoder_loses_all_but_the_digit():
    np.testing.assert_array_equal(
        DigitEncoder().encode(["a thick seven", "七", "pale"]), [[8], [8], [0]]
    )


def test_stored_states_are_padded_or_averaged():
    stored = {"a seven": np.ones((2, 3)), "a thin one": np.full((4, 3), 2.0)}
    states = StateEncoder(stored, longest=5).encode(["a thin one", "a seven", "a thin one"])
    assert states.shape == (3, 5, 3)
    np.testing.assert_array_equal(
        states[:, :, 0], [[2, 2, 2, 2, 0], [1, 1, 0, 0, 0], [2, 2, 2, 2, 0]]
    )
    np.testing.assert_array_equal(
        StateEncoder(stored, pooled=True).encode(["a seven"]), np.ones((1, 1, 3))
    )


def test_a_caption_that_is_not_stored():
    stored = {"a seven": np.ones((2, 3))}
    with pytest.raises(
        ValueError,
        match=r"'an eight' are not stored and the language model is not installed.*--extra llm",
    ):
        StateEncoder(stored).encode(["a seven", "an eight"])
    asked = []
    encoder = StateEncoder(stored, lambda caption: asked.append(caption) or np.zeros((1, 3)))
    encoder.encode(["an eight", "a seven", "an eight"])
    encoder.encode(["an eight"])
    assert asked == ["an eight"]
    with pytest.raises(ValueError, match="at most 1 tokens, 'a seven' has 2"):
        StateEncoder(stored, longest=1).encode(["a seven"])


def test_the_shipped_states():
    encoder = text.smollm2_states()
    captions = text.stored_captions("training, english")
    assert len(captions) == 3000
    states = encoder.encode(captions[:50])
    assert states.shape == (50, *encoder.shape)
    assert 0.1 < states[states != 0].std() < 3.0
    for name in ("training, chinese", "seen, english", "held out, chinese"):
        stored = text.stored_captions(name)
        encoder.encode(stored)
        parse(stored)
    for language in LANGUAGES:
        others = text.stored_captions(f"other words, {language}")
        encoder.encode(others)
        assert len(text.facts_of_other_words(language)) == len(others) > 100
        for caption in others[::20]:
            with pytest.raises(ValueError, match="is not a word"):
                parse([caption])
    with pytest.raises(ValueError, match="there is no list 'unseen'; there are: training, english"):
        text.stored_captions("unseen")


def test_projection_is_of_directions():
    rng = np.random.default_rng(0)
    states, components, mean = rng.normal(size=(5, 8)), rng.normal(size=(8, 3)), rng.normal(size=8)
    np.testing.assert_allclose(
        text.project(states, components, mean),
        text.project(100.0 * states, components, mean),
        rtol=1e-4,
    )


def test_a_true_caption_is_drawn_for_every_image():
    captions = ["a seven", "a thick seven", "a thin seven", "a one"]
    facts = np.ones((200, len(FACTS)), np.int8)
    facts[:, 0] = 7
    facts[::2, FACTS.index("thickness")] = HIGH
    chosen = draw_true(captions, facts, 0)
    assert set(chosen[::2]) == {"a seven", "a thick seven"}
    assert set(chosen[1::2]) == {"a seven"}
    facts[5, 0] = 3
    with pytest.raises(ValueError, match=r"no caption is true of {'digit': 3"):
        draw_true(captions, facts, 0)


# --- text to image: in the enumerable world "dark" asks for ink in the middle, "pale" for none ---

WORDS = np.array(["a pale digit", "a dark digit"])


@pytest.fixture(scope="module")
def painter():
    images = tiny_models.images(6400)
    captions = WORDS[tiny_models.labels(images)].tolist()
    keras.utils.set_random_seed(0)
    model = TextToImage(
        tiny_models.pixel_tokenizer(),
        WordEncoder(),
        seed=0,
        label_drop=0.25,
        **tiny_models.TRANSFORMER,
    )
    model.compile(steps_per_execution=50)
    model.fit(images, captions, batch_size=64, epochs=8, verbose=0)
    return model


@pytest.mark.parametrize(
    ("caption", "label"), [("a pale digit", 0), ("a dark digit", 1), ("dark, please", 1)]
)
def test_what_is_asked_for_is_drawn(painter, caption, label):
    drawn = painter.generate(500, caption, seed=1, guidance=1.5)
    assert np.mean(tiny_models.labels(drawn) == label) > 0.95


def test_without_a_caption_everything_is_drawn(painter):
    share = tiny_models.labels(painter.generate(2000, seed=1, temperature=1.0)).mean()
    truth = tiny_models.labels(exact.all_images()) @ exact.strokes()
    assert share == pytest.approx(truth, abs=0.06)


def test_the_likelihood_of_an_image_knows_its_caption(painter):
    images = exact.all_images()
    labels = tiny_models.labels(images)
    for label, caption in enumerate(WORDS.tolist()):
        likelihoods = np.exp(painter.log_likelihood(images, [caption] * len(images)))
        assert likelihoods.sum() == pytest.approx(1.0, abs=1e-4)
        assert likelihoods[labels == label].sum() > 0.9
    assert np.exp(painter.log_likelihood(images)).sum() == pytest.approx(1.0, abs=1e-4)


def test_generate_is_repeatable_and_batched(painter):
    captions = WORDS[np.arange(30) % 2].tolist()
    first, again = painter.generate(30, captions, seed=5), painter.generate(30, captions, seed=5)
    np.testing.assert_array_equal(first, again)
    assert (tiny_models.labels(first) == np.arange(30) % 2).mean() > 0.9
    assert (first != painter.generate(30, captions, seed=6)).any()


def test_completion_follows_the_caption(painter):
    images, known = (
        np.zeros((200, *tiny_models.SHAPE), np.uint8),
        np.zeros(tiny_models.SHAPE[:2], bool),
    )
    known[0] = True
    completed = painter.complete(images, known, "a dark digit", seed=0)
    assert not completed[:, 0].any()
    assert tiny_models.labels(completed).mean() > 0.9


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("", "is empty"),
        ("a dork digit", "'dork' is not a word .* dark"),
        (["dark"] * 3, "expected 2 captions, one per image, got 3"),
        ("dark " * 40, f"at most {LONGEST} words"),
    ],
)
def test_bad_captions(painter, condition, message):
    with pytest.raises(ValueError, match=message):
        painter.generate(2, condition)


def test_training_needs_captions(painter):
    images = tiny_models.images(4)
    with pytest.raises(ValueError, match="give one caption for each image"):
        painter.fit(images)
    with pytest.raises(ValueError, match="expected 4 captions, one per image, got 1"):
        painter.fit(images, ["dark"])


def test_saving_and_loading(painter, tmp_path):
    painter.save_weights(tmp_path / "painter.weights.h5")
    other = TextToImage(tiny_models.pixel_tokenizer(), WordEncoder(), **tiny_models.TRANSFORMER)
    other.load_weights(tmp_path / "painter.weights.h5")
    np.testing.assert_array_equal(
        other.generate(5, "dark", seed=1), painter.generate(5, "dark", seed=1)
    )
    with pytest.raises(ValueError, match="does not hold weights of this TextToImage"):
        TextToImage(
            tiny_models.pixel_tokenizer(), DigitEncoder(), **tiny_models.TRANSFORMER
        ).load_weights(tmp_path / "painter.weights.h5")


# --- image to text ---


@pytest.fixture(scope="module")
def captioner():
    images = tiny_models.images(6400)
    english, chinese = WORDS, np.array(["一个淡的数字", "一个浓的数字"])
    labels, languages = tiny_models.labels(images), np.arange(len(images)) % 2
    captions = np.where(languages, chinese[labels], english[labels]).tolist()
    keras.utils.set_random_seed(1)
    model = Captioner(tiny_models.pixel_tokenizer(), seed=1, **tiny_models.TRANSFORMER)
    # where to look is known from the start: to find it would take most of the steps
    for weights in (model.network.reader.queries, model.network.reader.positions):
        weights.assign(20.0 * weights)
    model.compile(steps_per_execution=50)
    model.fit(images, captions, batch_size=64, epochs=6, verbose=0)
    return model


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_seen_is_said(captioner, language):
    images = tiny_models.images(100, seed=3)
    captions = captioner.describe(images, language)
    brightness = parse(captions)[:, FACTS.index("brightness")]
    np.testing.assert_array_equal(brightness == HIGH, tiny_models.labels(images) == 1)
    assert set(brightness) == {LOW, HIGH}
    assert all((caption[0] >= "\u4e00") == (language == "chinese") for caption in captions)


def test_the_likelihood_of_a_caption(captioner):
    images = tiny_models.images(50, seed=4)
    labels, tokens = tiny_models.labels(images), captioner.prepare(images)
    right, wrong = encode(WORDS[labels].tolist()), encode(WORDS[1 - labels].tolist())
    assert (
        np.asarray(captioner.caption_nll(tokens, right))
        < np.asarray(captioner.caption_nll(tokens, wrong)) - 2
    ).all()
    assert captioner.evaluate(images, WORDS[labels].tolist(), verbose=0)["nats_per_caption"] < 1.0


def test_bad_input_of_the_captioner(captioner, tmp_path):
    with pytest.raises(ValueError, match="language must be one of english, chinese, got 'latin'"):
        captioner.describe(tiny_models.images(2), "latin")
    with pytest.raises(TypeError, match="must be uint8"):
        captioner.describe(tiny_models.images(2) / 255.0)
    with pytest.raises(ValueError, match="expected 2 captions, one per image, got none"):
        captioner.fit(tiny_models.images(2))
    captioner.save_weights(tmp_path / "captioner.weights.h5")
    other = Captioner(tiny_models.trained_tokenizer(), **tiny_models.TRANSFORMER)
    with pytest.raises(ValueError, match="does not hold weights of this Captioner"):
        other.load_weights(tmp_path / "captioner.weights.h5")


def test_unsaid_is_no_word():
    assert UNSAID < 0 and VOCABULARY[0] == ""
