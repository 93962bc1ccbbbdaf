"""What every lesson starts with: a quiet TensorFlow, fixed seeds, a forecast for this machine, and
the choice between full, fast and classroom mode.

Imports nothing heavy until `start` is called.
"""

import contextlib
import functools
import gc
import json
import math
import os
import sys
import tempfile
import time
from pathlib import Path

from genimg_lib.notebook import home

FAST_VARIABLE = "GENIMG_FAST"
CLASSROOM_VARIABLE = "GENIMG_CLASSROOM"
LOG_VARIABLE = "GENIMG_SHOW_TENSORFLOW_LOG"
_LIBRARY = Path(__file__).parents[1]
_PACKAGED = _LIBRARY / "course" / "notebooks"  # in an installed package
NOTEBOOKS = _PACKAGED if _PACKAGED.is_dir() else _LIBRARY.parent / "notebooks"
EAGER_STEPS = 10
"""See `ImageModel.eager_steps`: in the fast and the classroom mode."""
REFERENCE_SECONDS = 0.006
"""What `measure_machine` returns on the slower of the authors' machines."""


def is_fast() -> bool:
    """Whether lessons compute little: in the fast mode that tests use (the environment variable
    GENIMG_FAST is set and not 0), and in the classroom mode.
    """
    return _is_set(FAST_VARIABLE) or is_classroom()


def is_classroom() -> bool:
    """Whether lessons run in the classroom mode, for many learners on one server: the environment
    variable GENIMG_CLASSROOM is set and not 0. It is the fast mode with a `head_start`.
    """
    return _is_set(CLASSROOM_VARIABLE)


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "0") not in ("", "0")


def head_start(model, name: str) -> None:
    """Stands before `fit` in a lesson, behind `compile`. In the classroom mode it gives `model` the
    shipped weights `name`, so that the few steps of that mode go on from a trained model; otherwise
    it does nothing.

    Raises ValueError if the shipped model is built in another way.
    """
    if not is_classroom():
        return
    from genimg_lib.evaluation import pretrained

    model.set_weights(pretrained.load(name).get_weights())
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None and optimizer.use_ema:
        # `fit` puts the average of the weights in place as it ends: it goes on from these as well
        averages = [each for each in optimizer.variables if each.name.endswith("_average")]
        for average, weight in zip(averages, model.trainable_variables, strict=True):
            average.assign(weight)
        optimizer.iterations.assign(1)  # at 0 the average would begin behind the first step
    print(f"classroom mode: training goes on from step {model.step:,} of the shipped {name}")


def scaled(full: int, fast: int) -> int:
    """`full` for a reader, `fast` in the fast mode: for epochs, steps and sample counts."""
    return fast if is_fast() else full


def claim(condition, sentence: str) -> None:
    """Raises AssertionError if `sentence`, which the lesson's prose says, is not true of this run.

    Silent in the fast and the classroom mode, where numbers mean nothing. A test compares the
    sentence with the prose.
    """
    if not is_fast() and not condition:
        raise AssertionError(f"this run does not show it: {sentence}")


def start(number: int | None = None, *, seed: int = 0) -> None:
    """Imports TensorFlow without its start-up log, seeds everything, sets the style of all figures
    and says in which mode the lesson runs; given the lesson's `number`, also how long it will take.

    Set the environment variable GENIMG_SHOW_TENSORFLOW_LOG=1 to see what TensorFlow has to say.
    """
    import_tensorflow()
    import keras
    import tensorflow as tf

    from genimg_lib.notebook import style

    style.use()
    if is_fast():
        save_seconds()
    keras.utils.set_random_seed(seed)
    mode = "full mode"
    if is_classroom():
        mode = (
            f"classroom mode ({CLASSROOM_VARIABLE} is set): few steps and few images; words and "
            "titles are those of the full run"
        )
    elif is_fast():
        mode = f"fast mode ({FAST_VARIABLE} is set): numbers and pictures are only a smoke test"
    devices = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    print(
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}, {os.cpu_count()} cores, "
        f"{devices}, {mode}"
    )
    if number is not None and not is_fast():
        print(forecast(declared(number), measure_machine()))


@functools.cache  # a first cell that is run again must not wrap what it has wrapped
def save_seconds() -> None:
    """What costs less in a lesson of a few steps, and more in a long one; for this whole process.

    A few steps are not worth a graph, some more not that it is optimized. What is imported stays,
    so it need not be looked through for garbage again and again.
    """
    import tensorflow as tf

    from genimg_lib.models.base import ImageModel
    from genimg_lib.nn import private_names

    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    ImageModel.eager_steps = EAGER_STEPS
    private_names.make_optimizers_short()
    gc.freeze()


def import_tensorflow() -> None:
    """Imports TensorFlow and Keras without their start-up log."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    home.keep_caches()
    quiet = os.environ.get(LOG_VARIABLE, "0") in ("", "0")
    if quiet:
        # a graph that grappler cannot fuse is no reader's concern
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _quiet_stderr():
        import tensorflow as tf

        tf.constant(0)  # the first operation logs too
        import keras  # noqa: F401
    if quiet:
        # a lesson builds many models, and TensorFlow warns of every retracing
        tf.get_logger().setLevel("ERROR")


def declared(number: int) -> dict:
    """What a lesson says about itself in its notebook's metadata; ValueError if there is none."""
    for path in NOTEBOOKS.glob(f"{number:02d}_*.ipynb"):
        return json.loads(path.read_text(encoding="utf-8"))["metadata"]["genimg"]
    raise ValueError(f"there is no lesson {number:02d} in {NOTEBOOKS.name}")


def forecast(facts: dict, seconds: float) -> str:
    """What to expect here: the run time, scaled by how fast this machine is, and memory.

    `recorded` holds what the last full run took and how fast its machine was, from
    tools/record_lessons.py. A lesson without it says its declared minutes, which leave room
    for a machine of half the authors' speed.

    Args:
        facts: `minutes` and `memory_gb` of the lesson, and `recorded` where there is one.
        seconds: what `measure_machine` returned.
    """
    import psutil

    recorded = facts.get("recorded")
    if recorded:
        minutes = recorded["minutes"] * seconds / recorded["step_seconds"]
        minutes, about = max(0.5, round(2 * minutes) / 2), "about"
    else:
        minutes = facts["minutes"] * max(1.0, seconds / (2 * REFERENCE_SECONDS))
        minutes, about = math.ceil(round(minutes, 2)), "at most"
    unit = "minute" if minutes == 1 else "minutes"
    said = f"This lesson computes for {about} {minutes:g} {unit} here"
    said += f" and needs {facts['memory_gb']:g} GB."
    free = psutil.virtual_memory().available / 1e9
    if free < facts["memory_gb"]:
        said += f" Only {free:.1f} GB are free: close other programs and notebooks first."
    return said


def measure_machine(budget: float = 1.5) -> float:
    """Seconds that one step of a small convolutional network takes here, forwards and backwards:
    the best of as many as fit into `budget` seconds.
    """
    import tensorflow as tf

    images = tf.random.stateless_normal((64, 14, 14, 32), (0, 0))
    kernel = tf.random.stateless_normal((3, 3, 32, 32), (0, 1)) / 17.0

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            features = images
            for _ in range(3):
                features = tf.nn.relu(tf.nn.conv2d(features, kernel, 1, "SAME"))
            total = tf.reduce_sum(features)
        return tape.gradient(total, kernel)

    step()  # compiles
    best, end = float("inf"), time.perf_counter() + budget
    while time.perf_counter() < end:
        begin = time.perf_counter()
        step().numpy()
        best = min(best, time.perf_counter() - begin)
    return best


@contextlib.contextmanager
def _quiet_stderr():
    """Redirects file descriptor 2, where TensorFlow's C++ start-up messages go; shows them if
    the block fails.
    """
    if os.environ.get(LOG_VARIABLE, "0") not in ("", "0"):
        yield
        return
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as log:
        os.dup2(log.fileno(), 2)
        try:
            yield
        except BaseException:
            log.seek(0)
            os.write(saved, log.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
