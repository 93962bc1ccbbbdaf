"""Exported files compute what the models compute."""

import contract
import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.models.exporting import export, function_of, run
from genimg_lib.models.families import FAMILIES

BATCH = 3
MODELS = ("gan", "vae", "diffusion", "image_gpt", "maskgit", "tokenizer")


def model_of(name):
    if name == "tokenizer":
        return tiny_models.tokenizer()
    return contract.build(FAMILIES[name], seed=0)


def example(inputs) -> dict[str, np.ndarray]:
    """Labels and tokens of 0 or 1, and noise, also as times."""
    rng = np.random.default_rng(0)
    return {
        name: rng.integers(0, 2, (BATCH, *shape)).astype(np.int32)
        if dtype == "int32"
        else rng.normal(size=(BATCH, *shape)).astype(np.float32)
        for name, (shape, dtype) in inputs.items()
    }


@pytest.mark.parametrize("suffix", [".onnx", ".tflite"])
@pytest.mark.parametrize("name", MODELS)
def test_a_file_computes_what_the_model_does(name, suffix, tmp_path):
    if suffix == ".onnx":
        pytest.importorskip("onnxruntime")
    model = model_of(name)
    rng = np.random.default_rng(1)
    for weight in model.weights if name == "diffusion" else ():  # at first its velocities are zero
        weight.assign(weight + rng.normal(0, 0.1, weight.shape))
    path = export(model, tmp_path / f"model{suffix}", batch=BATCH)
    function, inputs = function_of(model)
    given = example(inputs)
    expected = np.asarray(function(*map(tf.constant, given.values())))
    assert np.ptp(expected) > 1e-3
    np.testing.assert_allclose(run(path, given), expected, rtol=1e-4, atol=1e-5)


def test_what_cannot_be_exported_is_refused(tmp_path):
    with pytest.raises(TypeError, match="only Diffusion, GAN, ImageGPT, MaskGIT, Tokenizer, VAE"):
        export(tiny_models.next_scale(), tmp_path / "model.onnx")
    with pytest.raises(ValueError, match=r"must end in \.onnx or \.tflite, got .*model\.pb"):
        export(tiny_models.gan(), tmp_path / "model.pb")
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        half = tiny_models.gan()
    finally:
        keras.config.set_dtype_policy(before)
    with pytest.raises(ValueError, match="computes in mixed_bfloat16: build it under float32"):
        export(half, tmp_path / "model.onnx")
