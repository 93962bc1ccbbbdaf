"""The checks of the two capstones, tried without a long training: cheap right answers pass,
cheap wrong ones are named.
"""

import functools
import subprocess
import sys
import threading
import time
import types

import mutants  # noqa: F401  (puts tests on the path that answers are imported from)
import numpy as np
import pytest

from genimg_lib.checks import capstones, compute
from genimg_lib.checks.capstones import token_model
from genimg_lib.data import images as data
from genimg_lib.evaluation import pretrained
from genimg_lib.models.gan import GAN
from genimg_lib.practice.exercises import catalogue

SOLUTION = catalogue.EXERCISES.parent / "solutions" / "91_capstones.ipynb"


@pytest.fixture(scope="module", autouse=True)
def mnist_in_memory():
    """MNIST is read and prepared once, not in every check; no check but one measures what the
    reference costs, and none but those of `watched` waits to see whether something still computes.
    """
    directions, prepared = capstones.directions, {}

    def remembered(images):
        count = len(images)
        if count < 10_000:  # what was drawn
            return directions(images)
        if count not in prepared:
            prepared[count] = directions(images)
        return prepared[count]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "load_mnist", functools.cache(data.load_mnist))
        patch.setattr(capstones, "reference_cost", lambda images, labels: 10.0)
        patch.setattr(capstones, "directions", remembered)
        patch.setattr(capstones, "busy", lambda: False)
        yield


@pytest.fixture
def watched(monkeypatch):
    """What still computes after training is looked for, which takes more than two seconds."""
    monkeypatch.setattr(capstones, "busy", compute.busy)


@pytest.fixture(scope="module")
def shipped():
    return pretrained.load("conditional_gan")


@pytest.fixture(scope="module")
def model():
    return token_model.shipped()


# --- 16.1: models that were not trained in the check, with the codes and the turn that it gave ----


def seen_in(images, labels) -> tuple[np.ndarray, tuple]:
    """The digit behind each code, and how the images were turned: what training would have
    learned.
    """
    (upright, digits), _ = data.load_mnist()
    (turn,) = [
        turn
        for turn in capstones.TURNS
        if np.array_equal(capstones.turned(upright[:9], *turn), images[:9])
    ]
    return np.array([digits[labels == code][0] for code in range(10)]), turn


def drawing(generate):
    return types.SimpleNamespace(generate=generate)


def good(shipped, images, labels):
    digits, turn = seen_in(images, labels)
    return lambda count, condition, *, seed: capstones.turned(
        shipped.generate(count, digits[condition], seed=seed), *turn
    )


def verdict(train, shipped):
    return capstones.train_generator.verdict(
        lambda images, labels, seconds: train(shipped, images, labels)
    )


def test_a_good_generator_passes(shipped, watched):
    found = verdict(lambda *given: drawing(good(*given)), shipped)
    assert found.passed, found
    assert "class agreement 9" in capstones.MEASURED["train_generator"]
    assert capstones.samples() is not None


@pytest.mark.parametrize("turn", capstones.TURNS)
def test_turning_has_an_inverse_and_changes_images(turn):
    images = np.random.default_rng(0).integers(0, 256, size=(3, 28, 28, 1), dtype=np.uint8)
    found = capstones.turned(images, *turn)
    assert not np.array_equal(found, images)
    np.testing.assert_array_equal(capstones.turned_back(found, *turn), images)


def untrained(shipped, images, labels):
    return GAN(class_names=data.DIGIT_NAMES, seed=0)


def nothing(shipped, images, labels):
    return images


def floats(shipped, images, labels):
    draw = good(shipped, images, labels)
    return drawing(lambda count, condition, *, seed: draw(count, condition, seed=seed) / 255)


def fewer_images(shipped, images, labels):
    draw = good(shipped, images, labels)
    return drawing(
        lambda count, condition, *, seed: draw(count // 2, condition[: count // 2], seed=seed)
    )


def without_seed(shipped, images, labels):
    draw = good(shipped, images, labels)
    return drawing(lambda count, condition, *, seed: draw(count, condition, seed=None))


def one_seed(shipped, images, labels):
    draw = good(shipped, images, labels)
    return drawing(lambda count, condition, *, seed: draw(count, condition, seed=0))


def one_image_per_code(shipped, images, labels):
    draw = good(shipped, images, labels)
    return drawing(lambda count, condition, *, seed: draw(10, np.arange(10), seed=seed)[condition])


def copying(change):
    """Training images of the right classes, each changed a little."""

    def train(shipped, images, labels):
        def generate(count, condition, *, seed):
            random = np.random.default_rng(seed)
            rows = [random.choice(np.flatnonzero(labels == code)) for code in np.asarray(condition)]
            return change(images[rows], random).astype(np.uint8)

        return drawing(generate)

    return train


def with_noise(images, random):
    return np.clip(images + 60 * random.normal(size=images.shape) * (images > 0), 0, 255)


COPIES = {
    "shifted by two": lambda images, random: np.roll(images, 2, axis=2),
    "with noise": with_noise,
    "paler": lambda images, random: 0.9 * images,
    "thicker": lambda images, random: np.maximum(images, np.roll(images, 1, axis=2)),
}


@pytest.mark.parametrize("name", COPIES)
def test_copies_are_seen_whatever_is_done_to_them(name, shipped, monkeypatch):
    monkeypatch.setattr(capstones, "COPIES", 30)
    found = verdict(copying(COPIES[name]), shipped)
    assert "it copies the data" in found.feedback, found


def weights_from_elsewhere(shipped, images, labels):
    return shipped


def labels_ignored(shipped, images, labels):
    draw = good(shipped, images, labels)
    return drawing(
        lambda count, condition, *, seed: draw(count, np.resize(np.arange(10), count), seed=seed)
    )


def upright_with_the_right_codes(shipped, images, labels):
    digits, _ = seen_in(images, labels)
    return drawing(
        lambda count, condition, *, seed: shipped.generate(count, digits[condition], seed=seed)
    )


def labels_often_ignored(shipped, images, labels):
    draw = good(shipped, images, labels)

    def generate(count, condition, *, seed):
        other = np.random.default_rng(seed).integers(0, 10, size=count)
        return draw(count, np.where(np.arange(count) % 3 == 0, other, condition), seed=seed)

    return drawing(generate)


def pale(shipped, images, labels):
    draw = good(shipped, images, labels)
    return drawing(
        lambda count, condition, *, seed: (0.6 * draw(count, condition, seed=seed)).astype(np.uint8)
    )


WRONG_TRAININGS = {
    untrained: "as far from digits as an untrained model",
    nothing: "should return a model with generate",
    floats: "should return uint8 images",
    fewer_images: "should return uint8 images of shape (2000, 28, 28, 1)",
    without_seed: "the same seed should draw the same images",
    one_seed: "the seed does not matter",
    one_image_per_code: "is noise ignored?",
    weights_from_elsewhere: "Were the weights trained elsewhere?",
    upright_with_the_right_codes: "it draws upright digits",
    labels_ignored: "the condition is ignored",
    labels_often_ignored: "are wanted",
    pale: "is wanted",
}


@pytest.mark.parametrize("train", WRONG_TRAININGS, ids=lambda train: train.__name__)
def test_a_wrong_generator_is_told_why(train, shipped, monkeypatch):
    monkeypatch.setattr(capstones, "COPIES", 10)
    found = verdict(train, shipped)
    assert WRONG_TRAININGS[train] in found.feedback, found


def burn(seconds=0.5):
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass


def burn_in_a_thread():
    thread = threading.Thread(target=burn)
    thread.start()
    thread.join()


ENDLESS = "import sys, time\nwhile time.process_time() < float(sys.argv[1]): pass"


def process(seconds):
    return subprocess.Popen([sys.executable, "-S", "-c", ENDLESS, str(seconds)])


@pytest.mark.parametrize(
    "work", [burn, burn_in_a_thread, lambda: process(0.5).wait()], ids=["here", "thread", "process"]
)
def test_the_budget_counts_wherever_the_work_is_done(work, shipped, monkeypatch):
    monkeypatch.setattr(capstones, "reference_cost", lambda images, labels: 0.3)
    found = verdict(lambda *given: [work()], shipped)
    assert "CPU-seconds; 0.3 are given" in found.feedback, found


def test_the_budget_is_the_cost_of_the_reference(monkeypatch):
    """By a clock that runs 3 seconds until the steps that are timed, and 1 second in those."""
    clock = iter([100.0, 103.0, 104.0])
    (images, labels), _ = data.load_mnist()
    monkeypatch.setattr(compute, "time", types.SimpleNamespace(process_time=lambda: next(clock)))
    expected = 3 + (compute.REFERENCE_STEPS - compute.WARM_UP) / compute.TIMED
    assert compute.reference_cost(images, labels) == expected


def test_nothing_goes_on_after_training(shipped, watched):
    stop = threading.Event()

    def until_stopped():
        while not stop.is_set():
            burn(0.01)

    found = verdict(lambda *given: [threading.Thread(target=until_stopped).start()], shipped)
    stop.set()
    assert "still computes" in found.feedback, found

    children = []
    found = verdict(lambda *given: children.append(process(60)) or children, shipped)
    children[0].kill()
    children[0].wait()
    assert "still computes" in found.feedback, found


def test_drawing_has_a_budget(shipped, monkeypatch):
    monkeypatch.setattr(capstones, "DRAWING", 0.0)
    assert "train in train" in verdict(lambda *given: drawing(good(*given)), shipped).feedback


# --- 16.2 -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notebook():
    """What the solution defines for 16.2: the slow sampler as the learner sees it, and the fast
    one.
    """
    names: dict = {"pretrained": pretrained}
    (part,) = [
        part
        for part in catalogue.parts(SOLUTION)
        if part.exercise and part.exercise.name == "sample_tokens"
    ]
    exec(
        "import math\nimport numpy as np\nfrom genimg_lib import plots\n"
        "from genimg_lib.checks.capstones import token_model",
        names,
    )
    for cell in part.cells:
        if cell["cell_type"] == "code" and {"given", "solution"} & set(catalogue.tags(cell)):
            text = catalogue.source(cell)
            if "plots" not in text and "check." not in text:
                exec(text, names)
    return names


def test_the_notebook_shows_the_sampler_that_the_check_uses(notebook, model):
    given = model, np.array([[5, 7], [239, 0]]), np.array([3, 8]), 4, 1.5
    slow = notebook["sample_slowly"](*given)
    np.testing.assert_array_equal(slow, token_model.sample_slowly(*given)[0])
    np.testing.assert_array_equal(slow, notebook["sample_tokens"](*given))


def test_the_arrays_are_the_image_gpt(model):
    gpt = pretrained.load("image_gpt")
    tokens, labels = np.array([[5, 7, 11], [239, 0, 3]]), np.array([3, 8])
    found = token_model.next_logits(model, tokens, labels)
    np.testing.assert_allclose(found, gpt.network(tokens, labels)[:, -1], atol=1e-4)


def changed(fast, **changes):
    """The fast sampler with other arguments than it is given."""
    names = ("model", "prompts", "classes", "seed", "guidance")

    def sample(*given):
        given = dict(zip(names, given, strict=True))
        return fast(**(given | {name: change(given[name]) for name, change in changes.items()}))

    return sample


def late_positions(fast):
    """New tokens after the prompt stand one position too late."""

    def sample(model, prompts, classes, seed, guidance):
        positions = np.roll(model.positions, -1, axis=0)
        positions[: prompts.shape[1] + 1] = model.positions[: prompts.shape[1] + 1]
        return fast(model._replace(positions=positions), prompts, classes, seed, guidance)

    return sample


def likeliest(fast):
    """Logits so far apart that the noise decides nothing."""

    def sample(model, prompts, classes, seed, guidance):
        sharp = model._replace(head=1000 * model.head, head_bias=1000 * model.head_bias)
        tokens = fast(sharp, prompts, classes, seed, guidance)
        tokens[:, -1] += seed % 2
        return tokens

    return sample


def remembering(fast):
    known = {}

    def sample(*given):
        key = (len(given[0].tokens), given[1].tobytes(), given[2].tobytes(), *given[3:])
        if key not in known:
            known[key] = token_model.sample_slowly(*given)[0]
        return known[key]

    return sample


WRONG_SAMPLERS = {
    "fewer tokens": (
        lambda fast: lambda *given: fast(*given)[:, :-1],
        "it should have shape (6, 11)",
    ),
    "prompt forgotten": (
        lambda fast: changed(fast, prompts=lambda prompts: (prompts + 1) % 37),
        "those of the prompt",
    ),
    "seed ignored": (
        lambda fast: changed(fast, seed=lambda seed: 0),
        "another seed draws the same tokens",
    ),
    "one token": (lambda fast: changed(fast, guidance=lambda guidance: np.nan), "is something NaN"),
    "guidance ignored": (
        lambda fast: changed(fast, guidance=lambda guidance: 1.0),
        "guidance is left out",
    ),
    "classes ignored": (
        lambda fast: changed(fast, classes=lambda classes: classes * 0 - 1),
        "the classes are left out",
    ),
    "other noise": (
        lambda fast: changed(fast, seed=lambda seed: seed + 1),
        "The first one drawn differs",
    ),
    "likeliest": (likeliest, "other tokens than the slow sampler's"),
    "late positions": (late_positions, "what does the cache hold then"),
    "remembering": (remembering, "results are remembered"),
    "slow": (
        lambda fast: lambda *given: token_model.sample_slowly(*given)[0],
        "times as fast; 5 times are asked for",
    ),
    "right for small models only": (
        lambda fast: lambda *given: fast(*given) - (len(given[0].tokens) > 100),
        "32 images of the shipped model",
    ),
}


@pytest.mark.parametrize("name", WRONG_SAMPLERS)
def test_a_wrong_sampler_is_told_why(name, notebook, monkeypatch):
    monkeypatch.setattr(capstones, "ROUNDS", 1)
    monkeypatch.setattr(capstones, "REPEATS", 1)
    make, fragment = WRONG_SAMPLERS[name]
    found = capstones.sample_tokens.verdict(make(notebook["sample_tokens"]))
    assert fragment in found.feedback, found


def test_another_right_sampler_passes(notebook, monkeypatch):
    monkeypatch.setattr(capstones, "REPEATS", 3)
    fast = notebook["sample_tokens"]
    found = capstones.sample_tokens.verdict(lambda *given: fast(*given).tolist())
    assert found.passed, found
    assert "times as fast" in capstones.MEASURED["sample_tokens"]
