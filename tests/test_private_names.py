"""The names that other libraries may take away are all in one file, and each works today."""

import ast
import importlib.metadata
import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import genimg_lib
from genimg_lib.nn import private_names

LIBRARY = sorted(Path(genimg_lib.__file__).parent.rglob("*.py"))


def operation_callbacks():
    seen = []
    callbacks = private_names.operation_callbacks()

    def see(op_type, inputs, attributes, outputs, op_name=None, graph=None):
        seen.append(op_type)

    callbacks.add_op_callback(see)
    try:
        tf.matmul(tf.ones((2, 3)), tf.ones((3, 4)))
    finally:
        callbacks.remove_op_callback(see)
    assert any(name in (b"MatMul", "MatMul") for name in seen)


def profile_message():
    message = private_names.profile_message()
    message.planes.add(name="host")
    read = private_names.profile_message()
    read.ParseFromString(message.SerializeToString())
    assert [plane.name for plane in read.planes] == ["host"]


def preset_file():
    pytest.importorskip("keras_hub", reason="the extra `llm` is not installed")
    folder = Path(__file__).parent
    assert private_names.preset_file(str(folder), "test_private_names.py") == __file__
    with pytest.raises(FileNotFoundError):
        private_names.preset_file(str(folder), "nothing.json")


def filled_cache():
    """Extended by one token, the cache gives the logits of the whole text."""
    keras_hub = pytest.importorskip("keras_hub", reason="the extra `llm` is not installed")
    backbone = keras_hub.models.GPT2Backbone(10, 2, 2, 8, 16, max_sequence_length=6)
    network = keras_hub.models.GPT2CausalLM(backbone, preprocessor=None)
    tokens = tf.constant([[3, 1, 4]])
    cache = private_names.filled_cache(network, tokens[:, :2])
    cache = tf.pad(cache, [[0, 0]] * 3 + [[0, 1], [0, 0], [0, 0]])  # one position more
    logits, _, _ = network.call_with_cache(tokens[:, 2:], cache, 2)
    whole = network({"token_ids": tokens, "padding_mask": tf.ones_like(tokens)})
    assert np.ptp(whole) > 0
    np.testing.assert_allclose(logits[:, 0], whole[:, 2], atol=1e-5)


def llama_block():
    """All weights of a block are found, each in the shape of its role."""
    keras_hub = pytest.importorskip("keras_hub", reason="the extra `llm` is not installed")
    backbone = keras_hub.models.Llama3Backbone(
        vocabulary_size=10,
        num_layers=1,
        num_query_heads=4,
        num_key_value_heads=2,
        hidden_dim=8,
        intermediate_dim=12,
    )
    layers = private_names.llama_block(backbone.transformer_layers[0])
    found = [
        layer.scale if "norm" in name else layer.kernel for name, layer in layers._asdict().items()
    ]
    shapes = [tuple(weight.shape) for weight in found]
    projections = [(8, 4, 2), (8, 2, 2), (8, 2, 2), (4, 2, 8)]
    assert shapes == [(8,), *projections, (8,), (8, 12), (8, 12), (12, 8)]
    assert len(found) == len(backbone.transformer_layers[0].weights)
    assert layers.attention_norm.epsilon > 0


def kept_operation_seeds():
    tf.random.set_seed(7)
    restore = private_names.kept_operation_seeds()
    first = float(tf.random.normal(()))
    tf.random.set_seed(8)
    restore()
    assert float(tf.random.normal(())) == first


def kept_keras_generator():
    keras.utils.set_random_seed(7)
    keras.random.normal(())  # the generator is made when it is first needed
    restore = private_names.kept_keras_generator()
    first = float(keras.random.normal(()))
    keras.utils.set_random_seed(8)
    restore()
    assert float(keras.random.normal(())) == first


def built_when_made():
    """Keras still asks by this name: or what it is told would go unheard."""
    assert callable(keras.Model._maybe_symbolic_build)
    made = private_names.built_when_made(type("Made", (keras.Model,), {}))
    assert made()._maybe_symbolic_build(data_batch=object()) is None


@pytest.mark.parametrize("eager", [True, False])
@pytest.mark.parametrize("kind", ["plain", "averaged", "decayed", "sparse", "double", "muon"])
def test_short_optimizers_take_the_steps_of_kerass(kind, eager):
    kinds = {"decayed": keras.optimizers.AdamW, "muon": keras.optimizers.Muon}

    def steps():
        optimizer = kinds.get(kind, keras.optimizers.Adam)(
            keras.optimizers.schedules.InverseTimeDecay(0.1, 2, 1.0),
            use_ema=kind in ("averaged", "muon"),
            ema_momentum=0.9,
            **{"adam_beta_1" if kind == "muon" else "beta_1": 0.5},
        )
        dtype = "float64" if kind == "double" else "float32"
        table = keras.Variable([[1.0, -2.0], [3.0, 0.5], [0.1, 0.2]], dtype=dtype)
        plain = tf.Variable([0.3, -0.1], dtype=dtype)
        optimizer.build([table, plain])

        def step():
            with tf.GradientTape() as tape:
                rows = tf.gather(table.value, [0, 2]) if kind == "sparse" else table.value
                loss = tf.reduce_sum(rows**3) + tf.reduce_sum(tf.exp(plain))
            watched = [table.value, plain]
            optimizer.apply(tape.gradient(loss, watched), [table, plain])

        step = step if eager else tf.function(step, autograph=False)
        for _ in range(4):
            step()
        return [np.array(variable) for variable in [*optimizer.variables, table, plain]]

    expected = steps()
    undo = private_names.make_optimizers_short()
    try:
        found = steps()
    finally:
        undo()
    for mine, theirs in zip(found, expected, strict=True):
        # TensorFlow takes 0.999 from 1 in float32, which costs the last digits
        np.testing.assert_allclose(mine, theirs, rtol=1e-3)


def make_optimizers_short():
    """Keras still asks by these names: its `apply` calls what they were replaced by."""
    for kind in (keras.optimizers.Adam, keras.optimizers.Muon):
        variable = keras.Variable([1.0])
        optimizer = kind(0.1, use_ema=True)
        optimizer.build([variable])
        called = []

        def see(op_type, *_, called=called, **__):
            called.append(str(op_type))

        callbacks = private_names.operation_callbacks()
        undo = private_names.make_optimizers_short()
        callbacks.add_op_callback(see)
        try:
            optimizer.apply([tf.ones(1)], [variable])
        finally:
            callbacks.remove_op_callback(see)
            undo()
        assert any("ResourceApplyAdam" in name for name in called)
        assert not any("Sqrt" in name for name in called)
        undone = (
            keras.optimizers.Adam._backend_update_step,
            keras.optimizers.Muon._adamw_update_step,
            kind._update_model_variables_moving_average,
        )
        assert not any("private_names" in function.__module__ for function in undone)


TESTS = {
    "make_optimizers_short": make_optimizers_short,
    "built_when_made": built_when_made,
    "kept_operation_seeds": kept_operation_seeds,
    "kept_keras_generator": kept_keras_generator,
    "operation_callbacks": operation_callbacks,
    "profile_message": profile_message,
    "preset_file": preset_file,
    "filled_cache": filled_cache,
    "llama_block": llama_block,
}
"""The name of a function in `private_names` -> what must hold of it."""

NAMES = {
    name: function.package
    for name, function in vars(private_names).items()
    if hasattr(function, "package")
}


def test_every_function_has_a_test():
    assert TESTS.keys() == NAMES.keys()


@pytest.mark.parametrize("name", sorted(TESTS))
def test_the_installed_version_still_has_it(name):
    package = NAMES[name]
    try:
        TESTS[name]()
    except Exception as error:
        pytest.fail(f"{package} {importlib.metadata.version(package)}: {name}: {error!r}")


@pytest.mark.parametrize("lost", [AttributeError("no x"), ImportError("no module x")])
def test_a_lost_name_is_reported_with_package_and_version(lost):
    @private_names.private_to("tensorflow")
    def some_function():
        raise lost

    version = re.escape(importlib.metadata.version("tensorflow"))
    with pytest.raises(ImportError, match=f"tensorflow {version} has changed .*some_function.* x"):
        some_function()


PRIVATE_MODULES = ("tensorflow.python", "tensorflow.tsl", "keras.src", "keras_hub.src")


def private_imports(path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        else:
            continue
        found += [name for name in names if name.startswith(PRIVATE_MODULES)]
    return found


def test_no_other_module_imports_a_private_one():
    folder = Path(genimg_lib.__file__).parent
    found = {path.relative_to(folder).as_posix() for path in LIBRARY if private_imports(path)}
    assert found == {"nn/private_names.py"}
