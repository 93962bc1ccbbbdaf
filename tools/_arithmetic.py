"""What one call costs: its multiply-adds, and the operations that TensorFlow's profile shows."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from genimg_lib.nn import private_names

CONVOLUTIONS = {"Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"}


def multiply_adds(function: Callable) -> int:
    """Those of every matrix product and convolution that runs when the function is called, counted
    eagerly: in a compiled function (`tf.function`) one by one, but not in one that XLA compiles.
    """
    import tensorflow as tf

    total = 0

    def count(op_type, inputs, attributes, outputs, op_name=None, graph=None):
        nonlocal total
        if graph is None:
            op_type = op_type.decode() if isinstance(op_type, bytes) else op_type
            total += operation_size(op_type, inputs, attributes, outputs)

    callbacks = private_names.operation_callbacks()
    tf.config.run_functions_eagerly(True)
    callbacks.add_op_callback(count)
    try:
        function()
    finally:
        callbacks.remove_op_callback(count)
        tf.config.run_functions_eagerly(False)
    return total


def multiply_adds_of_graph(concrete) -> int:
    """Those of a traced function (`tf.function(...).get_concrete_function(...)`) whose shapes are
    known, in the operations that its results and its assignments need.

    Forwards and backwards are counted, but not what stands in a function of its own, such as a loop
    or a derivative in forward mode.
    """
    pending = [*concrete.graph.control_outputs, *(output.op for output in concrete.graph.outputs)]
    needed = set()
    while pending:
        operation = pending.pop()
        if operation not in needed:
            needed.add(operation)
            pending += [value.op for value in operation.inputs] + operation.control_inputs
    return sum(
        operation_size(operation.type, operation.inputs, _attributes(operation), operation.outputs)
        for operation in needed
    )


def _attributes(operation) -> list:
    """Names and values of the attributes that `operation_size` reads, in turn."""
    found = []
    for name in ("equation", "transpose_b", "adj_y"):
        if name in operation.node_def.attr:
            value = operation.get_attr(name)
            found += [name, value.decode() if isinstance(value, bytes) else value]
    return found


def operation_size(op_type: str, inputs, attributes, outputs) -> int:
    """The multiply-adds of one TensorFlow operation; 0 unless it is a product or convolution."""
    if op_type == "Einsum":
        return _einsum_size(attributes[attributes.index("equation") + 1], inputs)
    if op_type in CONVOLUTIONS:
        return _convolution_size(op_type, inputs, outputs)
    if op_type not in ("MatMul", "BatchMatMulV2"):
        return 0
    kernel = inputs[1].shape
    reduced = kernel[-1] if _transposed(attributes) else kernel[-2]
    return int(np.prod(outputs[0].shape)) * int(reduced)


def _convolution_size(op_type: str, inputs, outputs) -> int:
    """Each value of the output of the forward pass has one product for each value of a kernel,
    (height, width, in); both gradients have the same products.
    """
    kernel = (outputs[0] if op_type == "Conv2DBackpropFilter" else inputs[1]).shape
    forward = (outputs[0] if op_type == "Conv2D" else inputs[2]).shape
    return int(np.prod(forward)) * int(np.prod(kernel[:3]))


def _transposed(attributes) -> bool:
    names = ("transpose_b", "adj_y")
    return any(attributes[attributes.index(name) + 1] for name in names if name in attributes)


def _einsum_size(equation: str, inputs) -> int:
    """The product of the sizes of all indices."""
    sizes = {}
    for indices, tensor in zip(equation.split("->")[0].split(","), inputs, strict=True):
        sizes |= dict(zip(indices, tensor.shape, strict=True))
    return int(np.prod(list(sizes.values())))


def operations(function: Callable) -> tuple[float, list[tuple[str, float]]]:
    """Milliseconds of one call, and the name and milliseconds of each event of TensorFlow's
    profile. Of an operation in a graph the name is "node:Kind".
    """
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        options = tf.profiler.experimental.ProfilerOptions(
            host_tracer_level=2, python_tracer_level=0
        )
        tf.profiler.experimental.start(folder, options=options)
        start = time.perf_counter()
        function()
        wall = 1000 * (time.perf_counter() - start)
        tf.profiler.experimental.stop()
        return wall, _events(next(Path(folder).rglob("*.xplane.pb")))


def _events(path: Path) -> list[tuple[str, float]]:
    space = private_names.profile_message()
    space.ParseFromString(path.read_bytes())
    return [
        (plane.event_metadata[event.metadata_id].name, event.duration_ps / 1e9)
        for plane in space.planes
        for line in plane.lines
        for event in line.events
    ]
