"""Checks of exercises 16, the capstones: a budget of CPU-seconds, and a latency.

Both run for seconds, not for milliseconds. What they measured, `measured` prints; the verdict does not hold it, since it
differs from run to run.
"""

import statistics
import time

import numpy as np

from genimg_lib.checks import token_model
from genimg_lib.checks.core import Answer, array, checker, expect

CPU_SECONDS = 10.0
OVERTIME = 1.1  # times the budget
DRAWING = 10.0  # CPU-seconds for 2,000 images
AGREEMENT, DISTANCE = 0.9, 22.0
COUNT = 2000
FASTER = 5.0
ROUNDS, REPEATS = 3, 5  # a busy machine gets another chance

MEASURED: dict[str, str] = {}
DRAWN: dict[str, np.ndarray] = {}


def measured(exercise: str) -> None:
    """Prints what the last check of an exercise measured."""
    print(MEASURED.get(exercise, "nothing measured yet"))


def samples():
    """The first images of every class that the last check of `train_generator` drew, as a figure."""
    if not DRAWN:
        return None
    from genimg_lib import plots

    order = np.argsort(DRAWN["codes"][:200], kind="stable").reshape(10, 20)[:, :5].T.ravel()
    return plots.image_grid(DRAWN["images"][order], "One column for each code, unselected", columns=10)


@checker(seconds=240)
def train_generator(answer):
    """Scored by the shipped classifier: Heusel et al., arXiv:1706.08500, on its features."""
    from genimg_lib import metrics
    from genimg_lib.data import load_mnist

    (images, digits), (test_images, _) = load_mnist()
    metrics.predict_labels(test_images[:8])  # loads the classifier before any clock runs
    code_of = np.random.default_rng().permutation(10)
    start = time.process_time()
    model = answer(images, code_of[digits].astype(np.int32), CPU_SECONDS)
    used = time.process_time() - start
    MEASURED["train_generator"] = f"training took {used:.1f} of {CPU_SECONDS:g} CPU-seconds"
    expect(
        used <= OVERTIME * CPU_SECONDS,
        f"training took {used:.1f} CPU-seconds; {CPU_SECONDS:g} are given. Building and tracing count, on all threads.",
    )
    expect(callable(getattr(model, "generate", None)), "train should return a model with generate(count, condition, *, seed).")
    yield "within the budget"

    draw = Answer(model.generate, 60.0)
    codes = np.random.default_rng(0).permuted(np.tile(np.arange(10), (COUNT // 10, 1)), axis=1).ravel()
    start = time.process_time()
    generated = draw(COUNT, codes, seed=1)
    used = time.process_time() - start
    expect(
        isinstance(generated, np.ndarray) and generated.dtype == np.uint8 and generated.shape == (COUNT, *images.shape[1:]),
        f"generate({COUNT}, codes, seed=1) should return uint8 images of shape {(COUNT, *images.shape[1:])}.",
    )
    expect(used <= DRAWING, f"drawing {COUNT:,} images took {used:.1f} CPU-seconds; {DRAWING:g} are given: train in train.")
    again, other = draw(40, codes[:40], seed=2), draw(40, codes[:40], seed=3)
    expect(np.array_equal(again, draw(40, codes[:40], seed=2)), "the same seed should draw the same images.")
    expect(not np.array_equal(again, other), "another seed draws the same images: the seed does not matter.")
    DRAWN.update(images=generated, codes=codes)
    yield "it draws, and the seed decides what"

    distinct = len(np.unique(generated.reshape(COUNT, -1), axis=0))
    expect(distinct > 0.9 * COUNT, f"only {distinct:,} of {COUNT:,} images are different from each other: is noise ignored?")
    copied = np.mean(nearest(generated[:100], images) < COPY)
    expect(
        copied < 0.4,
        f"{100 * copied:.0f} of 100 images lie on a training image: it copies the data; it should draw new ones.",
    )
    yield "nothing is copied"

    seen = metrics.predict_labels(generated)
    agreement = float(np.mean(code_of[seen] == codes))
    distance = metrics.frechet_distance(metrics.features(generated), metrics.features(test_images[::5]))
    MEASURED["train_generator"] += f"; class agreement {100 * agreement:.1f} %, Frechet distance {distance:.1f}"
    expect(
        distance < 100 or agreement > 0.5,
        f"a Frechet distance of {distance:.0f}: that is as far from digits as an untrained model.",
    )
    expect(
        np.mean(seen == codes) < 0.6,
        "code 3 gives a three; here codes are assigned to digits anew in every check, and only the labels of `train` tell. "
        "Were the weights trained elsewhere?",
    )
    expect(agreement > 0.3, f"a class agreement of {100 * agreement:.0f} %, one in ten is chance: the condition is ignored.")
    expect(agreement >= AGREEMENT, f"{100 * agreement:.1f} % show the digit asked for; {100 * AGREEMENT:g} % are wanted.")
    yield "it draws what it is asked for"

    expect(distance <= DISTANCE, f"the Frechet distance is {distance:.1f}; at most {DISTANCE:g} is wanted.")
    yield "close enough to digits that it has not seen"


COPY = 0.8
"""Nearest training image, in units of full ink, below which an image is a copy: see `nearest`."""


def nearest(images, known) -> np.ndarray:
    """Distance of each image to the nearest of `known`, on averages over 2x2 pixels, whatever a shift by one pixel does."""
    targets = pooled(known)
    norms = np.square(targets).sum(axis=1)
    best = np.full(len(images), np.inf)
    for shift in np.ndindex(3, 3):
        rows = pooled(np.roll(images, (shift[0] - 1, shift[1] - 1), axis=(1, 2)))
        squared = norms - 2 * rows @ targets.T + np.square(rows).sum(axis=1)[:, None]
        best = np.minimum(best, squared.min(axis=1))
    return np.sqrt(np.maximum(best, 0))


def pooled(images) -> np.ndarray:
    halves = images[:, ::2].astype(np.float32) + images[:, 1::2]
    return ((halves[:, :, ::2] + halves[:, :, 1::2]) / (4 * 255)).reshape(len(images), -1)


@checker(seconds=60)
def sample_tokens(answer):
    """Against the slow sampler of the notebook; on caches: Shazeer, arXiv:1911.02150."""
    small = token_model.random_model(0, width=24, heads=3, depth=2, vocabulary=37, length=11, classes=4)
    wide = token_model.random_model(1, width=16, heads=2, depth=3, vocabulary=50, length=9, classes=3)
    prompts = np.random.default_rng(0).integers(0, 37, size=(6, 11))
    classes = np.array([0, 1, 2, 3, 4, 1])

    def drawn(*given):
        return array(answer(*given), "the tokens", (len(given[1]), len(given[0].positions)))

    tokens = drawn(small, prompts[:, :3], classes, 5, 1.5)
    expect(np.array_equal(tokens[:, :3], prompts[:, :3]), "the first tokens should be those of the prompt, as they are given.")
    yield "all tokens, the prompt first"

    expect(
        not np.array_equal(tokens, drawn(small, prompts[:, :3], classes, 6, 1.5)),
        "another seed draws the same tokens; the noise is that of np.random.default_rng(seed).",
    )
    for given, words in (
        ((classes, 5, 1.0), "guidance is left out: those are the tokens of the plain conditional model."),
        ((np.full(6, 4), 5, 1.5), "the classes are left out: those are the tokens of the model without a class."),
    ):
        expect(differs(tokens, *token_model.sample_slowly(small, prompts[:, :3], *given)), words)
    plans = (
        (small, 3, 1.5, 5),
        (small, 0, 1.5, 1),
        (small, 10, 3.0, 2),
        (small, 11, 1.5, 3),
        (wide, 1, 1.0, 4),
        (wide, 4, 0.5, 6),
    )
    for model, count, guidance, seed in plans:
        rows = 6 if model is small else 4
        given = model, prompts[:rows, :count], classes[:rows] % len(model.classes), seed, guidance
        wrong = wrong_positions(drawn(*given), *token_model.sample_slowly(*given))
        case = f"a prompt of {count}, seed {seed}, guidance {guidance}"
        expect(not len(wrong), f"{case}: other tokens than the slow sampler's. {explain(wrong, count)}")
    yield "the tokens of the slow sampler"

    model, random = token_model.shipped(), np.random.default_rng()
    _, first = timed(answer, fresh_inputs(model, random))  # may compile: reported, not counted
    ratio = 0.0
    for _ in range(ROUNDS):
        slow, fast = [], []
        for _ in range(REPEATS):
            given = fresh_inputs(model, random)
            (tokens, margins), seconds = timed(token_model.sample_slowly, given)
            slow.append(seconds)
            found, seconds = timed(answer, given)
            fast.append(seconds)
            wrong = wrong_positions(array(found, "the tokens", tokens.shape), tokens, margins)
            expect(not len(wrong), f"32 images of the shipped model: {len(wrong)} tokens are not those of the slow sampler.")
        slow, fast = statistics.median(slow), statistics.median(fast)
        ratio = max(ratio, slow / fast)
        MEASURED["sample_tokens"] = (
            f"32 images: {1000 * slow:.0f} ms slow, {1000 * fast:.0f} ms yours, {slow / fast:.1f} times as fast; "
            f"your first call took {1000 * first:.0f} ms"
        )
        if not FASTER / 2 < ratio < FASTER:
            break
    repeated = statistics.median(timed(answer, given)[1] for _ in range(3))
    expect(
        ratio >= FASTER or repeated > fast / 3,
        f"results are remembered: only a repeated call is fast; new inputs run {ratio:.1f} times as fast.",
    )
    expect(ratio >= FASTER, f"{ratio:.1f} times as fast; {FASTER:g} times are asked for. What is computed more than once?")
    yield "five times as fast on new inputs"


def fresh_inputs(model, random) -> tuple:
    """32 random prompts of 7 tokens, classes, a seed and a scale: no call of the race is like another."""
    seed = int(random.integers(2**31))
    return model, random.integers(0, model.head.shape[1], size=(32, 7)), random.integers(0, 10, size=32), seed, 1.5


def timed(function, given) -> tuple:
    start = time.perf_counter()
    result = function(*given)
    return result, time.perf_counter() - start


def wrong_positions(found, tokens, margins) -> np.ndarray:
    """(row, position) of tokens that differ, but for those after a draw so close that rounding may decide it."""
    decided = np.minimum.accumulate(margins, axis=1) > 3e-4
    return np.argwhere((found != tokens) & decided)


def differs(found, tokens, margins) -> bool:
    return bool(len(wrong_positions(found, tokens, margins)))


def explain(wrong, count: int) -> str:
    """A guess at the cause, from where the first difference is."""
    if not len(wrong):
        return ""
    first = min(position for _, position in wrong)
    if first > count:
        return f"They differ from position {first} on: what does the cache hold then, and which positions do new tokens get?"
    return "The first one drawn differs: look at the noise of that position, and at the mask over the prompt."
