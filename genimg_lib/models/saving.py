"""How models are saved and loaded: `save_weights`, `save("x.keras")`, and what they check."""

import inspect
import json
import warnings
from pathlib import Path

import keras
import numpy as np

EXTRA = ("seed", "identity")
"""What a weights file holds beside the weights of a model: random state, and `identity()`."""


class SavedModel(keras.Model):
    """A model whose files say what they belong to, and that loads all of a file or nothing.

    `save_weights` stores the random state with the weights, and `identity()`, without which they
    could be loaded into a model where they mean something else.

    `save("x.keras")` stores the constructor's arguments as well. For that a class keeps each of its
    constructor's arguments as an attribute of the same name and is registered with
    `@keras.saving.register_keras_serializable("genimg")`.
    """

    OPTIMIZERS = ("optimizer",)
    """The attributes that `compile` sets, and its arguments of the same names."""

    def identity(self) -> dict:
        """What must be equal for weights to mean the same: names and values that JSON can hold."""
        return {}

    def optimizers(self) -> list[keras.optimizers.Optimizer]:
        """Those of a compiled model; none before."""
        found = [getattr(self, name, None) for name in self.OPTIMIZERS]
        return [optimizer for optimizer in found if optimizer is not None]

    def state(self) -> list:
        """All variables that training changes: weights, random state and optimizers."""
        variables = [*self.variables, self.seed_generator.state]
        for optimizer in self.optimizers():
            variables += optimizer.variables
        return variables

    def save_own_variables(self, store):
        super().save_own_variables(store)
        # Keras saves layers and optimizers, not random state
        store["seed"] = np.asarray(self.seed_generator.state)
        store["identity"] = np.frombuffer(json.dumps(self.identity()).encode(), np.uint8)

    def load_own_variables(self, store):
        if "identity" in store.keys():
            self._check_identity(json.loads(store["identity"][()].tobytes()))
        state = store["seed"][()]
        super().load_own_variables(
            {name: store[name] for name in store.keys() if name not in EXTRA}
        )
        self.seed_generator.state.assign(state)

    def _check_identity(self, stored: dict) -> None:
        mine = json.loads(json.dumps(self.identity()))
        for name, value in stored.items():
            if name in mine and mine[name] != value:
                raise ValueError(
                    f"they were trained with {name} {_readable(value)}, this model has "
                    f"{_readable(mine[name])}"
                )

    def load_weights(self, filepath, **kwargs):
        """Loads what `save_weights` wrote: networks, random state and, on a compiled model, the
        optimizers.

        Raises `OSError` for a missing or truncated file and `ValueError` for weights of another
        model, of one with other classes, or with NaN; the model and its optimizers then keep what
        they had.
        """
        if not Path(filepath).exists():
            raise FileNotFoundError(f"there is no weights file {filepath}")
        variables = self.state()
        before = [np.array(variable) for variable in variables]
        try:
            # Keras warns once per layer before it raises
            with warnings.catch_warnings(record=True) as caught:
                super().load_weights(filepath, **kwargs)
            if not all(np.isfinite(weight).all() for weight in self.get_weights()):
                raise ValueError("they contain NaN or infinity")
        except (KeyError, ValueError, OSError) as error:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)
            # `BackupAndRestore` then takes the backup before this one
            if isinstance(error, OSError):
                raise OSError(f"{filepath} is not a complete weights file: {error}") from None
            raise ValueError(
                f"{filepath} does not hold weights of this {type(self).__name__}: {error}"
            ) from None
        for warning in caught:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )

    def arguments(self) -> dict:
        """The constructor's arguments, as the attributes of the same names hold them."""
        return {name: getattr(self, name, None) for name in _constructor_arguments(type(self))}

    def get_config(self) -> dict:
        """The constructor's arguments in Keras's serialised form; `from_config` undoes it."""
        return serialised(self.arguments() | {"name": self.name})

    @classmethod
    def from_config(cls, config: dict):
        """A model that was built alike; its weights are new."""
        return cls(**deserialised(config))

    def get_compile_config(self) -> dict:
        """The optimizers, so that `keras.models.load_model` returns a model that trains on."""
        if not self.compiled:
            return {}
        optimizers = {name: getattr(self, name) for name in self.OPTIMIZERS}
        return serialised(
            optimizers
            | {"steps_per_execution": self.steps_per_execution, "run_eagerly": self.run_eagerly}
        )

    def compile_from_config(self, config: dict) -> None:
        """Undoes `get_compile_config`."""
        self.compile(**deserialised(config))


def serialised(arguments: dict) -> dict:
    """Values of any kind -> what JSON can hold; raises for an object that Keras does not know."""
    return {name: keras.saving.serialize_keras_object(value) for name, value in arguments.items()}


def deserialised(config: dict) -> dict:
    """Undoes `serialised`. In Keras's safe mode no code from a file is run."""
    return {name: keras.saving.deserialize_keras_object(value) for name, value in config.items()}


def _constructor_arguments(model: type) -> list[str]:
    """The names of all keyword arguments of a class's constructor and of those that it calls."""
    names = []
    for base in model.__mro__[: model.__mro__.index(SavedModel)]:
        if "__init__" not in vars(base):
            continue
        for parameter in inspect.signature(base.__init__).parameters.values():
            named = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
            if named and parameter.name != "self":
                names.append(parameter.name)
    return names


def _readable(value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
