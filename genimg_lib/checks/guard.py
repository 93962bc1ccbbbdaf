"""Around a learner's code: a time limit, and a global random state that comes back as it was."""

import _thread
import contextlib
import random
import signal
import sys
import threading

import numpy as np

FACTOR = 1.0  # tests that try hundreds of faulty answers wait less


class Overtime(Exception):
    """A learner's function ran longer than its limit; the message is the limit in seconds."""


@contextlib.contextmanager
def time_limit(seconds: float):
    """Raises `Overtime` in a block that runs longer. Only the main thread can be interrupted; in
    another there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seconds *= FACTOR
    lock = threading.Lock()
    state = {"running": True, "fired": False}

    def interrupt():
        with lock:
            if state["running"]:
                state["fired"] = True
                if hasattr(signal, "pthread_kill"):  # also wakes a call that sleeps
                    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
                else:
                    _thread.interrupt_main()

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        try:
            yield
        finally:
            timer.cancel()
            with lock:
                state["running"] = False
    except KeyboardInterrupt:
        if state["fired"]:
            raise Overtime(f"{seconds:g}") from None
        raise  # the learner's own


@contextlib.contextmanager
def random_state_kept():
    """A block with random states of its own, the same every time; those of the learner come back
    afterwards.

    Python, NumPy and, where they are loaded, Keras and TensorFlow.
    """
    python = random.getstate()
    numpy = np.random.get_state()
    tensorflow = _tensorflow_state()
    keras = _keras_state()
    random.seed(0)
    np.random.seed(0)
    if keras:
        sys.modules["keras"].utils.set_random_seed(0)
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        if tensorflow:
            tensorflow()
        if keras:
            keras()


def _tensorflow_state():
    """A function that restores the state of TensorFlow's operation seeds, or None. They have no
    public getter.
    """
    if "tensorflow" not in sys.modules:
        return None
    from tensorflow.python.eager import context

    current = context.context()
    # absent until somebody sets a seed
    seed = current._seed
    stream = getattr(current, "_rng", None)
    position = stream.getstate() if stream else None

    def restore():
        current._seed = seed
        if stream:
            current._rng = stream
            stream.setstate(position)

    return restore


def _keras_state():
    """A function that restores the generator behind Keras's unseeded random functions, or None
    if none was made yet.
    """
    if "keras" not in sys.modules:
        return None
    from keras.src.backend.common import global_state

    generator = global_state.get_global_attribute("global_seed_generator")
    state = np.array(generator.state) if generator is not None else None
    seed = global_state.get_global_attribute("global_random_seed")

    def restore():
        global_state.set_global_attribute("global_random_seed", seed)
        global_state.set_global_attribute("global_seed_generator", generator)
        if generator is not None:
            generator.state.assign(state)

    return restore
