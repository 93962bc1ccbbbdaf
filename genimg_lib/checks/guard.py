"""Around a learner's code: a time limit, and a global random state that comes back as it was."""

import contextlib
import random
import signal
import sys
import threading
import time

import numpy as np

from genimg_lib.nn import private_names

FACTOR = 1.0  # tests that try hundreds of faulty answers wait less


class Overtime(Exception):
    """A learner's function ran longer than its limit; the message is the limit in seconds."""


class _TimeIsUp(BaseException):
    """Interrupts a learner's code. Not an Exception, so that `except Exception` does not catch
    it.
    """


class time_limit:
    """Raises `Overtime` in a block that runs longer. Only the main thread can be interrupted; in
    another there is no limit.

    A program that a script starts in the background ignores SIGINT, so the limit does not rest on
    it: for the length of the block another signal gets a handler. Windows has SIGINT only; there a
    learner's own interrupt is handed on.
    """

    SIGNAL = getattr(signal, "SIGALRM", signal.SIGINT)

    def __init__(self, seconds: float):
        self.seconds = seconds * FACTOR
        self.limited = threading.current_thread() is threading.main_thread()
        self.running = self.fired = self.pending = False
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        if not self.limited:
            return
        self.old_handler = signal.signal(self.SIGNAL, self._arrive)
        if hasattr(signal, "pthread_sigmask"):
            self.old_mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, {self.SIGNAL})
        self.watcher.start()
        self.running = True

    def __exit__(self, *exception):
        self.running = False
        if not self.limited:
            return
        self.over.set()
        self.watcher.join()
        while self.pending:  # a signal on its way must not meet the handler that was there before
            time.sleep(0.001)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_SETMASK, self.old_mask)
        signal.signal(self.SIGNAL, self.old_handler)
        if self.fired:  # even if the block, or TensorFlow, has caught what interrupted it
            raise Overtime(f"{self.seconds:g}") from None

    def _watch(self):
        """Runs in a thread; sends the main thread a signal, which also wakes a call that sleeps."""
        wait = self.seconds
        while not self.over.wait(wait):
            self.fired, wait = True, 1.0  # and again, should the block have caught it
            if not self.pending:
                self.pending = True
                if hasattr(signal, "pthread_kill"):
                    signal.pthread_kill(threading.main_thread().ident, self.SIGNAL)
                else:
                    signal.raise_signal(self.SIGNAL)

    def _arrive(self, number, frame):
        """The handler; it runs in the main thread."""
        if not self.pending:  # somebody else's
            if callable(self.old_handler):
                self.old_handler(number, frame)
            return
        self.pending = False
        # not on the way in or out
        if self.running and frame and frame.f_code.co_filename != __file__:
            raise _TimeIsUp


@contextlib.contextmanager
def random_state_kept():
    """A block with random states of its own, the same every time; those of the learner come back
    afterwards.

    Python, NumPy and, where they are loaded, Keras and TensorFlow.
    """
    python = random.getstate()
    numpy = np.random.get_state()
    restored = [
        keep()
        for package, keep in (
            ("tensorflow", private_names.kept_operation_seeds),
            ("keras", private_names.kept_keras_generator),
        )
        if package in sys.modules
    ]
    random.seed(0)
    np.random.seed(0)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        for restore in restored:
            restore()
