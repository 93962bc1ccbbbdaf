"""Checks of exercises 71: bugs that run. Every one was published by somebody."""

from collections.abc import Iterable
from random import getstate

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair, refusal, refused
from genimg_lib.checks.museum import questions


@checker
def sampling_codes(answer):
    """Training and sampling must agree on what a code means."""
    random = np.random.default_rng(0)
    for num_classes in (10, 4):
        labels = random.integers(0, num_classes, size=7)
        labels[:2] = 0, num_classes - 1
        names = "the codes with a class, the codes without a class"
        conditional, unconditional = pair(answer(labels, num_classes), names, labels.shape)
        exchanged = close(unconditional, labels + 1) and close(conditional, 0 * labels)
        expect(not exchanged, "they are exchanged: the codes with a class come first.")
        found = f"labels {short(labels)} give {short(conditional)}"
        tempting = {
            "the labels are used as codes: whoever asks for a three gets a two, and for a zero an "
            "image of no class.": labels,
            "the last class wraps around to code 0, which is no class.": (labels + 1) % num_classes,
        }
        match(conditional, labels + 1, f"{found}: class i has code i + 1.", tempting)
        tempting = {
            f"code {num_classes} stands for the last class; no class is code 0.": 0 * labels
            + num_classes
        }
        match(
            unconditional,
            0 * labels,
            f"without a class the codes are {short(unconditional)}; no class is code 0.",
            tempting,
        )
    yield "the codes that training used"


@value_checker(tries=2)
def tokens_or_pixels(answers):
    """Read a program; source: the museum's room 5."""
    yield from choices(answers, questions.BEACH)


@checker
def reconstruction_loss(answer):
    """Bernoulli negative log-likelihood of bytes or of floats in [0, 1]; source: Kingma and
    Welling, arXiv:1312.6114, C.1.
    """
    random = np.random.default_rng(0)
    images = random.integers(0, 256, size=(3, 5, 4, 2), dtype=np.uint8)
    logits = random.normal(size=images.shape).astype(np.float32)

    def nats(targets):
        return (np.logaddexp(0, logits) - targets * logits).sum(axis=(1, 2, 3))

    floats = random.uniform(size=images.shape)
    right = nats(floats)
    for targets in (floats, floats.astype(np.float32)):
        found = array(answer(targets, logits), "the loss", (3,))
        tempting = {
            "floats in [0, 1] are divided by 255: bytes are told by their dtype.": nats(
                floats / 255
            ),
            "it is a mean over pixels; nats per image are a sum.": right / images[0].size,
            "those are bits; one nat is log 2 of them: no division by log 2.": right / np.log(2),
            "that is the log-likelihood; the loss is its negative.": -right,
        }
        words = (
            f"for floats in [0, 1] the old loss was right: {right[0]:.4f} nats for the first "
            f"image, not {found[0]:.4f}."
        )
        match(found, right, words, tempting, rtol=1e-4)
    expect(refusal(answer, floats.round(), logits) is None, "0.0 and 1.0 are probabilities, too.")
    yield "floats in [0, 1] as before"

    found = array(answer(images, logits), "the loss", (3,))
    wrong = nats(images.astype(np.float64))
    tempting = {
        f"bytes are used as they are: {short(wrong[0])} nats. Targets lie in [0, 1].": wrong,
        "targets in [-1, 1] are for a tanh; a Bernoulli's lie in [0, 1].": nats(images / 127.5 - 1),
        "bytes are divided by 256; 255 is white, and should become 1.": nats(images / 256),
        "bytes are rounded to 0 and 1: a grey pixel is a probability in between.": nats(
            np.round(images / 255)
        ),
    }
    right = nats(images / 255)
    words = (
        f"bytes should count as byte / 255: the first image has {right[0]:.4f} nats, not "
        f"{found[0]:.4f}."
    )
    match(found, right, words, tempting, rtol=1e-4)
    dark = images // 128
    found = array(answer(dark, logits), "the loss", (3,))
    expect(
        close(found, nats(dark / 255), rtol=1e-4),
        "bytes 0 and 1 are almost black: the dtype decides.",
    )
    yield "bytes as byte / 255"

    for targets in (floats * 255, floats * 1.5, floats - 0.5):
        refused(
            answer, targets, logits, what=f"floats from {targets.min():.2f} to {targets.max():.2f}"
        )
    for value in (1.2, -0.2, np.nan):
        odd = floats.copy()
        odd[-1, -1, -1, -1] = value
        refused(answer, odd, logits, what=f"floats of which a single one is {value}")
    refused(
        answer,
        images.astype(np.int64),
        logits,
        what="int64 numbers from 0 to 255, neither bytes nor floats,",
    )
    yield "refuses anything else"


@checker
def encode_all(answer):
    """In batches, from a set that does not fit into memory."""
    random = np.random.default_rng(0)
    for count, batch_size in ((23, 5), (10, 5), (3, 5), (7, 1)):
        pixels = random.integers(0, 256, size=(count, 4, 3, 1), dtype=np.uint8)
        disk = OnDisk(pixels)
        encoder = Encoder(disk)
        found = answer(encoder, disk, batch_size)
        expect(
            disk.largest < count or count <= batch_size,
            f"it reads all {count} images at once; {batch_size} fit.",
        )
        expect(
            disk.largest <= batch_size,
            f"it reads {disk.largest} images at once; {batch_size} fit into memory.",
        )
        largest = max(encoder.sizes, default=0)
        expect(largest <= batch_size, f"it encodes {largest} images at once; {batch_size} fit.")
        held = (
            f"it holds {encoder.held} images that are not encoded yet; {batch_size} fit: "
            "encode a batch before you read on."
        )
        expect(encoder.held <= batch_size, held)
        expect(0 not in encoder.sizes, "it encodes an empty batch.")
        apart = (
            isinstance(found, list)
            and len(found) > 1
            and [np.shape(part)[:1] for part in found] == [(n,) for n in encoder.sizes]
        )
        expect(
            not apart or np.ndim(found[0]) != 2,
            "it returns a list of batches; put them together, as one array (n, d).",
        )
        found = array(found, "the features")
        right = features(pixels / np.float32(255))
        full = count // batch_size * batch_size
        expect(found.shape[:1] != (full,) or full == count, "the last, smaller batch is lost.")
        expect(
            found.shape == right.shape,
            f"features of shape {found.shape} for {count} images; it should be {right.shape}.",
        )
        total = sum(encoder.sizes)
        expect(
            total <= count, f"{total} images were encoded, and there are {count}: each one once."
        )
        tempting = {
            "the encoder should get floats in [0, 1], as before; bytes / 255.": features(pixels),
            "bytes are divided by 256; 255 should become 1.": features(pixels / 256),
            "the encoder should get floats in [0, 1], not in [-1, 1].": features(
                pixels / 127.5 - 1
            ),
            "the features are right, but in another order than the images.": _reordered(
                found, right
            ),
        }
        match(found, right, "the features are not those of the images.", tempting, rtol=1e-4)
        expect(
            encoder.sizes
            == [len(pixels[start : start + batch_size]) for start in range(0, count, batch_size)],
            f"batches of {encoder.sizes} for {count} images: fill all but the last with "
            f"{batch_size}.",
        )
        yield f"{count} images, {batch_size} at a time"


def _reordered(found, right):
    """The right features in the order of the found ones, as far as they are the same rows."""
    rows = np.lexsort(found.T)
    ordered = np.empty_like(right)
    ordered[rows] = right[np.lexsort(right.T)]
    return ordered


class OnDisk:
    """Images that are read when they are asked for; `largest` is the most that was read at once."""

    def __init__(self, images):
        self._images = images
        self.largest = 0
        self.read = set()
        self.shape = images.shape
        self.dtype = images.dtype
        self.ndim = images.ndim

    def __len__(self):
        return len(self._images)

    def __getitem__(self, rows):
        found = self._images[rows]
        first = rows[0] if isinstance(rows, tuple) else rows
        touched = np.atleast_1d(np.arange(len(self))[first])
        self.read.update(touched.tolist())
        self.largest = max(self.largest, len(touched))
        return found.copy()

    def __array__(self, dtype=None, copy=None):
        self.largest = len(self)
        return self._images.astype(dtype or self._images.dtype)


def features(images) -> np.ndarray:
    """Three features of each image: (n, 3)."""
    rows = np.asarray(images).reshape(len(images), 12).astype(np.float32)
    return np.stack([rows.sum(axis=1), rows[:, 0], np.square(rows).sum(axis=1)], axis=1)


class Encoder:
    """An encoder that watches how it is fed.

    `sizes` are those of its batches; `held` is how many images were read that it had not yet seen.
    """

    def __init__(self, disk):
        self._disk = disk
        self.sizes = []
        self.held = 0

    def __call__(self, images):
        images = np.asarray(images)
        expect(
            images.ndim == 4,
            "encode takes a batch (b, height, width, channels), and got an array of shape "
            f"{images.shape}.",
        )
        self.held = max(self.held, len(self._disk.read) - sum(self.sizes))
        self.sizes.append(len(images))
        return features(images)


@value_checker
def fifty_epochs(answers):
    """Read a loop and count."""
    yield from estimates(answers, questions.FIFTY_EPOCHS, tolerance=0.0)


@value_checker(tries=2)
def which_checkpoint(answers):
    """Read a log; source: Arjovsky, Chintala and Bottou, arXiv:1701.07875, on losses that do not
    follow quality.
    """
    yield from choices(answers, questions.CHECKPOINT)


@checker
def worker_generators(answer):
    """Source: pytorch/pytorch issue 5059; NumPy documentation, "Parallel random number
    generation".
    """

    def draws(seed, epoch, workers=4):
        generators = answer(seed, epoch, workers)
        expect(
            isinstance(generators, Iterable),
            f"one {type(generators).__name__} for {workers} workers: return a list of them.",
        )
        generators = list(generators)
        expect(len(generators) == workers, f"{len(generators)} generators for {workers} workers.")
        expect(
            all(isinstance(generator, np.random.Generator) for generator in generators),
            "it should return NumPy Generators, as np.random.default_rng makes them.",
        )
        sources = {id(generator.bit_generator) for generator in generators}
        expect(
            len(sources) == workers,
            "workers share one generator: what one draws, another one misses. Make one for each.",
        )
        return [tuple(generator.integers(0, 2**62, size=8).tolist()) for generator in generators]

    def collisions(streams) -> int:
        """Numbers of 62 bits that were drawn more than once."""
        numbers = [number for stream in streams for number in stream]
        return len(numbers) - len(set(numbers))

    before = _global_states()
    first = draws(7, 0)
    expect(
        before == _global_states(),
        "it uses or seeds the global generator, which all the program shares.",
    )
    expect(len(set(first)) > 1, "all workers draw the same numbers.")
    expect(len(set(first)) == 4, "some of four workers draw the same numbers.")
    expect(
        not collisions(first),
        "one worker draws what another draws a little later: the streams are shifted, not "
        "different.",
    )
    yield "workers differ"

    expect(first == draws(7, 0), "the same seed and epoch should give the same numbers again.")
    expect(first != draws(8, 0), "another seed gives the same numbers.")
    yield "the seed decides"

    expect(first != draws(7, 1), "the epoch does not matter: every epoch augments alike.")
    epochs = [stream for epoch in range(6) for stream in draws(7, epoch)]
    expect(
        not collisions(epochs),
        "a worker draws what another drew in an earlier epoch: sums collide.",
    )
    expect(
        not collisions(first + draws(8, 0)),
        "a run with the next seed draws what the neighbour drew in this one.",
    )
    runs = [stream for seed in range(5) for epoch in range(5) for stream in draws(seed, epoch, 3)]
    expect(
        not collisions(runs),
        "seeds 0 to 4, epochs 0 to 4: a run draws in one epoch what another run draws in another.",
    )
    _no_two_keys_alike(lambda seed, epoch: draws(seed, epoch, 12))
    many = [stream for epoch in (0, 1, 10, 100) for stream in draws(7, epoch, 130)]
    expect(
        not collisions(many),
        "with 130 workers some collide with other epochs: hash the three numbers.",
    )
    yield "no two streams are alike"


def _no_two_keys_alike(draws):
    """Rejects generators that are alike for two triples of a seed, an epoch and a worker."""
    seen = {}
    for seed in (1, 7, 11, 17, 71, 111):
        for epoch in (0, 1, 7, 10, 11, 17, 71, 110):
            for worker, stream in enumerate(draws(seed, epoch)):
                here = f"seed {seed}, epoch {epoch}, worker {worker}"
                expect(
                    stream not in seen,
                    f"{here} draws what {seen.get(stream)} draws: digits side by side, or a sum, "
                    "are no key. Hand the three numbers over as they are.",
                )
                seen[stream] = here


def _global_states() -> tuple:
    name, keys, *rest = np.random.get_state()
    return name, keys.tobytes(), *rest, getstate()
