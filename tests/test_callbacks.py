"""The sample grid and the budget of CPU time."""

import time

import numpy as np
import pytest
import tiny_models
from matplotlib.figure import Figure

from genimg_lib.notebook import callbacks


class Shown:
    """Stands in for the notebook's display: keeps what is drawn and redrawn."""

    def __init__(self):
        self.figures = []

    def display(self, figure, display_id):
        assert display_id is True
        self.figures.append(figure)
        return self

    def update(self, figure):
        self.figures.append(figure)


@pytest.fixture
def shown(monkeypatch):
    screen = Shown()
    monkeypatch.setattr(callbacks, "display", screen.display)
    return screen


def train(model, *watchers, epochs=2):
    model.compile()
    model.fit(
        tiny_models.images(80), batch_size=8, epochs=epochs, verbose=0, callbacks=list(watchers)
    )


def test_the_grid_is_redrawn_while_the_model_trains(shown):
    model, grid = tiny_models.gan(), callbacks.SampleGrid(every=8, count=6, seed=3)
    train(model, grid)
    # at the start, every eight steps, at the end
    assert [step for step, _ in grid.history] == [0, 8, 16, 20]
    assert len(shown.figures) == 4
    assert all(isinstance(figure, Figure) for figure in shown.figures)
    assert "16 steps" in shown.figures[2].get_suptitle()
    np.testing.assert_array_equal(grid.history[-1][1], model.generate(6, seed=3))
    assert (grid.history[0][1] != grid.history[-1][1]).any()


def test_the_grid_says_in_words_what_it_shows(shown):
    train(tiny_models.gan(), callbacks.SampleGrid(count=2, alt="Two grey images without a shape."))
    train(tiny_models.gan(), callbacks.SampleGrid(count=2))
    texts = [figure._repr_mimebundle_()[1]["image/png"]["alt"] for figure in shown.figures]
    assert texts[0] == texts[1] == "Two grey images without a shape."
    assert texts[2:] == [figure.get_suptitle() for figure in shown.figures[2:]]


def test_the_grid_does_not_disturb_training(shown):
    watched, alone = tiny_models.gan(), tiny_models.gan()
    train(watched, callbacks.SampleGrid(every=5, count=2))
    train(alone)
    for mine, theirs in zip(watched.get_weights(), alone.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_grid_shows_the_condition(shown):
    model = tiny_models.vae(class_names=tiny_models.CLASSES)
    grid = callbacks.SampleGrid(every=100, count=4, condition="light", seed=0)
    model.compile()
    images = tiny_models.images(40)
    model.fit(images, tiny_models.labels(images), batch_size=8, verbose=0, callbacks=[grid])
    np.testing.assert_array_equal(grid.history[-1][1], model.generate(4, "light", seed=0))


def test_the_grid_works_outside_a_notebook(capsys):
    grid = callbacks.SampleGrid(every=100, count=2)
    train(tiny_models.vae(), grid, epochs=1)
    assert grid.history


def test_training_stops_when_the_budget_is_spent():
    model = tiny_models.vae()
    start = time.process_time()
    train(model, callbacks.StopAfterCPU(1.0), epochs=100_000)
    assert time.process_time() - start > 1.0
    assert 0 < int(model.steps) < 100_000


def test_a_large_budget_does_not_stop():
    model = tiny_models.vae()
    train(model, callbacks.StopAfterCPU(1000.0))
    assert int(model.steps) == 20
