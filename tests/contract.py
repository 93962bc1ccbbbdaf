"""What every family of generators must do, as functions of a `Family`: for the registered ones in
test_contract.py, and for any other that a test registers.
"""

import functools
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.models.families import Family

CLASSES = ("Dark", "light")
SHAPE = tiny_models.PATCHED_SHAPE


def images(count=32, seed=0) -> np.ndarray:
    return tiny_models.patched_images(count, seed)


def labels(pictures) -> np.ndarray:
    return (pictures.mean(axis=(1, 2, 3)) > 127).astype(np.int32)


@functools.cache
def codec(family: Family):
    """What the family needs first, trained for one step, or `None`. Nobody may change it."""
    if family.small_codec is None:
        return None
    keras.utils.set_random_seed(0)
    model = family.small_codec(image_shape=SHAPE, seed=0)
    model.compile(run_eagerly=True)
    model.fit(images(), batch_size=32, verbose=0)
    return model


def build(family: Family, class_names=CLASSES, seed=0, eager=False):
    """A compiled model; eager where the graph is not what is tested, because tracing one takes
    longer than the few steps that follow.
    """
    trained_codec = codec(family)  # before the seed is set: the first call trains
    keras.utils.set_random_seed(seed)
    model = family.build_small(
        image_shape=SHAPE, class_names=class_names, seed=seed, codec=trained_codec
    )
    model.compile(run_eagerly=eager)
    return model


@functools.cache
def trained(family: Family):
    """A model after 2 epochs of 2 steps, and the history of its training. Nobody may change it."""
    model = build(family, eager=True)
    return model, fit(model, epochs=2, validation_data=validation()).history


def validation():
    pictures = images(16, seed=1)
    return pictures, labels(pictures)


def fit(model, **options):
    pictures = images()
    given = (labels(pictures),) if model.num_classes else ()
    return model.fit(pictures, *given, batch_size=16, verbose=0, **options)


def assert_equal_state(first, second):
    for one, other in zip(first.state(), second.state(), strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)


def generates_images_of_the_contract(family: Family):
    model, _ = trained(family)
    for condition in (None, 1, "dark", "LIGHT", [0, 1, 1], np.array([[0], [1], [1]])):
        made = model.generate(3, condition, seed=0)
        assert made.dtype == np.uint8
        assert made.shape == (3, *SHAPE)


def a_seed_repeats_images_whatever_integer_it_is(family: Family):
    model, _ = trained(family)
    first = model.generate(4, 1, seed=3)
    np.testing.assert_array_equal(first, model.generate(np.int64(4), 1, seed=np.int64(3)))
    with pytest.raises(TypeError, match="seed must be a whole number or None, got True"):
        model.generate(1, seed=True)


def reports_finite_metrics(family: Family):
    model, history = trained(family)
    assert set(model.METRICS) <= history.keys()
    assert any(name.startswith("val_") for name in history)
    assert np.isfinite(list(history.values())).all()


def learns_without_classes_and_validates_on_images_alone(family: Family):
    model = build(family, class_names=None)
    history = fit(model, validation_data=images(16)).history
    assert any(name.startswith("val_") for name in history)
    assert model.generate(2, seed=0).shape == (2, *SHAPE)
    with pytest.raises(ValueError, match="this model has no classes, so it takes no labels"):
        model.generate(1, 0)


def weights_come_back(family: Family, folder):
    model, _ = trained(family)
    model.save_weights(folder / "model.weights.h5")
    other = build(family, seed=1)
    other.load_weights(folder / "model.weights.h5")
    assert_equal_state(model, other)
    np.testing.assert_array_equal(model.generate(3, seed=0), other.generate(3, seed=0))


def weights_refuse_other_classes(family: Family, folder):
    model, _ = trained(family)
    model.save_weights(folder / "model.weights.h5")
    other = build(family, CLASSES[::-1])
    before = [np.array(variable) for variable in other.state()]
    with pytest.raises(ValueError, match="trained with class_names Dark, light, this model has"):
        other.load_weights(folder / "model.weights.h5")
    for kept, variable in zip(before, other.state(), strict=True):
        np.testing.assert_array_equal(variable, kept)


def a_file_comes_back_and_trains_on(family: Family, folder):
    """`save("x.keras")`, `load_model` in safe mode, and an epoch more."""
    model, _ = trained(family)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model.save(folder / "model.keras")
        loaded = keras.models.load_model(folder / "model.keras")
    assert type(loaded) is type(model)
    assert loaded.class_names == CLASSES
    assert_equal_state(model, loaded)
    np.testing.assert_array_equal(model.generate(3, "dark", seed=0), loaded.generate(3, 0, seed=0))
    fit(loaded)
    assert int(loaded.steps) == 6


def a_clone_is_built_alike(family: Family):
    model, _ = trained(family)
    clone = keras.models.clone_model(model)
    assert clone.get_config() == model.get_config()
    assert [v.shape for v in clone.variables] == [v.shape for v in model.variables]


def a_resumed_run_ends_as_one_in_one_go(family: Family, folder):
    """Stopped after the first of two epochs; killing a process is what test_resume.py does. The
    checkpoint of the whole model that the first epoch left behind loads too.
    """
    whole, _ = trained(family)
    options = {"epochs": 2, "validation_data": validation()}
    first = build(family, eager=True)
    backup = keras.callbacks.BackupAndRestore(folder / "backup", delete_checkpoint=False)
    checkpoint = keras.callbacks.ModelCheckpoint(folder / "epoch.keras")

    class Stop(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(first, callbacks=[backup, checkpoint, Stop()], **options)
    resumed = build(family, seed=1, eager=True)
    fit(resumed, callbacks=[backup], **options)
    assert_equal_state(whole, resumed)
    assert_equal_state(first, keras.models.load_model(folder / "epoch.keras"))


def a_dataset_trains_or_is_refused(family: Family):
    """Batches in the dataset's own order and size; a model of codes needs all images at once."""
    pictures = images()
    batches = tf.data.Dataset.from_tensor_slices((pictures, labels(pictures))).batch(12)
    model = build(family, eager=True)
    if family.codec is not None:
        with pytest.raises(TypeError, match=r"give arrays, not a tf\.data\.Dataset"):
            model.fit(batches, verbose=0)
        return
    history = model.fit(batches, validation_data=batches, epochs=2, verbose=0).history
    assert int(model.steps) == 6
    assert np.isfinite(list(history.values())).all()
    assert any(name.startswith("val_") for name in history)
    model.fit(batches.repeat(), steps_per_epoch=2, verbose=0)
    assert int(model.steps) == 8


def bad_input_is_refused_by_name(family: Family):
    model, _ = trained(family)
    pictures = images()
    right = labels(pictures)
    for given, error, message in (
        ((pictures / 255.0, right), TypeError, "must be uint8 in 0..255, got float64"),
        ((pictures[..., 0], right), ValueError, "(n, height, width, channels), got (32, 8, 8)"),
        ((pictures[:, :4], right), ValueError, "must have shape (n, 8, 8, 1), got (32, 4, 8, 1)"),
        ((pictures[:0], right[:0]), ValueError, "images is empty"),
        (([pictures[0], pictures[1, :4]], [0, 1]), ValueError, "must all have one shape, got"),
        (("photos", right), TypeError, "must be an array of uint8 images, got 'photos'"),
        ((pictures,), ValueError, "has 2 classes: give one label for each image"),
        ((pictures, right[:3]), ValueError, "expected 32 labels, one per image, got 3"),
        ((pictures, right + 1), ValueError, "label 2 is outside 0..1"),
    ):
        with pytest.raises(error) as raised:
            model.fit(*given, verbose=0)
        assert message in str(raised.value)
    for given, error, message in (
        ((0,), ValueError, "count must be a whole number of at least 1, got 0"),
        ((1.5,), TypeError, "count must be a whole number of at least 1, got 1.5"),
        ((True,), TypeError, "count must be a whole number of at least 1, got True"),
        ((1, "grey"), ValueError, "unknown label 'grey'; known are: Dark, light"),
        ((1, 2), ValueError, "label 2 is outside 0..1"),
    ):
        with pytest.raises(error) as raised:
            model.generate(*given)
        assert message in str(raised.value)
    with pytest.raises(TypeError, match="takes no loss, got loss='mse'"):
        model.compile(loss="mse")


def nan_stops_training(family: Family):
    """Weights turn into NaN in the second step: what was there before training comes back."""
    model = build(family, eager=True)
    kept = []

    class Spoil(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 0:
                kept.extend(np.array(variable) for variable in self.model.state())
            if batch == 1:
                for variable in self.model.trainable_variables:
                    variable.assign(np.full(variable.shape, np.nan))

    with pytest.raises(FloatingPointError, match=r"was nan by step 2\. The model has the"):
        fit(model, callbacks=[Spoil()])
    for value, variable in zip(kept, model.state(), strict=True):
        np.testing.assert_array_equal(variable, value, err_msg=variable.path)


WITHOUT_FILES = (
    generates_images_of_the_contract,
    a_seed_repeats_images_whatever_integer_it_is,
    reports_finite_metrics,
    learns_without_classes_and_validates_on_images_alone,
    a_clone_is_built_alike,
    a_dataset_trains_or_is_refused,
    bad_input_is_refused_by_name,
    nan_stops_training,
)
WITH_FILES = (
    weights_come_back,
    weights_refuse_other_classes,
    a_file_comes_back_and_trains_on,
    a_resumed_run_ends_as_one_in_one_go,
)
