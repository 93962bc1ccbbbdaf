"""Checks of exercises 13: bugs that run. Every one was published by somebody."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker


def choices(answers, wanted: dict):
    """Yields each name once its word is right. `wanted`: name -> (right word, {wrong word: why it is wrong})."""
    expect(isinstance(answers, dict), f"the answer should be a dictionary with the entries {', '.join(wanted)}.")
    expect(set(answers) == set(wanted), f"the entries are {', '.join(map(str, answers))}; they should be {', '.join(wanted)}.")
    for name, (right, wrong) in wanted.items():
        known = {str(option).lower(): option for option in sorted([right, *wrong], key=str)}
        given = known.get(str(answers[name]).strip().lower())
        options = ", ".join(map(repr, known.values()))
        expect(given is not None, f"{name}: {short(answers[name])!r} is not among {options}.")
        expect(given == right, f"{name} = {given!r}: {wrong.get(given)}")
        yield name


@checker
def sampling_codes(answer):
    """Training and sampling must agree on what a code means."""
    random = np.random.default_rng(0)
    for num_classes in (10, 4):
        labels = random.integers(0, num_classes, size=7)
        labels[:2] = 0, num_classes - 1
        pair = answer(labels, num_classes)
        expect(isinstance(pair, (tuple, list)) and len(pair) == 2, "return two arrays: with the class, and without one.")
        conditional = array(pair[0], "the codes with a class", labels.shape)
        unconditional = array(pair[1], "the codes without a class", labels.shape)
        expect(
            not close(conditional, labels),
            "the labels are used as codes: whoever asks for a three gets a two, and for a zero an image of no class.",
        )
        expect(not close(conditional, (labels + 1) % num_classes), "the last class wraps around to code 0, which is no class.")
        expect(close(conditional, labels + 1), f"labels {short(labels)} give {short(conditional)}: class i has code i + 1.")
        expect(
            not close(unconditional, 0 * labels + num_classes),
            f"code {num_classes} stands for the last class; no class is code 0.",
        )
        expect(close(unconditional, 0 * labels), f"without a class the codes are {short(unconditional)}; no class is code 0.")
    yield "the codes that training used"


@value_checker
def tokens_or_pixels(answers):
    """Read a program; source: the museum's room 5."""
    yield from choices(
        answers,
        {
            "line_2": (
                "no generate",
                {
                    "runs": "AutoModel leaves out the language-model head, so there is nothing to generate with.",
                    "no weights": "the weights are found; it is the class that lacks something.",
                    "no Chinese": "the tokenizer does not complain: it writes <unk>.",
                },
            ),
            "result": (
                "token ids",
                {
                    "pixels": "no line makes pixels: the vocabulary holds pieces of words.",
                    "text": "text comes out of tokenizer.decode; generate itself returns whole numbers.",
                    "features": "features are the last hidden states; generate picks a token at every step.",
                },
            ),
            "prompt": (
                "unknown",
                {
                    "Chinese": "the pieces of this tokenizer are from English, German, French and Romanian text.",
                    "bytes": "a tokenizer with byte fallback would do that; this one has none.",
                    "English": "nobody translates: a tokenizer only cuts.",
                },
            ),
            "missing": (
                "image tokens",
                {
                    "a larger model": "a larger model writes better text, and still text.",
                    "a better prompt": "a prompt changes which words come out, not that they are words.",
                    "a longer output": "fifty or five thousand tokens of text: none of them is a patch of an image.",
                },
            ),
        },
    )


@checker
def reconstruction_loss(answer):
    """Bernoulli negative log-likelihood of bytes or of floats in [0, 1]; source: Kingma and Welling, arXiv:1312.6114, C.1."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, size=(3, 5, 4, 2), dtype=np.uint8)
    logits = random.normal(size=images.shape).astype(np.float32)

    def nats(targets):
        return (np.logaddexp(0, logits) - targets * logits).sum(axis=(1, 2, 3))

    floats = random.uniform(size=images.shape)
    found = array(answer(floats, logits), "the loss", (3,))
    expect(not close(found, nats(floats / 255)), "floats in [0, 1] are divided by 255: bytes are told by their dtype.")
    expect(not close(found, nats(floats) / 40), "it is a mean over pixels; nats per image are a sum.")
    expect(close(found, nats(floats), rtol=1e-4), "for floats in [0, 1] the old loss was right: keep it.")
    expect(not refused(answer, floats.round(), logits), "0.0 and 1.0 are probabilities, too.")
    yield "floats in [0, 1] as before"

    found = array(answer(images, logits), "the loss", (3,))
    wrong = nats(images.astype(np.float64))
    expect(not close(found, wrong, rtol=1e-4), f"bytes are used as they are: {short(wrong[0])} nats. Targets lie in [0, 1].")
    expect(
        not close(found, nats(images / 127.5 - 1), rtol=1e-4),
        "targets in [-1, 1] are for a tanh; a Bernoulli's lie in [0, 1].",
    )
    expect(close(found, nats(images / 255), rtol=1e-4), "bytes should count as byte / 255.")
    dark = images // 128
    found = array(answer(dark, logits), "the loss", (3,))
    expect(close(found, nats(dark / 255), rtol=1e-4), "bytes 0 and 1 are almost black: the dtype decides.")
    yield "bytes as byte / 255"

    for targets in (floats * 255, floats * 1.5, floats - 0.5):
        with_error = refused(answer, targets, logits)
        low, high = targets.min(), targets.max()
        expect(with_error, f"floats from {low:.2f} to {high:.2f} are no probabilities: raise ValueError.")
    yield "refuses anything else"


def refused(answer, *given) -> bool:
    try:
        answer(*given)
    except ValueError:
        return True
    return False


@checker
def encode_all(answer):
    """In batches, from a set that does not fit into memory."""
    random = np.random.default_rng(0)
    for count, batch_size in ((23, 5), (10, 5), (3, 5), (7, 1)):
        pixels = random.integers(0, 256, size=(count, 4, 3, 1), dtype=np.uint8)
        disk, encoder = OnDisk(pixels), Encoder()
        found = array(answer(encoder, disk, batch_size), "the features")
        expect(disk.largest < count or count <= batch_size, f"it reads all {count} images at once; {batch_size} fit.")
        expect(disk.largest <= batch_size, f"it reads {disk.largest} images at once; {batch_size} fit into memory.")
        expect(encoder.largest <= batch_size, f"it encodes {encoder.largest} images at once; {batch_size} fit.")
        expect(encoder.smallest > 0, "it encodes an empty batch at the end.")
        right = Encoder()(pixels.astype(np.float32) / 255)
        full = count // batch_size * batch_size
        expect(found.shape[:1] != (full,) or full == count, "the last, smaller batch is lost.")
        expect(found.shape == right.shape, f"features of shape {found.shape} for {count} images; it should be {right.shape}.")
        expect(not close(found, Encoder()(pixels)), "the encoder should get floats in [0, 1], as before; bytes / 255.")
        expect(close(found, right, rtol=1e-4), "the features are not those of the images, in their order.")
        expect(encoder.calls == -(-count // batch_size), f"{encoder.calls} calls for {count} images: fill the batches.")
        yield f"{count} images, {batch_size} at a time"


class OnDisk:
    """Images that are read when they are asked for; `largest` is the most that was read at once."""

    def __init__(self, images):
        self._images, self.largest = images, 0
        self.shape, self.dtype, self.ndim = images.shape, images.dtype, images.ndim

    def __len__(self):
        return len(self._images)

    def __getitem__(self, rows):
        found = self._images[rows]
        self.largest = max(self.largest, len(found) if found.ndim == 4 else 1)
        return found.copy()

    def __array__(self, dtype=None, copy=None):
        self.largest = len(self)
        return self._images.astype(dtype or self._images.dtype)


class Encoder:
    """Three features of each image: (n, 3)."""

    def __init__(self):
        self.largest, self.smallest, self.calls = 0, 10**9, 0

    def __call__(self, images):
        images = np.asarray(images)
        expect(
            images.ndim == 4, f"encode takes a batch (b, height, width, channels), and got an array of shape {images.shape}."
        )
        self.calls += 1
        self.largest, self.smallest = max(self.largest, len(images)), min(self.smallest, len(images))
        rows = images.reshape(len(images), 12).astype(np.float32)
        return np.stack([rows.sum(axis=1), rows[:, 0], np.square(rows).sum(axis=1)], axis=1)


@value_checker
def fifty_epochs(answers):
    """Read a loop and count."""
    expect(isinstance(answers, dict), "the answer should be a dictionary: fill in the one of the stub.")
    wanted = {
        "updates": (50 * 32, {32: "that is one epoch; there are 50.", 50 * 937: "the inner loop does not run over the data."}),
        "images_seen": (
            32,
            {1600: "i starts at 0 again in every epoch.", 60_000: "i stays below 32."},
        ),
        "drawn_per_real": (
            64,
            {1: "one real image, and how many drawn ones?", 2: "the 2 is in the range of the loop."},
        ),
        "updates_wanted": (
            50 * 937,
            {50 * 60_000: "a batch holds 64 images.", 937: "that is one epoch; there are 50."},
        ),
    }
    expect(set(answers) == set(wanted), f"the entries should be {', '.join(wanted)}.")
    for name, (right, mistakes) in wanted.items():
        value = float(array(answers[name], name, ()))
        expect(value not in mistakes, f"{name} = {value:,.0f}: {mistakes.get(value)}")
        expect(
            abs(value - right) <= 0.0012 * right,
            f"{name} = {value:,.0f} is too {'large' if value > right else 'small'}.",
        )
        yield name


@value_checker
def which_checkpoint(answers):
    """Read a log; source: Arjovsky, Chintala and Bottou, arXiv:1701.07875, on losses that do not follow quality."""
    meaning = "success against this discriminator"
    yield from choices(
        answers,
        {
            "ship": (
                320,
                {
                    80: "that is the lowest generator loss; its images are three times as far from real ones as the best.",
                    400: "the last one is not the best one: the distance has risen again.",
                    40: "that is the start; look at the distance.",
                    160: "at step 160 the distance still falls.",
                    240: "at step 240 the distance still falls.",
                },
            ),
            "generator_loss_measures": (
                meaning,
                {
                    "quality": "then it would have to fall with the distance: compare the two columns.",
                    "distance to the data": "that is the last column; this one is the opinion of the discriminator.",
                    "likelihood": "a GAN gives no likelihood; the loss is about logits of another network.",
                },
            ),
            "comparable_across_steps": (
                "no",
                {"yes": "the discriminator of step 400 is another judge than that of step 40."},
            ),
        },
    )


@checker
def worker_generators(answer):
    """Source: pytorch/pytorch issue 5059; NumPy documentation, "Parallel random number generation"."""

    def draws(seed, epoch, workers=4):
        generators = list(answer(seed, epoch, workers))
        expect(len(generators) == workers, f"{len(generators)} generators for {workers} workers.")
        expect(
            all(isinstance(generator, np.random.Generator) for generator in generators),
            "it should return NumPy Generators, as np.random.default_rng makes them.",
        )
        return [tuple(generator.integers(0, 2**62, size=4)) for generator in generators]

    before = np.random.get_state()[1].copy()
    first = draws(7, 0)
    expect(np.array_equal(before, np.random.get_state()[1]), "it seeds NumPy's global generator, which all the program shares.")
    expect(len(set(first)) > 1, "all workers draw the same numbers.")
    expect(len(set(first)) == 4, "some of four workers draw the same numbers.")
    yield "workers differ"

    expect(first == draws(7, 0), "the same seed and epoch should give the same numbers again.")
    expect(first != draws(8, 0), "another seed gives the same numbers.")
    yield "the seed decides"

    expect(first != draws(7, 1), "the epoch does not matter: every epoch augments alike.")
    epochs = [numbers for epoch in range(6) for numbers in draws(7, epoch)]
    expect(len(set(epochs)) == 24, "a worker draws what another drew in an earlier epoch: sums collide.")
    expect(not set(first) & set(draws(8, 0)), "a run with the next seed draws what the neighbour drew in this one.")
    many = [numbers for epoch in (0, 1, 10, 100) for numbers in draws(7, epoch, 130)]
    expect(
        len(set(many)) == 520,
        "with 130 workers some collide with other epochs: hash the three numbers.",
    )
    yield "no two streams are alike"
