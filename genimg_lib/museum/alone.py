"""Exhibits for missing names, in a module without imports.

A snippet that is pasted without the code before it finds the same.
"""

# ruff: noqa: F821 - the undefined names are the exhibits


def noise_without_import(batch_size, latent_dim):
    """The first training step stops: the program uses `np` and never imports it."""
    return np.random.normal(0, 1, (batch_size, latent_dim))


def noise_with_import(batch_size, latent_dim):
    """Import what you use. `tf.random.normal` would also be float32 and safe inside a graph."""
    import numpy as np

    return np.random.normal(0, 1, (batch_size, latent_dim))


def codes_from_elsewhere():
    """The second program stops at its first line: `np` is missing; then the images; then `encoder`,
    for the functions that build the networks are never called.
    """
    images = np.expand_dims(train_images, axis=3)
    return encoder(images)


def codes_from_arguments(train_images, build_encoder):
    """A program brings everything that it needs: imports, arguments for the rest, and it builds
    before it calls.
    """
    import numpy as np

    images = np.expand_dims(train_images, axis=3)
    encoder = build_encoder()
    return encoder(images)
