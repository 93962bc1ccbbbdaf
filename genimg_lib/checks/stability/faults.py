"""The generator behind exercise 32.7: it has statistics and a random state, which slips forget."""

import numpy as np


def noisy_generator():
    """A generator with BatchNorm and Dropout, whose statistics have seen data."""
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(5),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Dense(4),
        ]
    )
    move_weights(model, 7)
    return model


def move_weights(model, seed):
    """Moves every weight and statistic of a model, as a training step would, and much further."""
    random = np.random.default_rng(seed)
    model.set_weights(
        [
            value + random.uniform(0.1, 1, value.shape).astype("float32")
            for value in model.get_weights()
        ]
    )
    for layer in model.layers:
        if hasattr(layer, "seed_generator"):
            layer.seed_generator.state.assign(random.integers(1, 1000, 2))


def random_states(model) -> np.ndarray:
    """The states of a model's random layers, which are variables and no weights."""
    return np.array(
        [
            layer.seed_generator.state.numpy()
            for layer in model.layers
            if hasattr(layer, "seed_generator")
        ]
    )
