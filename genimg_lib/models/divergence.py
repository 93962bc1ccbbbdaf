"""What `fit` does when a loss is no longer finite: it stops, says so, and keeps good weights."""

import keras
import numpy as np

CHECK_EVERY = 20
"""Steps between two looks at the losses."""

KEEP_EVERY = 200
"""Steps between two copies of the weights, at least: a copy costs less than one step."""


class StopWhenNotFinite(keras.callbacks.Callback):
    """Raises `FloatingPointError` soon after a loss became NaN or infinite, with the weights,
    optimizers and random state of the last copy in place.

    Every model of the course is trained with this callback; `fit` adds it.
    """

    def __init__(self):
        super().__init__()
        self._copy = None
        self._copied_at = 0
        self._checked_at = 0

    def on_epoch_begin(self, epoch, logs=None):
        # not earlier: `BackupAndRestore` loads its backup when training begins
        if self._copy is None:
            self._keep()

    def on_train_batch_end(self, batch, logs=None):
        if batch - self._checked_at >= CHECK_EVERY:
            self._checked_at = batch
            self._check(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._checked_at = 0
        self._check(logs)

    def _keep(self):
        """Copies all state, unless some of it is not finite although the losses still are."""
        copy = [np.array(variable) for variable in self.model.state()]
        if all(np.isfinite(value).all() for value in copy):
            self._copy = copy
            self._copied_at = self.model.step

    def _check(self, logs):
        for name, value in (logs or {}).items():
            if not np.isfinite(value):
                self._stop(name, float(value))
        if self.model.step - self._copied_at >= KEEP_EVERY:
            self._keep()

    def _stop(self, name: str, value: float):
        step = self.model.step
        if self._copy is None:
            raise FloatingPointError(
                f"{name} is {value}: the model held NaN or infinity before training began"
            )
        for variable, kept in zip(self.model.state(), self._copy, strict=True):
            variable.assign(kept)
        raise FloatingPointError(
            f"training has diverged: {name} was {value} by step {step}. The model has the weights "
            f"of step {self._copied_at} again. Try a lower learning rate, or an optimizer with "
            "clipnorm=1.0"
        )
