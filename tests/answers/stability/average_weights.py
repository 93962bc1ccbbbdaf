import numpy as np
from answers import right, wrong
from keras import ops


def mixed(share):
    """An answer that keeps `share(decay, step)` of the old average."""

    def answer(average, live, decay, step):
        kept = share(decay, step)
        return {name: kept * average[name] + (1 - kept) * live[name] for name in average}

    return answer


@right
def as_a_step_towards(average, live, decay, step):
    away = 1 - min((1 + step) / (10 + step), decay)
    return {name: value + away * (live[name] - value) for name, value in average.items()}


@right
def in_place_on_a_copy(average, live, decay, step):
    kept = np.minimum(decay, (step + 1.0) / (step + 10.0))
    result = {name: value.copy() for name, value in average.items()}
    for name in result:
        result[name] *= kept
        result[name] += (1 - kept) * live[name]
    return result


@right
def with_tensorflow_numbers(average, live, decay, step):
    kept = min(decay, (1 + step) / (10 + step))
    return {
        name: ops.convert_to_numpy(ops.add(kept * average[name], (1 - kept) * live[name]))
        for name in live
    }


wrong(
    "decay multiplies the *average*",
    "exchanged",
    mixed(lambda decay, step: 1 - min(decay, (1 + step) / (10 + step))),
)
wrong("no warm-up", "no warm-up", mixed(lambda decay, step: decay))
wrong(
    "at step 0 it is 0.1",
    "one step late",
    mixed(lambda decay, step: min(decay, step / (10 + step))),
)
wrong(
    "and yours from (2 + step)",
    "one step early",
    mixed(lambda decay, step: min(decay, (2 + step) / (11 + step))),
)
wrong(
    "the warm-up exceeds the decay",
    "decay ignored",
    mixed(lambda decay, step: (1 + step) / (10 + step)),
)
wrong(
    "the old average counts 0.01, and should count 0.1",
    "another warm-up",
    mixed(lambda decay, step: min(decay, (1 + step) / (100 + step))),
)


@wrong("return a dictionary with the names")
def values_only(average, live, decay, step):
    return list(as_a_step_towards(average, live, decay, step).values())


@wrong("shares its memory with the live weights")
def hands_out_the_live_ones(average, live, decay, step):
    return dict(live) if decay == 0 else as_a_step_towards(average, live, decay, step)


@wrong("changes its input in place")
def in_place(average, live, decay, step):
    for name, value in as_a_step_towards(average, live, decay, step).items():
        average[name] = value
    return average


@wrong("the average of kernel has shape")
def averaged_away(average, live, decay, step):
    return {
        name: value.mean() for name, value in as_a_step_towards(average, live, decay, step).items()
    }


@wrong("and should count 0.9; kernel is off by up to")
def whole_numbers(average, live, decay, step):
    return mixed(lambda decay, step: min(decay, (1 + step) // (10 + step)))(
        average, live, decay, step
    )


EQUIVALENT = {
    "min(decay, (1 + step) / (10 + step)) -> min((1 + step) / (10 + step), decay)": "symmetric"
}
