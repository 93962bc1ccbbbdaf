"""What the project uses of other libraries although they do not promise to keep it.

Every such name is here and nowhere else, one function each, with the reason why no public name
does. `tests/test_private_names.py` calls each of them with the installed versions. Imports nothing
until a function is called.
"""

import functools
import importlib.metadata
from typing import Any, NamedTuple


def private_to(package: str):
    """Marks a function that uses private names of `package`.

    If the function fails because a name is gone, it raises `ImportError` that names the package,
    its version and the function, so that whoever updates the package knows what to mend.
    """

    def mark(function):
        @functools.wraps(function)
        def call(*arguments, **options):
            try:
                return function(*arguments, **options)
            except (ImportError, AttributeError) as error:
                version = importlib.metadata.version(package)
                raise ImportError(
                    f"{package} {version} has changed what {__name__}.{function.__name__} uses: "
                    f"{error}"
                ) from error

        call.package = package
        return call

    return mark


@private_to("tensorflow")
def operation_callbacks():
    """The module with `add_op_callback(function)` and `remove_op_callback(function)`.

    TensorFlow calls such a function after every eager operation, with its inputs and outputs, which
    is how multiply-adds are counted. The public profiler reports times only.
    """
    from tensorflow.python.framework import op_callbacks

    op_callbacks.add_op_callback, op_callbacks.remove_op_callback  # noqa: B018
    return op_callbacks


@private_to("tensorflow")
def profile_message():
    """An empty `XSpace`, the protocol buffer that `tf.profiler.experimental` writes.

    TensorFlow has no public reader for its own profiles; `ParseFromString` of this one reads them.
    """
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    return xplane_pb2.XSpace()


@private_to("tensorflow")
def kept_operation_seeds():
    """A function that brings back the present state of TensorFlow's operation seeds.

    `tf.random.set_seed` writes it, and no public function reads it.
    """
    from tensorflow.python.eager import context

    current = context.context()
    seed = current._seed
    stream = getattr(current, "_rng", None)  # absent until somebody sets a seed
    position = stream.getstate() if stream else None

    def restore():
        current._seed = seed
        if stream:
            current._rng = stream
            stream.setstate(position)

    return restore


@private_to("keras")
def kept_keras_generator():
    """A function that brings back the present state of the generator behind Keras's unseeded
    random functions.

    `keras.utils.set_random_seed` replaces it, and no public function reads it.
    """
    from keras.src.backend.common import global_state

    generator = global_state.get_global_attribute("global_seed_generator")
    state = None if generator is None else generator.state.numpy()
    seed = global_state.get_global_attribute("global_random_seed")

    def restore():
        global_state.set_global_attribute("global_random_seed", seed)
        global_state.set_global_attribute("global_seed_generator", generator)
        if generator is not None:
            generator.state.assign(state)

    return restore


@private_to("keras")
def built_when_made(model_class):
    """Marks a class whose models are built when they are made.

    Keras's `fit` would look at a batch to build the model. That batch is spread over the workers of
    a strategy, and Keras 3.15 cannot average what it finds there. No public name turns this off.
    """

    def nothing(self, iterator=None, data_batch=None):
        pass

    model_class._maybe_symbolic_build = nothing
    return model_class


@private_to("keras")
def make_optimizers_short():
    """From here on Adam, AdamW and the part of Muon that is AdamW make the same update by one
    operation for each variable, and every optimizer its running averages by three, in place of
    Keras's forty. Returns a function that undoes it.

    In a training of a few steps most of the time goes into calling or tracing operations, and half
    of these are the optimizer's. Keras has no public choice of another implementation.
    """
    import keras
    import tensorflow as tf

    optimizer, adam, muon = keras.optimizers.Optimizer, keras.optimizers.Adam, keras.optimizers.Muon
    keras_update = adam._backend_update_step
    keras_muon_update = muon._adamw_update_step
    keras_average = optimizer._update_model_variables_moving_average
    adam._get_variable_index  # noqa: B018

    def native(variable):
        return variable.value if isinstance(variable, keras.Variable) else variable

    def can(gradient, variable):
        sparse = isinstance(gradient, tf.IndexedSlices)
        single = tf.as_dtype(variable.dtype) == tf.float32
        return single and not sparse and not tf.distribute.has_strategy()

    def adam_step(optimizer, betas, rate):
        """Computes what all variables of a step share; returns the update of one of them."""
        step = tf.cast(native(optimizer.iterations) + 1, tf.float32)
        powers = [tf.pow(beta, step) for beta in betas]
        rate = tf.cast(rate, tf.float32)

        def apply(gradient, variable, momentum, velocity):
            tf.raw_ops.ResourceApplyAdam(
                var=native(variable).handle,
                m=native(momentum).handle,
                v=native(velocity).handle,
                beta1_power=powers[0],
                beta2_power=powers[1],
                lr=rate,
                beta1=betas[0],
                beta2=betas[1],
                epsilon=optimizer.epsilon,
                grad=tf.cast(gradient, tf.float32),
            )

        return apply

    def update(self, gradients, variables, learning_rate):
        if self.amsgrad or not all(map(can, gradients, variables)):
            return keras_update(self, gradients, variables, learning_rate)
        apply = adam_step(self, (self.beta_1, self.beta_2), learning_rate)
        for gradient, variable in zip(gradients, variables, strict=True):
            index = self._get_variable_index(variable)
            apply(gradient, variable, self._momentums[index], self._velocities[index])

    def muon_update(self, gradient, variable, learning_rate, *slots):
        if not can(gradient, variable):
            return keras_muon_update(self, gradient, variable, learning_rate, *slots)
        apply = adam_step(self, (self.adam_beta_1, self.adam_beta_2), learning_rate)
        apply(gradient, variable, *slots)

    def average(self, variables):
        if not self.use_ema or tf.distribute.has_strategy():
            return keras_average(self, variables)
        # behind the first step the average is what the variable is
        new = tf.where(native(self.iterations) == 0, 1.0, 1.0 - self.ema_momentum)
        averages = self._model_variables_moving_average
        for variable, running in zip(variables, averages, strict=True):
            if running is not None:
                running = native(running)
                running.assign_add(tf.cast(new, running.dtype) * (native(variable) - running))

    def undo():
        adam._backend_update_step = keras_update
        muon._adamw_update_step = keras_muon_update
        optimizer._update_model_variables_moving_average = keras_average

    adam._backend_update_step = update
    muon._adamw_update_step = muon_update
    optimizer._update_model_variables_moving_average = average
    return undo


@private_to("keras-hub")
def preset_file(preset: str, name: str) -> str:
    """The path of one file of a preset, downloaded if the preset is not a local folder.

    KerasHub's public loaders return whole models and tokenizers. A Hugging Face preset's own
    config.json, tokenizer.json and chat template are reached in no other way.
    """
    from keras_hub.src.utils.preset_utils import get_file

    return get_file(preset, name)


@private_to("keras-hub")
def filled_cache(network, tokens):
    """The key-value cache of a KerasHub `CausalLM`, filled with `tokens` (batch, n).

    `call_with_cache` is public, but only the network knows the shape of the cache that it takes.
    """
    _, cache = network._build_cache(tokens)
    return cache


class LlamaBlock(NamedTuple):
    """The layers of one block of a Llama, each with its weights as public attributes.

    Attributes:
        attention_norm, feedforward_norm: with `scale` and `epsilon`.
        query, key, value, attention_output: with `kernel`, LoRA included.
        gate, intermediate, feedforward_output: with `kernel`.
    """

    attention_norm: Any
    query: Any
    key: Any
    value: Any
    attention_output: Any
    feedforward_norm: Any
    gate: Any
    intermediate: Any
    feedforward_output: Any


@private_to("keras-hub")
def llama_block(block) -> LlamaBlock:
    """The layers of a block of KerasHub's `LlamaBackbone` or `Llama3Backbone`.

    A Keras layer does not list its sublayers, and KerasHub keeps these in private attributes.
    """
    attention = block._self_attention_layer
    return LlamaBlock(
        attention_norm=block._self_attention_layernorm,
        query=attention._query_dense,
        key=attention._key_dense,
        value=attention._value_dense,
        attention_output=attention._output_dense,
        feedforward_norm=block._feedforward_layernorm,
        gate=block._feedforward_gate_dense,
        intermediate=block._feedforward_intermediate_dense,
        feedforward_output=block._feedforward_output_dense,
    )
