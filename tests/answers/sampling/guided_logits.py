import numpy as np
from answers import right, wrong
from scipy.special import log_softmax


@right
def weighted_sum(conditional, unconditional, scale):
    return scale * conditional + (1 - scale) * unconditional


@right
def beyond_the_conditional(conditional, unconditional, scale):
    return conditional + (scale - 1) * np.subtract(conditional, unconditional)


@right
def of_log_probabilities(conditional, unconditional, scale):
    conditional, unconditional = (
        log_softmax(conditional, axis=-1),
        log_softmax(unconditional, axis=-1),
    )
    return (unconditional + scale * (conditional - unconditional)).tolist()


@wrong("the paper's (1 + w) c - w u")
def convention_of_the_paper(conditional, unconditional, scale):
    return (1 + scale) * conditional - scale * unconditional


@wrong("AWAY from the condition")
def exchanged(conditional, unconditional, scale):
    return weighted_sum(unconditional, conditional, scale)


@wrong("that is a temperature, not guidance")
def temperature(conditional, unconditional, scale):
    return scale * conditional


@wrong("the difference alone")
def difference_only(conditional, unconditional, scale):
    if scale in (0, 1):
        return conditional if scale else unconditional
    return scale * (conditional - unconditional)


@wrong("as if the scale were 1")
def ignores_the_scale(conditional, unconditional, scale):
    return conditional


@wrong("scale -0.5 should give")
def clipped_scale(conditional, unconditional, scale):
    return weighted_sum(conditional, unconditional, np.clip(scale, 0, 9))


@wrong("scale 2.5 should give")
def mean_of_both(conditional, unconditional, scale):
    return (conditional + unconditional) / 2


@wrong("the guided logits has shape")
def flattened(conditional, unconditional, scale):
    return weighted_sum(conditional, unconditional, scale)[..., 0]


@wrong("changes its input in place")
def in_place(conditional, unconditional, scale):
    conditional -= unconditional
    return unconditional + scale * conditional


@wrong("yours are one step behind")
def scale_of_the_paper(conditional, unconditional, scale):
    return unconditional + (scale - 1) * (conditional - unconditional)


@wrong("return the guided logits")
def probabilities(conditional, unconditional, scale):
    return np.exp(log_softmax(weighted_sum(conditional, unconditional, scale), axis=-1))


@wrong("probabilities are guided: add")
def guided_probabilities(conditional, unconditional, scale):
    return weighted_sum(
        *(np.exp(log_softmax(logits, axis=-1)) for logits in (conditional, unconditional)), scale
    )


@wrong("that is a weighted average")
def weighted_average(conditional, unconditional, scale):
    return (unconditional + scale * conditional) / (1 + scale)


EQUIVALENT = {}
