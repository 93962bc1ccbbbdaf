"""What an answer costs, in CPU-seconds, which do not grow while another program has the
processor.
"""

import contextlib
import os
import time

# of the course's own GAN: the budget is what they cost on the machine that checks
REFERENCE_STEPS = 190
WARM_UP, TIMED = 16, 48  # steps measured for it; every eighth has a penalty


def reference_cost(images, labels) -> float:
    """CPU-seconds that `REFERENCE_STEPS` steps of the course's conditional GAN cost here, building
    and tracing included.

    So the budget is the same amount of work on a slow processor, a fast one and a busy one. The
    first steps are measured, with the building and the tracing; the others are projected from some
    that follow.
    """
    import keras

    from genimg_lib.models.gan import GAN

    class Stopwatch(keras.callbacks.Callback):
        times: tuple[float, ...] = ()

        def on_train_batch_end(self, batch, logs=None):
            if batch + 1 in (WARM_UP, WARM_UP + TIMED):
                self.times += (time.process_time(),)
                self.model.stop_training = len(self.times) == 2

    start = time.process_time()
    stopwatch = Stopwatch()
    model = GAN(class_names=[f"code {code}" for code in range(10)], seed=0)
    model.compile()
    model.fit(images, labels, verbose=0, batch_size=64, callbacks=[stopwatch])
    warm, end = stopwatch.times
    return warm - start + (REFERENCE_STEPS - WARM_UP) * (end - warm) / TIMED


def cpu_seconds() -> float:
    """CPU-seconds of this process, on all threads, and of all processes that it started, ended
    or not.
    """
    import psutil  # comes with ipykernel

    total = sum(os.times()[:4])
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it has just ended
            total += sum(child.cpu_times()[:4])
    return total


def busy(settle: float = 0.3, seconds: float = 2.0) -> bool:
    """Whether something computes although nobody waits for it.

    What ends by itself within a moment is not meant. A twentieth of a core counts, because that may
    be all that a crowded machine gives.
    """
    time.sleep(settle)
    start = cpu_seconds()
    time.sleep(seconds)
    return cpu_seconds() - start > seconds / 20


def timed(function, given) -> tuple:
    """A result and its CPU-seconds, which do not grow while another program has the processor.

    NumPy gets one thread: several wait for each other in loops, and on a busy machine that is most
        of what they do.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        start = time.process_time()
        result = function(*given)
        return result, time.process_time() - start
