"""Every shipped card and its weights."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from genimg_lib.evaluation import pretrained

UNCONDITIONAL = {"vae", "gan"}
CONDITIONAL = {"conditional_gan", "diffusion", "image_gpt", "maskgit", "mean_flow", "next_scale"}
TOKENIZERS = {"tokenizer", "coarse_tokenizer", "scale_tokenizer"}
WORDS = {"varied_tokenizer", "text_to_image", "text_to_image_states", "captioner"}
COLOUR = {
    "coarse_colour_tokenizer",
    "colour_tokenizer",
    "emoji_judge",
    "emoji_namer",
    "text_flow",
    "text_to_emoji",
}
EXPECTED = {"classifier"} | UNCONDITIONAL | CONDITIONAL | TOKENIZERS | WORDS | COLOUR
FIELDS = {
    "builder": str,
    "config": dict,
    "data": str,
    "seed": int,
    "training CPU-seconds": int,
    "parameters": int,
    "measured": dict,
    "command": str,
    "licence": str,
    "sha256": str,
}
SHIPPED = pretrained.names()
GENERATORS = sorted(UNCONDITIONAL | CONDITIONAL)


def test_all_weights_are_shipped():
    assert set(SHIPPED) == EXPECTED


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_says_how_the_weights_were_made(name):
    card = pretrained.card(name)
    for field, kind in FIELDS.items():
        assert isinstance(card[field], kind), field
    assert card["measured"]
    assert card["command"] == f"uv run tools/train_weights.py {name}"
    assert (Path(pretrained.__file__).parents[2] / "tools" / "train_weights.py").exists()
    # a name in `models`, no path: modules may move, cards may not
    assert card["builder"].isidentifier()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_weights_load(name):
    model = pretrained.load(name)
    assert model.count_params() == pretrained.card(name)["parameters"]
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


@pytest.mark.parametrize("name", GENERATORS)
def test_shipped_generators_draw_at_once(name):
    model = pretrained.load(name)
    images = model.generate(20, seed=0)
    assert images.shape == (20, 28, 28, 1)
    assert images.dtype == np.uint8
    assert images.reshape(20, -1).std(axis=0).max() > 50  # different pictures, with ink
    assert bool(model.num_classes) == (name in CONDITIONAL)


@pytest.mark.parametrize("name", sorted(UNCONDITIONAL))
def test_generators_without_classes_take_none(name):
    with pytest.raises(ValueError, match="has no classes"):
        pretrained.load(name).generate(1, 3)


@pytest.mark.parametrize("name", sorted(CONDITIONAL))
def test_conditional_generators_draw_the_class(name):
    from genimg_lib.evaluation import metrics

    model = pretrained.load(name)
    labels = np.arange(200) % 10
    assert metrics.class_agreement(model.generate(200, labels, seed=0), labels) > 0.8


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_words_draw_the_digit_that_they_name(language):
    """The card says 95 %; of 400 pictures that is 92 % at three standard errors."""
    from genimg_lib.data.attributes import normalise
    from genimg_lib.data.captions import choose_facts, write
    from genimg_lib.evaluation import metrics

    painter = pretrained.load("text_to_image")
    facts = np.concatenate([np.arange(400)[:, None] % 10, np.ones((400, 7), int)], axis=1)
    facts[:, 4:6] = np.random.default_rng(0).integers(0, 3, (400, 2))
    images = painter.generate(
        400, write(choose_facts(facts, 0, digit_share=1.0), 0, language), seed=0
    )
    assert metrics.class_agreement(normalise(images), facts[:, 0]) > 0.92


def test_the_captioner_says_what_is_there():
    from genimg_lib.data.attributes import FACTS, UNSAID, held_out, measured_facts, vary
    from genimg_lib.data.captions import understood
    from genimg_lib.data.images import load_mnist

    _, (images, labels) = load_mnist()
    images = vary(images[:600], 2)
    facts = measured_facts(images, labels[:600])
    usual = ~held_out(facts)
    for language in ("english", "chinese"):
        said = understood(pretrained.load("captioner").describe(images[usual], language))
        for i, name in enumerate(FACTS):
            told = said[:, i] != UNSAID
            assert np.mean(said[told, i] == facts[usual][told, i]) > 0.7, name


@pytest.mark.parametrize("name", sorted(TOKENIZERS))
def test_shipped_tokenizers_keep_the_digit(name):
    from genimg_lib.data.images import load_mnist
    from genimg_lib.evaluation import metrics

    _, (images, labels) = load_mnist()
    tokenizer = pretrained.load(name)
    assert metrics.class_agreement(tokenizer.reconstruct(images[:500]), labels[:500]) > 0.95


@pytest.mark.parametrize(
    ("names", "megabytes"),
    [
        ({"vae", "gan", "conditional_gan"}, 3),
        ({"diffusion", "mean_flow"}, 8),
        ({"image_gpt", "maskgit", "next_scale"} | TOKENIZERS, 10),
        (WORDS, 5),
        (COLOUR, 15),
    ],
    ids=["VAE and GAN", "diffusion and MeanFlow", "token models", "words and pictures", "colour"],
)
def test_weights_are_small(names, megabytes):
    sizes = {name: (pretrained.FOLDER / f"{name}.weights.h5").stat().st_size for name in names}
    assert sum(sizes.values()) < 1e6 * megabytes, sizes


@pytest.fixture
def copied_folder(tmp_path, monkeypatch):
    folder = shutil.copytree(pretrained.FOLDER, tmp_path / "weights")
    monkeypatch.setattr(pretrained, "FOLDER", folder)
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_one_altered_byte_is_refused(name, copied_folder):
    path = copied_folder / f"{name}.weights.h5"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match="was altered"):
        pretrained.load(name)


def test_saved_weights_can_be_loaded_by_their_card(copied_folder):
    model = pretrained.load("classifier")
    description = {
        key: value for key, value in pretrained.card("classifier").items() if key != "sha256"
    }
    pretrained.save("copy", model, description)
    digest = hashlib.sha256((copied_folder / "copy.weights.h5").read_bytes()).hexdigest()
    assert json.loads((copied_folder / "copy.json").read_text())["sha256"] == digest
    for mine, theirs in zip(
        model.get_weights(), pretrained.load("copy").get_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine.astype(np.float16), theirs)  # shipped as 16-bit floats
    assert "copy" in pretrained.names()


@pytest.mark.parametrize("name", ["image_gpt", "maskgit"])
def test_a_completion_knows_nothing_of_what_it_replaces(name):
    """The tokenizers' convolutions see across patches, so the unknown part must be gone before
    they look.
    """
    from genimg_lib.data.images import load_mnist

    _, (images, labels) = load_mnist()
    known = np.arange(28)[:, None].repeat(28, axis=1) < 14
    images, other = images[:20], images[20:40]
    mixed = np.where(known[..., None], images, other)
    model = pretrained.load(name)
    completed = model.complete(images, known, labels[:20], seed=0)
    np.testing.assert_array_equal(completed, model.complete(mixed, known, labels[:20], seed=0))
    assert (completed != model.complete(images, known, labels[:20], seed=1)).any()
