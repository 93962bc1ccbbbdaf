"""The contract of every family, and the order in which `fit` shows images: every one once an epoch,
anew each time, and a function of seed and steps.
"""

import itertools

import contract
import numpy as np
import pytest
import tensorflow as tf
import tiny_models
from mean_image import MeanImage

from genimg_lib.models.base import ImageGenerator
from genimg_lib.models.families import FAMILIES, Family


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("check", contract.WITHOUT_FILES, ids=lambda check: check.__name__)
def test_every_family(check, name):
    check(FAMILIES[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("check", contract.WITH_FILES, ids=lambda check: check.__name__)
def test_every_family_with_files(check, name, tmp_path):
    check(FAMILIES[name], tmp_path)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_says_whether_it_needs_a_codec(name):
    family = FAMILIES[name]
    assert (family.codec is None) == (family.small_codec is None)
    codec = None if family.codec else contract.codec(FAMILIES["diffusion"])
    with pytest.raises(ValueError, match="codec"):
        family.build_small(image_shape=contract.SHAPE, codec=codec)


TOY = Family("mean image", MeanImage, MeanImage)


def test_a_new_family_is_one_entry(tmp_path, monkeypatch):
    """One that is registered here passes what the others pass; two methods make it."""
    monkeypatch.setitem(FAMILIES, "toy", TOY)
    for check in contract.WITHOUT_FILES:
        check(FAMILIES["toy"])
    for check in contract.WITH_FILES:
        folder = tmp_path / check.__name__
        folder.mkdir()
        check(FAMILIES["toy"], folder)


IMAGES = np.arange(20, dtype=np.uint8).reshape(20, 1, 1, 1)


class Recorder(ImageGenerator):
    """Learns nothing and writes down which images it was shown."""

    def __init__(self, seed=0):
        super().__init__(image_shape=(1, 1, 1), seed=seed)
        self.seen = []
        self.built = True

    def train_step(self, data):
        images, _ = data
        self.seen.append(np.asarray(images).ravel().tolist())
        self.count_step(images)
        return {"shown": tf.size(images)}  # Keras wants at least one number


def shown(epochs, seed=0, **options):
    model = Recorder(seed)
    model.compile(optimizer=None, run_eagerly=True)
    model.fit(IMAGES, epochs=epochs, verbose=0, **options)
    return [list(batch) for batch in model.seen]


def flat(batches):
    return list(itertools.chain.from_iterable(batches))


def test_an_epoch_shows_every_image_once():
    first = shown(1, batch_size=5)
    assert sorted(flat(first)) == list(range(20))
    assert flat(first) != list(range(20))


def test_a_last_partial_batch_is_left_out():
    assert [len(batch) for batch in shown(1, batch_size=6)] == [6, 6, 6]


def test_every_epoch_is_shuffled_anew_and_repeats_with_the_seed():
    batches = shown(2, batch_size=5)
    assert batches[:4] != batches[4:]
    assert batches == shown(2, batch_size=5)
    assert batches != shown(2, batch_size=5, seed=1)


def test_steps_per_epoch_takes_so_many_batches_of_a_new_shuffle():
    batches = shown(12, batch_size=5, steps_per_epoch=2)
    assert len(batches) == 24
    # none twice in an epoch
    assert all(len(set(a + b)) == 10 for a, b in zip(batches[::2], batches[1::2], strict=True))
    # a given image is missed 12 times with probability 2^-12
    assert set(flat(batches)) == set(range(20))


def test_a_short_fit_has_no_graph_where_that_is_wanted(monkeypatch):
    class Watched(Recorder):
        def train_step(self, data):
            self.seen.append(tf.executing_eagerly())  # in a graph: while it is traced
            self.count_step(data[0])
            return {"shown": tf.size(data[0])}

    monkeypatch.setattr(Watched, "eager_steps", 4)
    model = Watched()
    model.compile(optimizer=None)
    for epochs in (1, 2, 1):
        model.fit(IMAGES, batch_size=5, epochs=epochs, verbose=0)
    assert model.seen[:4] == model.seen[-4:] == [True] * 4
    assert model.seen[4:-4] and not any(model.seen[4:-4])
    assert model.step == 16 and not model.run_eagerly


def test_a_dataset_keeps_its_own_order_and_batches():
    model = Recorder()
    model.compile(optimizer=None, run_eagerly=True)
    model.fit(tf.data.Dataset.from_tensor_slices(IMAGES).batch(8), epochs=2, verbose=0)
    values = list(range(20))
    assert model.seen == 2 * [values[:8], values[8:16], values[16:]]


def test_a_dataset_whose_later_batches_break_the_contract():
    """The first batch cannot speak for them: they are refused when they come."""
    model = tiny_models.gan(class_names=tiny_models.CLASSES)
    model.compile(run_eagerly=True)
    pictures = tiny_models.images(8)
    later = np.array([0, 1, 0, 1, 0, 2, 0, 1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="x < y"):
        model.fit(tf.data.Dataset.from_tensor_slices((pictures, later)).batch(4), verbose=0)
    unknown = tf.TensorSpec((None, None, None, 1), tf.uint8)
    batches = [pictures[:4], pictures[4:, :2]]
    growing = tf.data.Dataset.from_generator(lambda: batches, output_signature=unknown)
    plain = tiny_models.gan()
    plain.compile(run_eagerly=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[\?,3,3,1\]"):
        plain.fit(growing, verbose=0)


@pytest.mark.parametrize("steps", [0, 5])
def test_impossible_steps_per_epoch(steps):
    with pytest.raises(ValueError, match=f"between 1 and the 4 batches of the images, got {steps}"):
        shown(1, batch_size=5, steps_per_epoch=steps)
