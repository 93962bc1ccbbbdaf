import keras
from answers import right, wrong

MANY = True


def start(live):
    average = keras.models.clone_model(live)
    average.set_weights(live.get_weights())
    return average


def update(average, live, decay):
    for old, new in zip(average.weights, live.weights, strict=True):
        old.assign(decay * old + (1 - decay) * new)
    return average


def update_with_arrays(average, live, decay):
    pairs = zip(average.get_weights(), live.get_weights(), strict=True)
    average.set_weights([decay * old + (1 - decay) * new for old, new in pairs])
    return average


def start_from_config(live):
    average = live.__class__.from_config(live.get_config())
    average.build(live.input_shape)
    for mine, theirs in zip(average.weights, live.weights, strict=True):
        mine.assign(theirs)
    return average


def update_in_two_loops(average, live, decay):
    for part in ("trainable_weights", "non_trainable_weights"):
        for old, new in zip(getattr(average, part), getattr(live, part), strict=True):
            old.assign_add((1 - decay) * (new - old))
    return average


right("weights", (start, update))
right("arrays", (start, update_with_arrays))
right("from the configuration, two loops", (start_from_config, update_in_two_loops))


def update_trainable(average, live, decay):
    for old, new in zip(average.trainable_variables, live.trainable_variables, strict=True):
        old.assign(decay * old + (1 - decay) * new)
    return average


def update_and_copy_statistics(average, live, decay):
    update_trainable(average, live, decay)
    for old, new in zip(average.non_trainable_weights, live.non_trainable_weights, strict=True):
        old.assign(new)
    return average


def update_exchanged(average, live, decay):
    return update(average, live, 1 - decay)


def update_both(average, live, decay):
    update(average, live, decay)
    live.set_weights(average.get_weights())
    return average


def update_variables(average, live, decay):
    for old, new in zip(average.variables, live.variables, strict=True):
        old.assign(decay * old + (1 - decay) * new)
    return average


def update_a_new_one(average, live, decay):
    return update(start(average), live, decay)


def update_what_pairs(average, live, decay):
    for old, new in zip(average.weights, live.weights, strict=False):
        old.assign(decay * old + (1 - decay) * new)
    return average


def start_without_dropout(live):
    layers = [
        layer
        for layer in keras.models.clone_model(live).layers
        if not isinstance(layer, keras.layers.Dropout)
    ]
    average = keras.Sequential([keras.Input(live.input_shape[1:]), *layers])
    average.set_weights(live.get_weights())
    return average


wrong("the average has 3 layers of 4", "no dropout", (start_without_dropout, update))
wrong(
    "models with different numbers of weights are accepted",
    "no test of the number",
    (start, update_what_pairs),
)
wrong("`clone_model` draws a new random start", "a clone", (keras.models.clone_model, update))
wrong("the average *is* the live generator", "the same object", (lambda live: live, update))
wrong(
    "start_average should return a model",
    "weights for a model",
    (lambda live: live.get_weights(), update),
)
wrong("Average every weight, trainable or not", "trainable only", (start, update_trainable))
wrong("moving_mean is", "statistics copied", (start, update_and_copy_statistics))
wrong("kernel: decay multiplies the *average*", "exchanged", (start, update_exchanged))
wrong("the live generator has changed", "live overwritten", (start, update_both))
wrong("random state is averaged", "random state as well", (start, update_variables))
wrong("return the average.", "a new model each time", (start, update_a_new_one))
wrong("is there a `return`?", "nothing returned", (start, lambda average, live, decay: None))

EQUIVALENT = {}
