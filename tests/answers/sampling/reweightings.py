import numpy as np
from answers import right, wrong
from scipy.special import log_softmax, softmax


def flat(table):
    return np.log(table).reshape(len(table), -1)


def tempered(joint, power):
    return softmax(power * flat(joint), axis=1).reshape(joint.shape)


def guided(joint, power, everything=None):
    everything = joint.sum(axis=0) if everything is None else everything
    return softmax(power * flat(joint) + (1 - power) * np.log(everything).ravel(), axis=1).reshape(
        joint.shape
    )


def by_token(joint, power):
    first, of_all = joint.sum(axis=2), joint.sum(axis=(0, 2))
    second = softmax(power * np.log(joint) + (1 - power) * np.log(joint.sum(axis=0)), axis=2)
    return softmax(power * np.log(first) + (1 - power) * np.log(of_all), axis=1)[..., None] * second


@right
def with_softmax(joint, power):
    return tempered(joint, power), guided(joint, power), by_token(joint, power)


@right
def by_bayes(joint, power):
    images, classes = (
        log_softmax(flat(joint), axis=1),
        np.log(joint / joint.sum(axis=0)).reshape(len(joint), -1),
    )
    tilted = softmax(images + (power - 1) * classes, axis=1).reshape(joint.shape)
    return [softmax(power * images, axis=1).reshape(joint.shape), tilted, by_token(joint, power)]


@right
def in_loops(joint, power):
    def tilted(conditional, unconditional):
        return softmax(
            np.log(unconditional) + power * (np.log(conditional) - np.log(unconditional))
        )

    everything, result = joint.sum(axis=0), []
    for table in joint:
        first = tilted(table.sum(axis=1) / table.sum(), everything.sum(axis=1))
        pairs = zip(first, table, everything, strict=True)
        result.append(
            [share * tilted(row / row.sum(), of_all / of_all.sum()) for share, row, of_all in pairs]
        )
    return np.stack([tempered(joint, power), guided(joint, power), np.array(result)]).tolist()


@wrong("what you call tempered is guided.")
def two_exchanged(joint, power):
    return guided(joint, power), tempered(joint, power), by_token(joint, power)


@wrong("what you call guided is tempered.")
def guidance_is_temperature(joint, power):
    return tempered(joint, power), tempered(joint, power), by_token(joint, power)


@wrong("what you call guided by token is guided.")
def one_guidance(joint, power):
    return tempered(joint, power), guided(joint, power), guided(joint, power)


@wrong("what you call guided is guided, as if all classes")
def classes_equally_frequent(joint, power):
    everything = (joint / joint.sum(axis=(1, 2), keepdims=True)).mean(axis=0)
    return tempered(joint, power), guided(joint, power, everything), by_token(joint, power)


@wrong("what you call guided by token is guided by token, as if all classes")
def steps_equally_frequent(joint, power):
    equal = joint / joint.sum(axis=(1, 2), keepdims=True)
    return tempered(joint, power), guided(joint, power), by_token(equal, power)


@wrong("is the plain p(images | class)")
def without_power(joint, power):
    return tempered(joint, 1.0), guided(joint, power), by_token(joint, power)


@wrong("adds up to 1 over all classes only")
def the_joint_itself(joint, power):
    return joint, guided(joint, power), by_token(joint, power)


@wrong("should add up to 1, yours to")
def not_normalised(joint, power):
    return tempered(joint, 1.0) ** power, guided(joint, power), by_token(joint, power)


@wrong("guided by token, power 2: images (")
def tempered_steps(joint, power):
    first = softmax(power * np.log(joint.sum(axis=2)), axis=1)
    return (
        tempered(joint, power),
        guided(joint, power),
        first[..., None] * softmax(power * np.log(joint), axis=2),
    )


@wrong("has NaN or infinity at power")
def with_logarithm_of_zero(joint, power):
    return tempered(joint, power), guided(joint, power), by_token(joint, power) * np.nan


@wrong("Work with logarithms")
def with_powers(joint, power):
    weights = joint**power
    return (
        weights / weights.sum(axis=(1, 2), keepdims=True),
        guided(joint, power),
        by_token(joint, power),
    )


@wrong("power 3000 should be exact")
def clipped_power(joint, power):
    return with_softmax(joint, min(power, 100.0))


@wrong("return three arrays")
def two_of_them(joint, power):
    return tempered(joint, power), guided(joint, power)


EQUIVALENT = {
    "1 -> -1": "the last axis of (classes, firsts)",
    "table.sum -> table.mean": "a constant factor, which normalising takes out",
    "joint.sum -> joint.mean": "a constant factor, which normalising takes out",
}
