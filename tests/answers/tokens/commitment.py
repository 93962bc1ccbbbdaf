import numpy as np
import tensorflow as tf
from answers import right, wrong


@right
def other_order(features, codes, beta, stop_gradient):
    held = np.mean((features - stop_gradient(codes)) ** 2) * beta
    return held + np.mean((codes - stop_gradient(features)) ** 2)


@right
def with_tensorflow(features, codes, beta, stop_gradient):
    fixed_features, fixed_codes = stop_gradient(features), stop_gradient(codes)
    return tf.reduce_mean((fixed_features - codes) ** 2) + beta * tf.reduce_mean(
        tf.square(features - fixed_codes)
    )


@right
def with_sums(features, codes, beta, stop_gradient):
    squares = (codes - stop_gradient(features)) ** 2 + beta * (stop_gradient(codes) - features) ** 2
    return squares.sum() / features.size


@wrong("beta still weighs the codebook")
def as_it_was(features, codes, beta, stop_gradient):
    return np.mean((stop_gradient(codes) - features) ** 2) + beta * np.mean(
        (codes - stop_gradient(features)) ** 2
    )


@wrong("stop_gradient is never called")
def unstopped(features, codes, beta, stop_gradient):
    return (1 + beta) * np.mean((features - codes) ** 2)


@wrong("beta weighs both terms now")
def beta_on_both(features, codes, beta, stop_gradient):
    return beta * np.mean((features - stop_gradient(codes)) ** 2) + beta * np.mean(
        (codes - stop_gradient(features)) ** 2
    )


@wrong("it was a mean")
def summed(features, codes, beta, stop_gradient):
    return other_order(features, codes, beta, stop_gradient) * features.size


@wrong("only beta times the mean square is left")
def commitment_alone(features, codes, beta, stop_gradient):
    return beta * np.mean((features - stop_gradient(codes)) ** 2)


@wrong("only the mean square is left")
def codebook_alone(features, codes, beta, stop_gradient):
    return np.mean((codes - stop_gradient(features)) ** 2)


@wrong("the value should still be")
def absolute(features, codes, beta, stop_gradient):
    return np.mean(np.abs(stop_gradient(features) - codes)) + beta * np.mean(
        np.abs(features - stop_gradient(codes))
    )


@wrong("nothing pulls at the features")
def all_stopped(features, codes, beta, stop_gradient):
    return (1 + beta) * np.mean((stop_gradient(features) - stop_gradient(codes)) ** 2)


@wrong("it should be 1, whatever beta")
def codes_unstopped_in_the_commitment(features, codes, beta, stop_gradient):
    return np.mean((stop_gradient(features) - codes) ** 2) + beta * np.mean(
        (features - stop_gradient(codes)) ** 2
    ) * (
        np.mean((codes - stop_gradient(features)) ** 2)
        / np.mean((stop_gradient(codes) - stop_gradient(features)) ** 2)
    )


@wrong("the loss has shape")
def no_mean(features, codes, beta, stop_gradient):
    return (stop_gradient(features) - codes) ** 2 + beta * (features - stop_gradient(codes)) ** 2


@wrong("it should be beta times")
def product_of_both_gaps(features, codes, beta, stop_gradient):
    return (1 + beta) * np.mean(
        (stop_gradient(features) - codes) * (features - stop_gradient(codes))
    )


@wrong("both terms pull at the features")
def features_unstopped_in_both(features, codes, beta, stop_gradient):
    return np.mean((features - codes) ** 2) + beta * np.mean((features - stop_gradient(codes)) ** 2)


EQUIVALENT = dict.fromkeys(
    [
        "stop_gradient(features) - codes -> codes - stop_gradient(features)",
        "features - stop_gradient(codes) -> stop_gradient(codes) - features",
    ],
    "the square of a difference has no sign",
)
