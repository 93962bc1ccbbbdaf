"""Keras callbacks for lessons: watch samples grow, stop at a budget of CPU time. For resuming, use
Keras's own `BackupAndRestore`: see `models.base.ImageModel.fit`.
"""

import time

import keras
from IPython.display import display

from genimg_lib.data.arguments import check_whole
from genimg_lib.notebook.plots import image_grid


class SampleGrid(keras.callbacks.Callback):
    """Shows the same samples, from a fixed seed, again and again while a model trains: one picture
    that is redrawn.

    Args:
        every: steps between pictures; the last one is drawn when training ends.
        count: images in the grid.
        condition: as for `generate`.
        seed: of the samples.
        alt: what the last picture shows, in words; without it the title.
    """

    def __init__(
        self, every: int = 200, *, count: int = 20, condition=None, seed: int = 0, alt: str = ""
    ):
        super().__init__()
        self.every = check_whole("every", every)
        self.count = count
        self.condition = condition
        self.seed = seed
        self.alt = alt
        self.history = []

    def on_train_begin(self, logs=None):
        self._last = self.model.step
        self._display = display(self._picture(), display_id=True)

    def on_train_batch_end(self, batch, logs=None):
        if self.model.step - self._last >= self.every:
            self._last = self.model.step
            self._show()

    def on_train_end(self, logs=None):
        self._show()

    def _show(self):
        if self._display is not None:  # there is nothing to redraw outside a notebook
            self._display.update(self._picture())

    def _picture(self):
        images = self.model.generate(self.count, self.condition, seed=self.seed)
        self.history.append((self.model.step, images))
        title = f"The same {self.count} samples after {self.model.step:,} steps"
        return image_grid(images, title, alt=self.alt)


class StopAfterCPU(keras.callbacks.Callback):
    """Ends training once this process has used `seconds` of CPU time since training began, on
    all its threads.
    """

    def __init__(self, seconds: float):
        super().__init__()
        if seconds <= 0:
            raise ValueError(f"seconds must be positive, got {seconds}")
        self.seconds = seconds

    def on_train_begin(self, logs=None):
        self._start = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        if time.process_time() - self._start >= self.seconds:
            self.model.stop_training = True
