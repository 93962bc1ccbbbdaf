"""Claims of the article: what each says and what is true, as two functions, measured alike."""

import functools
import re
import time

import numpy as np
import tensorflow as tf

from genimg_lib.data import exact
from genimg_lib.data.images import load_mnist
from genimg_lib.evaluation import pretrained
from genimg_lib.evaluation.metrics import class_agreement, features, frechet_distance
from genimg_lib.models.vae import reparameterise
from genimg_lib.museum.exhibit import Exhibit
from genimg_lib.museum.gan_silence import run
from genimg_lib.nn.losses import kl_to_standard_normal
from genimg_lib.practice.interview import bank


def fast_by_title():
    """The title says that LLMs bring a new speed. Nothing is measured, and the sign is the
    opposite.
    """
    return pretrained.load("image_gpt")


def fast_by_clock():
    """One pass of a generator makes the picture; a token model needs a pass for each token.
    Measure, and say what.
    """
    return pretrained.load("gan")


@functools.cache
def cpu_seconds(load) -> float:
    """CPU-seconds for one picture, the least of five, after a warm-up."""
    model = load()
    seconds = []
    for seed in range(6):
        start = time.process_time()
        model.generate(1, seed=seed)
        seconds.append(time.process_time() - start)
    return min(seconds[1:])


def both_at_once(theta, psi, rate):
    """The text says "in turns"; the code takes both gradients from one pass, and on min max xy
    that spirals out.
    """
    return theta + rate * psi, psi - rate * theta


def in_turns(theta, psi, rate):
    """The second player answers the first one's new move. That is legal too, and circles for ever:
    no equilibrium is promised, and a D that "can no longer tell" may as well be one that has
    collapsed.
    """
    psi = psi - rate * theta
    return theta + rate * psi, psi


def in_turns_with_a_penalty(theta, psi, rate):
    """A zero-centred gradient penalty (R1) damps the game: now it does arrive."""
    psi = psi - rate * (theta + 0.3 * psi)
    return theta + rate * psi, psi


def distance_after(rule, rounds: int = 150) -> float:
    """How far from the equilibrium (0, 0) a game is that starts at distance 1."""
    position = (1.0, 0.0)
    for _ in range(rounds):
        position = rule(*position, 0.15)
    return float(np.hypot(*position))


def sample_a_clean_image(posterior, images, random):
    """A restorer whose pictures look perfectly real samples from p(clean | noisy): it invents, and
    errs twice as much. It was not "unsupervised denoising" either: GANs restore from pairs
    (super-resolution) or unpaired sets (CycleGAN).
    """
    return images[random.choice(len(images), p=posterior)]


def average_the_clean_images(posterior, images, random):
    """The least error is the blurred posterior mean: say which of the two you want, and never
    read invented detail as evidence.
    """
    return posterior @ images


def error_of(restore, flip: float = 0.2) -> float:
    """Squared error of restoring 3x3 images with flipped pixels, as a multiple of the least
    possible one.
    """
    clean = exact.strokes()
    images = exact.all_images().reshape(512, 9) / 255
    random = np.random.default_rng(0)
    flips = (images[:, None] != images[None]).sum(2)
    joint = clean[:, None] * flip**flips * (1 - flip) ** (9 - flips)
    posterior = (joint / joint.sum(0)).T
    least = (joint.sum(0) * ((posterior @ images**2) - (posterior @ images) ** 2).sum(1)).sum()
    pairs = [divmod(pair, 512) for pair in random.choice(512 * 512, 4000, p=joint.ravel())]
    return float(
        np.mean(
            [((restore(posterior[y], images, random) - images[x]) ** 2).sum() for x, y in pairs]
        )
        / least
    )


def a_new_image(given, others):
    """Style transfer is listed under new images; an image made anew keeps nothing of the one
    that was given.
    """
    return others[0]


def the_image_in_another_style(given, others):
    """Style transfer edits a given image: here a thicker pen, the same digit. (The classic
    method is not a GAN.)
    """
    return given | np.roll(given, 1, 0) | np.roll(given, 1, 1)


def kept_ink(part) -> float:
    """The share of a given digit's ink that is in the result."""
    images = load_mnist()[1][0][:51, ..., 0] > 127
    return float(
        np.mean(
            [
                (part(image, images[i + 1 :]) & image).sum() / image.sum()
                for i, image in enumerate(images[:50])
            ]
        )
    )


def a_distance(truth, model, divergence):
    """Said: a VAE minimises the distance of two distributions. That is KL(data || model), and
    the loss is another number.
    """
    return exact.kl_divergence(truth, model)


def a_bound(truth, model, divergence):
    """E[-ELBO] = KL(data || model) + entropy of the data + E KL(q(z|x) || p(z|x)): a bound on
    the code length.
    """
    return exact.kl_divergence(truth, model) + exact.entropy(truth) + float(truth @ divergence)


def missing_nats(claim) -> float:
    """Expected negative ELBO minus the claim, in nats, for a random VAE with 8 codes on the 512
    images, by summing.
    """
    random = np.random.default_rng(0)
    pixels = exact.all_images().reshape(512, 9) > 0
    truth = exact.strokes()
    on = random.uniform(0.05, 0.95, (8, 1, 9))
    encoder = random.dirichlet(np.ones(8), 512).T
    joint = np.where(pixels, on, 1 - on).prod(2) / 8
    model = joint.sum(0)
    posterior = joint / joint.sum(0)
    negative_elbo = truth @ (encoder * np.log(encoder / joint)).sum(0)
    return float(
        abs(negative_elbo - claim(truth, model, (encoder * np.log(encoder / posterior)).sum(0)))
    )


def the_pixels(vae, images):
    """Listed: super-resolution, enhancement, style. The use that matters most is not: without a
    codec a model faces pixels.
    """
    return images


def the_codes(vae, images):
    """The codec in front of another model: latent diffusion, image tokens. A few numbers stand
    for the picture.
    """
    return vae.encode(images)[0]


def numbers_to_model(part) -> int:
    """Numbers per digit that the next model has to generate; a code only counts if 90 % of its
    digits can still be read.
    """
    vae, (images, labels) = pretrained.load("vae"), load_mnist()[1]
    found = part(vae, images[:500])
    readable = found.ndim == 4 or class_agreement(vae.decode(found), labels[:500]) > 0.9
    return int(found[0].size) if readable else 784


def generator_loss(training, step):
    """Said: the generator's loss measures quality. The same pictures cost something else at
    every step, for D has moved.
    """
    return training.same_images[step]


def distance_to_the_data(training, step):
    """A metric with a fixed reference does not move when the pictures do not: FID, KID,
    precision and recall.
    """
    return frechet_distance(*real_features())


@functools.cache
def real_features():
    """Features of the digits that the run judges, and of 1,000 others."""
    return [features(load_mnist()[0][0][part]) for part in (slice(9960, 10000), slice(1000))]


def same_pictures_judged(quality) -> float:
    """The largest of 22 verdicts on the same 40 real digits, during one training, over the
    smallest.
    """
    verdicts = [quality(run(), step) for step in range(10, 120, 5)]
    return float(max(verdicts) / min(verdicts))


def a_plain_sample(means, log_variances):
    """Said: encoder and decoder are trained in turns. You would need that if sampling were a
    wall for the gradient, as here.
    """
    return tf.stop_gradient(reparameterise(means, log_variances, 0))


def a_reparameterised_sample(means, log_variances):
    """One loss, one backward pass through z, one optimizer: both networks learn in the same
    step.
    """
    return reparameterise(means, log_variances, 0)


def networks_that_learn(sample) -> int:
    """How many of encoder and decoder get a gradient from one backward pass through the
    reconstruction.
    """
    images = tf.ones((4, 9))
    encoder = tf.Variable(tf.ones((9, 2)) / 9)
    decoder = tf.Variable(tf.ones((2, 9)) / 9)
    with tf.GradientTape() as tape:
        means = images @ encoder
        loss = tf.reduce_sum((sample(means, tf.zeros_like(means)) @ decoder - images) ** 2)
    return sum(gradient is not None for gradient in tape.gradient(loss, [encoder, decoder]))


def divergence_of_the_aggregate(means, variances):
    """Said: the KL compares the distribution of the latents with the prior. The latents of all
    images together can match the prior, whatever each image's code costs.
    """
    mean = means.mean()
    variance = means.var() + variances.mean()
    return kl_to_standard_normal(np.full((1, 1), mean), np.full((1, 1), np.log(variance)))


def divergence_per_image(means, variances):
    """The KL in the loss is that of each image's q(z|x), averaged: what the code costs. (And it is
    reconstructions that are compared with the images, not generated ones.)
    """
    return kl_to_standard_normal(means[:, None], np.log(variances)[:, None])


def nats(divergence) -> float:
    """Mean KL in nats of 10,000 needle-like posteriors whose means are spread as N(0, I)."""
    means = np.random.default_rng(0).normal(0, np.sqrt(1 - 1e-4), 10000)
    return float(np.mean(divergence(means, np.full(10000, 1e-4))))


def praise():
    """Advantages in speed and quality are asserted without a time, a score or a sample; the
    "source code" section has none.
    """
    return (
        "Advantages in speed and generation quality, with extremely detailed explanations and "
        "source code examples."
    )


def report():
    """A claim of quality is a number with its data, count, floor and command, as on the card of
    our weights.
    """
    return pretrained.card("gan")["measured"]


def six_questions():
    """What the article asks about image generation in 2024. Diffusion, metrics, tokens,
    guidance, safety, cost: not there.
    """
    return (
        "What is a GAN? What are its uses? What is a VAE? What are its uses? What is an LLM? "
        "How is it used for images?"
    )


def our_questions():
    """The bank asks about each of them."""
    return " ".join(
        question.en.question + question.en.answer for question in bank.load().questions.values()
    )


def topics_missing(text) -> int:
    """Topics of six that the questions never name."""
    return sum(
        topic not in text() for topic in ("diffusion", "FID", "token", "guidance", "safety", "cost")
    )


ROOM = (
    Exhibit(
        "P01",
        fast_by_title,
        fast_by_clock,
        lambda ratio: ratio > 3,
        lambda load: cpu_seconds(load) / cpu_seconds(fast_by_clock),
    ),
    Exhibit(
        "P03", in_turns, in_turns_with_a_penalty, lambda distance: distance > 0.5, distance_after
    ),
    Exhibit(
        "P04", sample_a_clean_image, average_the_clean_images, lambda error: error > 1.8, error_of
    ),
    Exhibit("P05", a_new_image, the_image_in_another_style, lambda kept: kept < 0.5, kept_ink),
    Exhibit("P06", a_distance, a_bound, lambda gap: gap > 1, missing_nats),
    Exhibit("P08", the_pixels, the_codes, lambda numbers: numbers == 784, numbers_to_model),
    Exhibit(
        "P13", generator_loss, distance_to_the_data, lambda ratio: ratio > 2, same_pictures_judged
    ),
    Exhibit("P14", both_at_once, in_turns, lambda distance: distance > 2, distance_after),
    Exhibit(
        "P16",
        a_plain_sample,
        a_reparameterised_sample,
        lambda networks: networks == 1,
        networks_that_learn,
    ),
    Exhibit(
        "P17", divergence_of_the_aggregate, divergence_per_image, lambda found: found < 0.01, nats
    ),
    Exhibit(
        "P19 P20",
        praise,
        report,
        lambda numbers: numbers == 0,
        lambda part: len(re.findall(r"\d+", str(part()))),
    ),
    Exhibit("P21", six_questions, our_questions, lambda missing: missing > 0, topics_missing),
)
