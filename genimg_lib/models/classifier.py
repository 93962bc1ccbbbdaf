"""The small classifier whose features the metrics use, of digits unless told. It never sees a
generated image and no generator sees it.
"""

import keras
from keras import layers, ops

from genimg_lib.nn.layers import SpaceToDepth
from genimg_lib.nn.precision import full_precision

FEATURES = 64


@full_precision()  # it is what the metrics measure with
def build_classifier(
    num_classes: int = 10, image_shape: tuple[int, int, int] = (28, 28, 1)
) -> keras.Model:
    """`uint8` images (batch, height, width, channels), sides even -> features (batch, 64), not
    negative, and logits (batch, num_classes).
    """
    images = keras.Input(image_shape, dtype="uint8", name="images")
    x = SpaceToDepth()(ops.cast(images, "float32") / 127.5 - 1.0)
    for width, strides in ((32, 1), (32, 2), (64, 1)):
        x = layers.Conv2D(width, 3, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Dropout(0.3, seed=0)(layers.MaxPooling2D(padding="same")(x))
    features = layers.Dense(FEATURES, activation="relu", name="features")(layers.Flatten()(x))
    logits = layers.Dense(num_classes, name="logits")(layers.Dropout(0.3, seed=0)(features))
    return keras.Model(images, [features, logits], name="classifier")
