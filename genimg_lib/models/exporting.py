"""Trained models as files for other runtimes: ONNX and LiteRT, without Python or Keras.

A file holds one function of fixed shapes, what a model computes between two random choices. Noise,
the order of the steps and the choice of tokens stay with the program that runs it.
"""

import functools
import warnings
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from genimg_lib.data.arguments import check_whole
from genimg_lib.models.diffusion import Diffusion
from genimg_lib.models.gan import GAN
from genimg_lib.models.image_gpt import ImageGPT
from genimg_lib.models.maskgit import MaskGIT
from genimg_lib.models.tokenizer import Tokenizer
from genimg_lib.models.vae import VAE

FORMATS = {".onnx": "onnx", ".tflite": "litert"}
"""Suffix of a file -> its format, as Keras calls it."""


def export(model: keras.Model, path, *, batch: int = 1) -> Path:
    """Writes the function of a model for `batch` rows at once; the suffix of `path` says how.

    - `GAN`: latents, labels -> images in [0, 1], by the average of the generator's weights.
    - `VAE`: latents, labels -> expected images in [0, 1].
    - `Diffusion`: latents, times, labels -> velocities; its `vae` is a file of its own.
    - `ImageGPT`: tokens, labels -> logits of each token, given those before it.
    - `MaskGIT`: tokens, some of them masked, labels -> logits of each token.
    - `Tokenizer`: tokens -> images in [0, 1].

    A model without classes takes labels too, zeros. ONNX needs the extra `export`.

    Raises `TypeError` for another model, and `ValueError` for another suffix or a model that was
    built under a half-precision policy.
    """
    path = Path(path)
    if path.suffix not in FORMATS:
        raise ValueError(f"path must end in {' or '.join(FORMATS)}, got {path}")
    batch = check_whole("batch", batch)
    if model.dtype_policy.name != "float32":
        raise ValueError(
            f"the model computes in {model.dtype_policy.name}: build it under float32 and load its "
            "weights"
        )
    function, inputs = function_of(model)
    signature = [
        tf.TensorSpec((batch, *shape), dtype, name) for name, (shape, dtype) in inputs.items()
    ]
    network = ExportedFunction(model, function)
    network([tf.zeros(spec.shape, spec.dtype) for spec in signature])
    network.export(
        str(path), format=FORMATS[path.suffix], input_signature=[signature], verbose=False
    )
    return path


class ExportedFunction(keras.Model):
    """A function of a model's weights, as Keras can export it."""

    def __init__(self, model, function):
        super().__init__()
        self.model = model
        self.function = function

    def call(self, inputs):
        return self.function(*inputs)


@functools.singledispatch
def function_of(model) -> tuple:
    """What `export` writes: a function of tensors, and its inputs, name -> (shape of a row, dtype).

    Raises `TypeError` for a model that has none.
    """
    known = ", ".join(sorted(kind.__name__ for kind in function_of.registry if kind is not object))
    raise TypeError(f"only {known} can be exported, got {model!r}")


@function_of.register
def _(model: GAN):
    def images(latents, labels):
        return (model.average_generator([latents, labels], training=False) + 1.0) / 2.0

    return images, {"latents": ((model.latent_dim,), "float32"), "labels": ((), "int32")}


@function_of.register
def _(model: VAE):
    def images(latents, labels):
        return model.intensities(model.decoder([latents, labels]))

    return images, {"latents": ((model.latent_dim,), "float32"), "labels": ((), "int32")}


@function_of.register
def _(model: Diffusion):
    def velocities(latents, times, labels):
        return model.network([latents, times, labels])

    latents = ((model.vae.latent_dim,), "float32")
    return velocities, {"latents": latents, "times": ((), "float32"), "labels": ((), "int32")}


@function_of.register
def _(model: ImageGPT):
    def logits(tokens, labels):
        return model.network(tokens[:, :-1], labels)

    return logits, {"tokens": ((model.tokenizer.length,), "int32"), "labels": ((), "int32")}


@function_of.register
def _(model: MaskGIT):
    return model.logits, {"tokens": ((model.tokenizer.length,), "int32"), "labels": ((), "int32")}


@function_of.register
def _(model: Tokenizer):
    return model.intensities, {"tokens": ((model.length,), "int32")}


def run(path, inputs: dict) -> np.ndarray:
    """The output of an exported file for its inputs, by name.

    `onnxruntime` runs ONNX, TensorFlow itself LiteRT.
    """
    path = Path(path)
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return session.run(None, {i.name: inputs[i.name] for i in session.get_inputs()})[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it will move to a package of its own
        interpreter = tf.lite.Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    for details in interpreter.get_input_details():
        name = details["name"].removeprefix("serving_default_").partition(":")[0]
        interpreter.set_tensor(details["index"], inputs[name])
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
