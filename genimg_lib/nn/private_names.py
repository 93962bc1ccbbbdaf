"""What the project uses of other libraries although they do not promise to keep it.

Every such name is here and nowhere else, one function each, with the reason why no public name
does. `tests/test_private_names.py` calls each of them with the installed versions. Imports nothing
until a function is called.
"""

import functools
import importlib.metadata


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
