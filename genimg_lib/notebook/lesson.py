"""What every lesson starts with: a quiet TensorFlow, fixed seeds, and the choice between full and
fast mode.

Imports nothing heavy until `start` is called.
"""

import contextlib
import os
import sys
import tempfile

FAST_VARIABLE = "GENIMG_FAST"
LOG_VARIABLE = "GENIMG_SHOW_TENSORFLOW_LOG"


def is_fast() -> bool:
    """Whether lessons run in the fast mode that tests use: the environment variable GENIMG_FAST
    is set and not 0.
    """
    return os.environ.get(FAST_VARIABLE, "0") not in ("", "0")


def scaled(full: int, fast: int) -> int:
    """`full` for a reader, `fast` in the fast mode: for epochs, steps and sample counts."""
    return fast if is_fast() else full


def start(seed: int = 0) -> None:
    """Imports TensorFlow without its start-up log, seeds everything and says in which mode the
    lesson runs.

    Set the environment variable GENIMG_SHOW_TENSORFLOW_LOG=1 to see what TensorFlow has to say.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if os.environ.get(LOG_VARIABLE, "0") in ("", "0"):
        # a graph that grappler cannot fuse is no reader's concern
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _quiet_stderr():
        import tensorflow as tf

        tf.constant(0)  # the first operation logs too
        import keras
    if os.environ.get(LOG_VARIABLE, "0") in ("", "0"):
        # a lesson builds many models, and TensorFlow warns of every retracing
        tf.get_logger().setLevel("ERROR")
    keras.utils.set_random_seed(seed)
    mode = (
        f"fast mode ({FAST_VARIABLE} is set): numbers and pictures are only a smoke test"
        if is_fast()
        else "full mode"
    )
    devices = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    print(
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}, {os.cpu_count()} cores, "
        f"{devices}, {mode}"
    )


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
