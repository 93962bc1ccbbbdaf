"""The article's second program, a VAE: its crashes in their order, then its silent faults."""

import functools
import inspect

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.images import load_mnist, to_uint8
from genimg_lib.evaluation.metrics import features, frechet_distance
from genimg_lib.models.vae import reparameterise
from genimg_lib.museum import alone
from genimg_lib.museum.exhibit import Exhibit
from genimg_lib.nn.losses import bernoulli_nll, kl_to_standard_normal

CODES = 16
IMAGES = np.zeros((2, 28, 28, 1), "float32")


def small(*parts) -> keras.Sequential:
    """A sequential model of the parts on 28x28 images."""
    return keras.Sequential([keras.Input((28, 28, 1)), *parts])


def one_more_axis(images):
    """The images had their channel axis already and are 5-D now; Keras 3 drops the axis again
    and says nothing.
    """
    return np.expand_dims(images, axis=3)


def the_axis_that_is_there(images):
    """Check the rank once, where data comes in."""
    return images


def rank_and_answer(part) -> tuple:
    """The rank of what the part makes of 4-D images, and what a model for (28, 28, 1) answers to
    it.
    """
    images = part(IMAGES)
    return images.ndim, str(tuple(small(layers.Flatten())(images).shape))


def three_names_for_one_output(encoder, images):
    """Too many values to unpack; with exactly three images it succeeds, and the three "outputs"
    are three images' codes.
    """
    encoded, means, log_variances = encoder(images)
    return encoded.shape, means.shape, log_variances.shape


def three_outputs(encoder, images):
    """A Sequential has one output. A functional model has as many as you list: means,
    log-variances and a sample.
    """
    codes = encoder.outputs[0]
    model = keras.Model(
        encoder.inputs, [codes, layers.Dense(CODES)(codes), layers.Dense(CODES)(codes)]
    )
    encoded, means, log_variances = model(images)
    return encoded.shape, means.shape, log_variances.shape


def unpacked(part, count: int = 5) -> str:
    """The shapes of the three names for `count` images."""
    return str(
        [
            tuple(shape)
            for shape in part(
                small(layers.Flatten(), layers.Dense(CODES)), tf.zeros((count, 28, 28, 1))
            )
        ]
    )


def decoder_of_56():
    """Target and output do not have the same shape: three strides of 2 take 7 to 14 to 28 to 56."""
    return (
        layers.Conv2DTranspose(1, 3, strides=strides, padding="same", activation="sigmoid")
        for strides in (2, 2, 2)
    )


def decoder_of_28():
    """Two doublings are enough: the last stride is 1."""
    return (
        layers.Conv2DTranspose(1, 3, strides=strides, padding="same", activation="sigmoid")
        for strides in (2, 2, 1)
    )


def fitted(decoder) -> str:
    """One training step of an autoencoder with this decoder; the shape of its output."""
    model = small(layers.Flatten(), layers.Dense(49), layers.Reshape((7, 7, 1)), *decoder())
    model.compile("adam", "binary_crossentropy")
    model.train_on_batch(IMAGES, IMAGES)
    return str(model.output_shape)


def stem_twice(encoder, decoder):
    """Expected 16 numbers, found (7, 7, 64): the decoder's own first layers were written a
    second time in front of it.
    """
    return keras.Sequential(
        [encoder, layers.Dense(7 * 7 * 64), layers.Reshape((7, 7, 64)), decoder]
    )


def stem_once(encoder, decoder):
    """Encoder, then decoder."""
    return keras.Sequential([encoder, decoder])


def joined(join) -> str:
    """The output of the joined model for two images."""
    encoder = small(layers.Flatten(), layers.Dense(CODES))
    decoder = [layers.Dense(784), layers.Reshape((28, 28, 1))]
    return str(
        tuple(join(encoder, keras.Sequential([keras.Input((CODES,)), *decoder]))(IMAGES).shape)
    )


def sum_of_four_axes(pixels, outputs):
    """Invalid reduction dimension: Keras's `binary_crossentropy` has averaged the last axis away
    already.
    """
    return tf.reduce_sum(keras.losses.binary_crossentropy(pixels, outputs), axis=(1, 2, 3))


def sum_of_three_axes(pixels, outputs):
    """What is left is (batch, 28, 28): sum axes 1 and 2."""
    return tf.reduce_sum(keras.losses.binary_crossentropy(pixels, outputs), axis=(1, 2))


def pixels_from_the_first_program(images):
    """The loss falls for ever, and that looks like progress: the targets of a Bernoulli run from
    -1 to 509.
    """
    return (images - 0.5) * 2


def pixels_in_unit_range(images):
    """Probabilities and their targets lie in [0, 1]. Check it in the loss; ours refuses."""
    return images / 255


@functools.cache
def falling(scale, steps: int = 60) -> tuple:
    """Binary cross-entropy of an autoencoder at steps 1, 16 and the last, in nats per pixel."""
    keras.utils.set_random_seed(0)
    model = small(
        layers.Flatten(),
        layers.Dense(CODES),
        layers.Dense(784),
        layers.Reshape((28, 28, 1)),
        layers.Activation("sigmoid"),
    )
    model.compile(keras.optimizers.Adam(1e-2), "binary_crossentropy")
    images = scale(load_mnist()[0][0][:1000].astype("float32"))
    losses = [model.train_on_batch(images[:128], images[:128]) for _ in range(steps)]
    return tuple(float(losses[i]) for i in (0, 15, -1))


def all_images_at_once(encoder, images):
    """60,000 images go through the encoder in one call, for a result that nobody uses:
    gigabytes, then the process dies.
    """
    encoder(images)


def images_in_batches(encoder, images):
    """Delete the line; or go through the data in batches, as `predict` does."""
    for start in range(0, len(images), 500):
        encoder(images[start : start + 500])


def first_layer_gigabytes(part) -> float:
    """What the first convolution's output takes, 26 x 26 x 32 floats an image: computed from the
    batches, not allocated.
    """
    batches = []
    part(
        lambda images: batches.append(len(images)), np.broadcast_to(np.uint8(0), (60000, 28, 28, 1))
    )
    return max(batches) * 26 * 26 * 32 * 4 / 1e9


def codes_of_a_point(means, log_variances, seed):
    """Reconstructions are better than a VAE's, samples from N(0, I) are no digits: nothing is
    sampled and there is no KL.
    """
    return means, ops.zeros_like(means[:, 0])


def codes_of_a_cloud(means, log_variances, seed):
    """q(z|x) = N(means, variances), z = means + standard deviation * noise, and the KL to N(0,
    I) in the loss.
    """
    return reparameterise(means, log_variances, seed), kl_to_standard_normal(means, log_variances)


def loss_of_the_outputs(pixels, logits, kl):
    """The promised "two parts" are one: a loss of (y_true, y_pred) cannot see means and
    variances, and the KL runs away.
    """
    return bernoulli_nll(pixels, logits)


def loss_of_both_parts(pixels, logits, kl):
    """The KL comes from inside: `add_loss` or an own `train_step`. Loss = -ELBO = reconstruction
    + KL, in nats per image.
    """
    return bernoulli_nll(pixels, logits) + kl


def autoencoder(codes=codes_of_a_cloud, loss=loss_of_both_parts, steps: int = 300):
    """Trains dense networks on 10,000 digits, once for each choice of arguments.

    Returns the functions `reconstruct(pixels)` and `decode(codes)`, and the last KL in nats per
    image.
    """
    return _train(codes, loss, steps)


def networks() -> tuple[keras.Sequential, keras.Sequential]:
    """The encoder, to means and log-variances, and the decoder, to logits of pixels."""
    encoder = small(layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(2 * CODES))
    decoder = keras.Sequential(
        [
            keras.Input((CODES,)),
            layers.Dense(128, "relu"),
            layers.Dense(784),
            layers.Reshape((28, 28, 1)),
        ]
    )
    return encoder, decoder


@functools.cache
def _train(codes, loss, steps):
    keras.utils.set_random_seed(0)
    encoder, decoder = networks()
    variables = encoder.trainable_variables + decoder.trainable_variables
    optimizer = keras.optimizers.Adam(2e-3)
    optimizer.build(variables)
    images = tf.constant(load_mnist()[0][0][:10000] / np.float32(255))
    seed = keras.random.SeedGenerator(0)

    @tf.function
    def step(pixels):
        with tf.GradientTape() as tape:
            means, log_variances = ops.split(encoder(pixels), 2, axis=1)
            latents, kl = codes(means, log_variances, seed)
            cost = ops.mean(loss(pixels, decoder(latents), kl))
        optimizer.apply(tape.gradient(cost, variables), variables)
        return ops.mean(kl_to_standard_normal(means, log_variances))

    for row in np.random.default_rng(0).integers(0, len(images), (steps, 100)):
        kl = step(tf.gather(images, row))
    return (
        lambda pixels: ops.sigmoid(decoder(encoder(pixels)[:, :CODES])),
        lambda z: ops.sigmoid(decoder(z)),
        float(kl),
    )


def samples(codes, steps: int = 300) -> np.ndarray:
    """200 `uint8` images decoded from N(0, I)."""
    decode = autoencoder(codes, steps=steps)[1]
    return to_uint8(decode(tf.random.stateless_normal((200, CODES), seed=(0, 2))))


def reconstruction_and_samples(codes, steps: int = 300) -> dict:
    """Root mean squared error of reconstructing 2,000 random test images, and the Frechet distance
    of samples to them.
    """
    images = np.random.default_rng(0).permutation(load_mnist()[1][0])[:2000]
    error = autoencoder(codes, steps=steps)[0](images / np.float32(255)) - images / np.float32(255)
    distance = frechet_distance(features(samples(codes, steps)), features(images))
    return {"reconstruction": float(np.sqrt(np.square(error).mean())), "samples": distance}


def convolutions_without_padding():
    """28-26-13-11-5-3-1: one pixel is left when the Dense layer comes, and where things were is
    known to nobody.
    """
    return [
        part
        for filters in (8, 16, 16)
        for part in (layers.Conv2D(filters, 3), layers.MaxPooling2D(2))
    ]


def convolutions_with_stride():
    """Strides of 2 with padding "same": 28-14-7, and 49 places remain."""
    return [layers.Conv2D(filters, 3, strides=2, padding="same") for filters in (8, 16)]


def side_before_the_dense_layer(parts) -> int:
    """Height of the last feature map, in pixels."""
    return small(*parts()).output_shape[1]


def reconstruct_only(decode):
    """A "generation program" that ends with `fit`: no z is ever sampled. New data are not born in
    the latent space.
    """
    return []


def sample_and_decode(decode):
    """z ~ N(0, I) through the decoder: only the encoder maps to z, and only decoding gives an
    image.
    """
    return decode(tf.random.stateless_normal((16, CODES), seed=(0, 1)))


def pasted(part) -> str:
    """The shape that comes out if the part is given what it asks for."""
    known = {"train_images": np.zeros((3, 28, 28)), "build_encoder": lambda: np.negative}
    return str(part(**{name: known[name] for name in inspect.signature(part).parameters}).shape)


CRASHES = (
    Exhibit(
        "V01 V02 V03",
        alone.codes_from_elsewhere,
        alone.codes_from_arguments,
        "NameError: name 'np' is not defined",
        pasted,
    ),
    Exhibit(
        "V04",
        one_more_axis,
        the_axis_that_is_there,
        lambda found: found == (5, "(2, 784)"),
        rank_and_answer,
    ),
    Exhibit(
        "V05",
        three_names_for_one_output,
        three_outputs,
        "too many values to unpack (expected 3",
        unpacked,
    ),
    Exhibit("V10", stem_twice, stem_once, "(None, 16), found shape=(None, 7, 7, 64)", joined),
    Exhibit("V09", decoder_of_56, decoder_of_28, "56, 56, 1)", fitted),
    Exhibit(
        "V11",
        sum_of_four_axes,
        sum_of_three_axes,
        "Invalid reduction dimension",
        lambda loss: str(loss(IMAGES, IMAGES).shape),
    ),
)
SILENCE = (
    Exhibit(
        "V08",
        codes_of_a_point,
        codes_of_a_cloud,
        lambda found: found["samples"] > 800,
        reconstruction_and_samples,
    ),
    Exhibit(
        "V12",
        pixels_from_the_first_program,
        pixels_in_unit_range,
        lambda losses: losses[2] < losses[1] < -1,
        falling,
    ),
    Exhibit(
        "V13", all_images_at_once, images_in_batches, lambda size: size > 5, first_layer_gigabytes
    ),
    Exhibit(
        "V14 P15",
        loss_of_the_outputs,
        loss_of_both_parts,
        lambda kl: kl > 100,
        lambda loss: autoencoder(loss=loss)[2],
    ),
    Exhibit(
        "V15",
        convolutions_without_padding,
        convolutions_with_stride,
        lambda side: side == 1,
        side_before_the_dense_layer,
    ),
    Exhibit(
        "V16 P07",
        reconstruct_only,
        sample_and_decode,
        lambda made: made == 0,
        lambda part: len(part(autoencoder()[1])),
    ),
)
