"""Half precision where Keras's dtype policy asks for it, and float32 where half would not do.

Under `mixed_bfloat16` and `mixed_float16` layers compute in 16 bits and keep their weights in 32.
The course keeps in 32 bits as well: losses, the softmax of attention, batch statistics, quantizers,
penalties on gradients, and whatever is measured. Source: Micikevicius et al., "Mixed precision
training", arXiv:1710.03740, section 3.
"""

import contextlib

import keras

from genimg_lib.nn import replicas

POLICIES = ("float32", "mixed_bfloat16", "mixed_float16")
"""The dtype policies under which the course's models are built."""


@contextlib.contextmanager
def full_precision():
    """Layers that are built inside compute in float32, whatever the policy outside."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def full_precision_twin(network: keras.Model) -> keras.Model:
    """The same network, computing in float32. Its weights are new: give it those of `network` with
    `stateless_call`.
    """

    def in_float32(part):
        if not isinstance(part, keras.layers.Layer):
            return part  # an operation computes in what it is given
        return type(part).from_config(part.get_config() | {"dtype": "float32"})

    return keras.models.clone_model(network, clone_function=in_float32)


def with_loss_scale(optimizer, network: keras.Model) -> keras.optimizers.Optimizer:
    """`optimizer`, in float16 wrapped so that it scales the loss: small gradients would vanish.

    Keras does this only for the one optimizer that its own `compile` is given.
    """
    scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    if network.dtype_policy.name != "mixed_float16" or scaled:
        return optimizer
    return LossScale(optimizer)


@keras.saving.register_keras_serializable("genimg")
class LossScale(keras.optimizers.LossScaleOptimizer):
    """Scales the loss by as much as its gradients bear, and skips a step in which those of any
    replica overflow. Keras's own asks the first replica alone, and takes the infinite gradients of
    another into the weights of all (Keras 3.15).
    """

    def check_finite(self, grads):
        return replicas.everywhere(super().check_finite(grads))
