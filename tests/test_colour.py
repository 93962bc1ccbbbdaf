"""Words and pictures in colour: the words of the emoji, the text encoder, codes in groups, the flow
that reads, and the namer.
"""

import keras
import numpy as np
import pytest
import tiny_models

from genimg_lib import nn
from genimg_lib.data import emoji_words, load_emoji
from genimg_lib.evaluation import metrics, pretrained
from genimg_lib.models import ImageGPT, Namer, NextScale, TextFlow, Tokenizer
from genimg_lib.models.text_encoders import FreeWordEncoder
from genimg_lib.nn.flow_transformer import FlowTransformer
from genimg_lib.nn.losses import laplace_nll

CAPTIONS = ["red heart", "蓝色圆", "noto clock", "beach"]


@pytest.fixture(scope="module")
def emoji():
    return load_emoji()


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Man\u2019s shoe: medium-light", ["man's", "shoe", "medium", "light"]),
        ("Côte d'Ivoire", ["cote", "d'ivoire"]),
        ("noto 沙滩伞, 2", ["noto", "沙", "滩", "伞", "2"]),
        ("…!", []),
    ],
)
def test_words_of_a_text(text, found):
    assert emoji_words.words(text) == found


def test_every_training_name_is_known(emoji):
    encoder = FreeWordEncoder()
    rows = emoji.splits["training"]
    for language in emoji_words.LANGUAGES:
        for name in np.unique(emoji.names[language][rows]).tolist():
            assert not encoder.unknown(f"fluent {name}"), name


def test_captions_are_true_and_of_both_languages(emoji):
    rows = emoji.splits["training"][:400]
    made = emoji_words.captions(rows, 0)
    assert made == emoji_words.captions(rows, 0) != emoji_words.captions(rows, 1)
    chinese = 0
    for row, caption in zip(rows, made, strict=True):
        allowed = set()
        for language in emoji_words.LANGUAGES:
            text = [emoji.names[language][row], *emoji.keywords[language][row]]
            allowed |= set(emoji_words.words(" ".join(text)))
        said = emoji_words.words(caption)
        assert 1 <= len(said) <= emoji_words.LONGEST_PROMPT
        assert set(said) <= allowed | {emoji.styles[row]}
        chinese += any(not word.isascii() for word in said)
    # half of 400; Chinese names are Chinese except a few letters: five standard errors
    assert 150 < chinese < 250
    styled = sum(caption.startswith(emoji_words.STYLES) for caption in made)
    assert 305 < styled < 375  # 85 % of 400


def test_the_free_word_encoder():
    encoder = FreeWordEncoder()
    encoded = encoder.encode(["a red heart", "Heart, red!", "zzyzx heart", "红心"])
    assert encoded.shape == (4, emoji_words.LONGEST_PROMPT)
    assert encoded.dtype == np.int32
    assert (encoded[1, :2] == encoded[0, [2, 1]]).all()
    assert encoded[2, 0] == 1
    assert (encoded[3] > 1).sum() == 2
    assert encoded.max() < encoder.vocabulary_size
    assert encoder.unknown("zzyzx heart") == ["zzyzx"]


@pytest.mark.parametrize(
    ("caption", "error", "message"),
    [
        (7, TypeError, "must be text"),
        ("?!", ValueError, "has no word"),
        ("red " * 25, ValueError, "at most 24 words .* has 25"),
    ],
)
def test_captions_that_cannot_be_read(caption, error, message):
    with pytest.raises(error, match=message):
        FreeWordEncoder().encode([caption])


# --- tokenizer ------------------------------------------------------------------------------------


def test_laplace_nll_is_the_negative_log_density():
    targets, locations = np.random.default_rng(0).uniform(size=(2, 3, 4, 4, 3)).astype(np.float32)
    scale = 0.2
    density = np.exp(-np.abs(targets - locations) / scale) / (2.0 * scale)
    expected = -np.log(density).sum(axis=(1, 2, 3))
    found = np.asarray(laplace_nll(targets, locations, np.float32(np.log(scale))))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("quantizer", [lambda: nn.FSQ((4, 3)), lambda: nn.VQ(12, 3)])
def test_groups_of_codes_are_quantized_each_on_its_own(quantizer):
    """A token changes its own group at its own place, and nothing else."""
    tokenizer = tiny_models.tokenizer(quantizer=quantizer(), groups=2)
    images = tiny_models.patched_images(8)
    tokens = tokenizer.encode(images)
    assert tokens.shape == (8, 32)
    changed = tokens.copy()
    changed[:, 5] = (tokens[:, 5] + 1) % 12
    difference = np.asarray(tokenizer.codes(changed)) != np.asarray(tokenizer.codes(tokens))
    size = tokenizer.quantizer.dimension
    assert difference[:, 0, 2, size:].any()
    difference[:, 0, 2, size:] = False
    assert not difference.any()


def test_the_laplace_tokenizer_learns():
    tokenizer = tiny_models.tokenizer(
        quantizer=nn.FSQ((4, 3)), groups=2, likelihood="laplace", shape=(8, 8, 3)
    )
    images = tiny_models.patched_images(128).repeat(3, axis=-1)
    tokenizer.compile(keras.optimizers.Adam(1e-2), steps_per_execution=16)
    before = metrics.psnr(tokenizer.reconstruct(images), images)
    tokenizer.fit(images, batch_size=32, epochs=40, verbose=0)
    assert metrics.psnr(tokenizer.reconstruct(images), images) > before + 3.0
    assert float(tokenizer.log_scale) < -2.0


def test_completion_keeps_all_codes_of_a_known_patch(monkeypatch):
    model = ImageGPT(
        tiny_models.trained_tokenizer(quantizer=nn.FSQ((4, 3)), groups=2), width=8, depth=1, heads=1
    )
    given = []
    monkeypatch.setattr(
        model, "draw", lambda fixed, *_, **__: given.append(fixed) or np.maximum(fixed, 0)
    )
    known = np.zeros((8, 8), bool)
    known[:4] = True
    model.complete(tiny_models.patched_images(2), known, seed=0)
    assert ((given[0] >= 0) == (np.arange(32) < 16)).all()


def test_scales_do_not_go_with_groups():
    tokenizer = tiny_models.trained_tokenizer(
        quantizer=nn.VQ(12, 4), groups=2, shape=(4, 4, 1), scales=(1, 2)
    )
    with pytest.raises(ValueError, match="one code per place"):
        NextScale(tokenizer)


def test_an_unknown_likelihood():
    with pytest.raises(ValueError, match="likelihood must be one of"):
        Tokenizer(likelihood="gauss")


# --- the flow -------------------------------------------------------------------------------------


def flow(seed=0, **options) -> TextFlow:
    keras.utils.set_random_seed(seed)
    sizes = {"image_shape": (8, 8, 1), "patch": 4, "width": 16, "depth": 2, "heads": 2}
    return TextFlow(FreeWordEncoder(), **sizes | {"seed": seed} | options)


@pytest.fixture(scope="module")
def trained():
    """After four steps, and one more that the average of the weights does not see."""
    model = flow()
    model.compile(keras.optimizers.Adam(1e-2))
    model.fit(tiny_models.patched_images(64), CAPTIONS * 16, batch_size=16, verbose=0)
    return model


def test_the_flow_is_repeatable_and_reads(trained):
    images = trained.generate(4, CAPTIONS, seed=1, steps=3)
    assert images.shape == (4, 8, 8, 1)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, trained.generate(4, CAPTIONS, seed=1, steps=3))
    assert (images != trained.generate(4, CAPTIONS, seed=2, steps=3)).any()
    noise = np.zeros((1, 8, 8, 1), np.float32)
    first, second = (
        trained.network(noise, np.full(1, 0.5, np.float32), trained.network.read(encoded))
        for encoded in np.split(trained.text.encode(["red heart", "blue circle"]), 2)
    )
    assert np.abs(np.asarray(first) - np.asarray(second)).max() > 1e-6


def test_words_are_read_once_and_mean_the_same(trained):
    """The loop over steps, which reads once, against one that reads at each step. The last step
    ends at the guided answer itself.
    """
    conditions = trained.text.encode(CAPTIONS)
    noise = np.random.default_rng(0).normal(size=(4, 8, 8, 1)).astype(np.float32)
    pixels = noise
    for index in range(3):
        times = np.full(4, index / 3, np.float32)
        answers = [
            np.asarray(trained.network(pixels, times, trained.network.read(each)))
            for each in (conditions, np.zeros_like(conditions))
        ]
        guided = np.clip(answers[1] + 2.0 * (answers[0] - answers[1]), -0.5, 0.5)
        pixels = pixels + (guided - pixels) / (3 - index)
    found = trained._denoise(noise, conditions, np.int32(3), np.float32(2.0), True)
    # float32 sums in another order, over three steps of numbers near 1
    np.testing.assert_allclose(np.asarray(found), pixels, atol=1e-4)


def test_the_error_is_that_of_the_velocity(trained, monkeypatch):
    """An answer that is wrong by 0.5 everywhere is wrong by 0.5 / (1 - time) in velocity; near the
    end a time of 0.1 is left.
    """
    images = tiny_models.patched_images(6)
    data = images.astype(np.float32) / 255.0 - 0.5  # black is -0.5, white 0.5
    seen = []

    def answer(mixed, times, read):
        seen.append(np.asarray(times))
        return data + 0.5

    monkeypatch.setattr(trained, "network", answer)
    answer.read = lambda conditions: None
    found = trained.velocity_error(images, None, keras.random.SeedGenerator(3))
    expected = 0.25 / np.maximum(1.0 - seen[0], 0.1) ** 2
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-4)


def test_the_flow_comes_back_from_a_file(trained, tmp_path):
    trained.save(tmp_path / "flow.keras")
    again = keras.saving.load_model(tmp_path / "flow.keras")
    np.testing.assert_array_equal(
        again.generate(2, "beach", seed=3, steps=2), trained.generate(2, "beach", seed=3, steps=2)
    )


def test_all_of_the_flow_is_trained():
    model = flow()
    model.compile(keras.optimizers.Adam(1e-2))
    before = [np.array(weight) for weight in model.trainable_variables]
    model.fit(tiny_models.patched_images(64), CAPTIONS * 16, batch_size=16, epochs=2, verbose=0)
    for weight, old in zip(model.trainable_variables, before, strict=True):
        assert (np.asarray(weight) != old).any(), weight.path


@pytest.mark.parametrize(
    ("options", "message"),
    [({"steps": 0}, "steps"), ({"guidance": float("nan")}, "guidance")],
)
def test_bad_options_of_the_flow(trained, options, message):
    with pytest.raises(ValueError, match=message):
        trained.generate(1, "heart", **options)
    with pytest.raises(ValueError, match="one per image, got 1"):
        trained.generate(2, ["heart"])


def test_what_a_flow_cannot_be_made_of():
    with pytest.raises(ValueError, match="multiples of patch"):
        flow(patch=3)
    with pytest.raises(ValueError, match="multiple of patch"):
        FlowTransformer((5, 4), 4, (24,), 10)


# --- the namer ------------------------------------------------------------------------------------


def test_the_namer_learns_and_names(emoji):
    rows = emoji.splits["training"][:64]
    labels = list(zip(emoji.concepts[rows], emoji.styles[rows], strict=True))
    keras.utils.set_random_seed(0)
    namer = Namer(seed=0)
    namer.compile(keras.optimizers.Adam(2e-3))
    history = namer.fit(emoji.images[rows], labels, batch_size=16, epochs=2, verbose=0).history
    assert history["words"][1] < history["words"][0]
    assert namer.features(emoji.images[rows[:3]]).shape == (3, 128)
    (found,) = namer.names(emoji.images[rows[:1]], top=4, language="chinese")
    assert len(set(found)) == 4
    with pytest.raises(ValueError, match="names no concept or style"):
        namer.fit(emoji.images[rows[:1]], [("nothing", "noto")], verbose=0)
    with pytest.raises(ValueError, match="language must be one of"):
        namer.names(emoji.images[:1], language="latin")


# --- what is shipped ------------------------------------------------------------------------------


def test_the_shipped_tokenizer_keeps_unseen_concepts(emoji):
    """The card says how well on all of them; on every seventh the error differs by some tenths."""
    card = pretrained.card("colour_tokenizer")
    images = emoji.images[emoji.splits["unseen concept"][::7]]
    kept = metrics.psnr(pretrained.load("colour_tokenizer").reconstruct(images), images)
    assert kept > card["measured"]["PSNR, unseen concepts"] - 0.5


def test_the_shipped_namer_knows_unseen_tones(emoji):
    """As its card says of all of them; on 116 the standard error is at most 0.05."""
    namer = pretrained.load("emoji_namer")
    card = pretrained.card("emoji_namer")["measured"]["unseen tone"]
    rows = emoji.splits["unseen tone"][::2]
    right = namer.concepts[namer.best(emoji.images[rows])] == emoji.concepts[rows][:, None]
    assert right.any(axis=1).mean() > card["in five"] - 0.15
    assert np.mean(namer.styles(emoji.images[rows]) == emoji.styles[rows]) > card["style"] - 0.15


@pytest.mark.parametrize("language", emoji_words.LANGUAGES)
def test_the_shipped_writer_draws_what_words_say(emoji, language):
    """As its card says of twice as many; on 101 prompts the standard error is at most 0.05."""
    card = pretrained.card("text_flow")["measured"][f"known words, {language}"]
    rows = emoji.splits["training"][::90]
    prompts = [f"{emoji.styles[row]} {emoji.names[language][row]}" for row in rows]
    images = pretrained.load("text_flow").generate(len(rows), prompts, seed=1)
    namer = pretrained.load("emoji_namer")
    right = namer.concepts[namer.best(images)] == emoji.concepts[rows][:, None]
    assert right.any(axis=1).mean() > card["in five"] - 0.15
    assert np.mean(namer.styles(images) == emoji.styles[rows]) > card["style"] - 0.15
