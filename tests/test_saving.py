"""Files of whole models (`.keras`) and of weights, for the models that are no family of generators:
test_contract.py tests those.
"""

import json
import zipfile

import keras
import numpy as np
import pytest
import tiny_models

from genimg_lib.data import degradations
from genimg_lib.models.captioner import Captioner
from genimg_lib.models.image_gpt import ImageGPT
from genimg_lib.models.restorer import Restorer
from genimg_lib.models.text_encoders import DigitEncoder, StateEncoder, WordEncoder
from genimg_lib.models.text_to_image import TextToImage
from genimg_lib.models.tokenizer import PixelTokenizer, Tokenizer
from genimg_lib.models.vae import VAE
from genimg_lib.nn.quantizers import FSQ, VQ

PICTURES = tiny_models.patched_images(16)
CAPTIONS = ["a thick seven", "an upright 2"] * 8


def reloaded(model, folder):
    model.save(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")


def assert_equal_weights(model, loaded):
    for one, other in zip(model.state(), loaded.state(), strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)


@pytest.mark.parametrize(
    "options",
    [
        {"quantizer": FSQ((5, 3))},
        {"quantizer": VQ(6, 3, decay=0.9), "scales": (1, 2, 4), "commitment": 0.5},
    ],
    ids=["FSQ", "VQ on scales"],
)
def test_a_tokenizer_comes_back(options, tmp_path):
    tokenizer = tiny_models.tokenizer(**options)
    loaded = reloaded(tokenizer, tmp_path)
    np.testing.assert_array_equal(loaded.encode(PICTURES), tokenizer.encode(PICTURES))
    np.testing.assert_array_equal(loaded.reconstruct(PICTURES), tokenizer.reconstruct(PICTURES))
    np.testing.assert_array_equal(loaded.fingerprint(), tokenizer.fingerprint())
    assert loaded.quantizer.get_config() == tokenizer.quantizer.get_config()


def test_a_model_of_pixels_comes_back(tmp_path):
    model = tiny_models.image_gpt(class_names=tiny_models.CLASSES)
    loaded = reloaded(model, tmp_path)
    assert isinstance(loaded.tokenizer, PixelTokenizer)
    np.testing.assert_array_equal(loaded.generate(2, seed=0), model.generate(2, seed=0))


@pytest.mark.parametrize("encoder", [DigitEncoder, WordEncoder])
def test_text_to_image_comes_back_with_its_text_encoder(encoder, tmp_path):
    model = TextToImage(tiny_models.trained_tokenizer(), encoder(), **tiny_models.TRANSFORMER)
    loaded = reloaded(model, tmp_path)
    assert type(loaded.text) is encoder
    assert_equal_weights(model, loaded)
    np.testing.assert_array_equal(
        loaded.generate(2, "a seven", seed=0), model.generate(2, "a seven", seed=0)
    )


def test_states_of_captions_cannot_be_saved_with_a_model(tmp_path):
    text = StateEncoder({"a seven": np.ones((3, 4), np.float16)})
    model = TextToImage(tiny_models.trained_tokenizer(), text, **tiny_models.TRANSFORMER)
    with pytest.raises(ValueError, match="a StateEncoder cannot be saved"):
        model.save(tmp_path / "model.keras")


def test_a_captioner_comes_back(tmp_path):
    model = Captioner(tiny_models.trained_tokenizer(), **tiny_models.TRANSFORMER)
    model.compile(run_eagerly=True)
    model.fit(PICTURES, CAPTIONS, batch_size=16, verbose=0)
    loaded = reloaded(model, tmp_path)
    assert_equal_weights(model, loaded)
    assert loaded.describe(PICTURES[:3]) == model.describe(PICTURES[:3])


@keras.saving.register_keras_serializable("tests")
def inverted(images, seed):
    return 255 - images


@pytest.mark.parametrize("degrade", [degradations.low_resolution, inverted])
def test_a_restorer_comes_back_with_a_degradation_that_has_a_name(degrade, tmp_path):
    model = Restorer(degrade, image_shape=(8, 8, 1), width=4, adversarial_weight=0.5)
    loaded = reloaded(model, tmp_path)
    assert loaded.degrade is degrade
    assert loaded.adversarial_weight == 0.5
    damaged = degrade(PICTURES, 0)
    np.testing.assert_array_equal(loaded.restore(damaged), model.restore(damaged))


def test_a_degradation_without_a_name_is_refused(tmp_path):
    model = Restorer(lambda images, seed: images, image_shape=(8, 8, 1), width=4)
    with pytest.raises(ValueError, match="cannot be saved: register it with"):
        model.save(tmp_path / "model.keras")


def test_a_file_cannot_name_other_functions(tmp_path):
    """The name of a degradation is looked up among degradations, whatever else there is."""
    path = tmp_path / "model.keras"
    Restorer(degradations.noisy, image_shape=(8, 8, 1), width=4).save(path)
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(contents["config.json"])
    config["config"]["degrade"] = "check_images"
    contents["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    with pytest.raises((ValueError, TypeError), match="no degradation 'check_images'"):
        keras.models.load_model(path)


def test_own_networks_and_schedules_come_back(tmp_path):
    beta = keras.optimizers.schedules.PolynomialDecay(0.0, 100, 1.0)
    model = tiny_models.vae(beta=beta, likelihood="gaussian", class_names=("a", "b"))
    loaded = reloaded(model, tmp_path)
    assert loaded.likelihood == "gaussian"
    assert loaded.beta.get_config() == beta.get_config()
    assert_equal_weights(model, loaded)


def test_weights_refuse_another_likelihood(tmp_path):
    tiny_models.vae(likelihood="gaussian").save_weights(tmp_path / "vae.weights.h5")
    with pytest.raises(
        ValueError, match="trained with likelihood gaussian, this model has bernoulli"
    ):
        tiny_models.vae().load_weights(tmp_path / "vae.weights.h5")


def test_a_tokenizer_that_was_never_trained_takes_its_weights_from_the_file(tmp_path):
    model = tiny_models.image_gpt(tokenizer=tiny_models.trained_tokenizer())
    model.save_weights(tmp_path / "gpt.weights.h5")
    other = tiny_models.image_gpt(tokenizer=tiny_models.tokenizer(seed=5))
    other.load_weights(tmp_path / "gpt.weights.h5")
    np.testing.assert_array_equal(other.tokenizer.fingerprint(), model.tokenizer.fingerprint())
    trained = tiny_models.trained_tokenizer(seed=5)
    with pytest.raises(ValueError, match="trained on the tokens of another tokenizer"):
        tiny_models.image_gpt(tokenizer=trained).load_weights(tmp_path / "gpt.weights.h5")


@pytest.mark.parametrize("model", [VAE, Tokenizer, ImageGPT])
def test_the_constructor_keeps_every_argument(model):
    """What `get_config` reads: a new argument that is not kept would come back as its default."""
    given = {
        VAE: {"latent_dim": 3, "width": 16, "prior_components": 4, "beta": 0.5, "seed": 7},
        Tokenizer: {"patch": 7, "width": 5, "commitment": 0.75, "seed": 7},
        ImageGPT: {"width": 8, "depth": 1, "heads": 1, "label_drop": 0.25, "seed": 7},
    }[model]
    first = (tiny_models.pixel_tokenizer(),) if model is ImageGPT else ()
    config = model(*first, **given).get_config()
    assert given.items() <= config.items()
