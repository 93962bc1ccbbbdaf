import numpy as np
from answers import right, wrong


@right
def with_sets(training, held_out):
    pairs = {(concept, tone) for concept, tone, _ in held_out.tolist()}
    return np.array([(concept, tone) in pairs for concept, tone, _ in training.tolist()])


@right
def with_numbers(training, held_out):
    base = 1 + max(training.max(), held_out.max())
    return np.isin(training[:, 0] * base + training[:, 1], held_out[:, 0] * base + held_out[:, 1])


@right
def with_a_loop(training, held_out):
    leaks = np.zeros(len(training), bool)
    for concept, tone, _ in held_out:
        leaks |= (training[:, 0] == concept) & (training[:, 1] == tone)
    return leaks


@wrong("may stay")
def kept(training, held_out):
    return ~with_sets(training, held_out)


@wrong("the style is compared too")
def whole_rows(training, held_out):
    return (training[:, None] == held_out).all(axis=2).any(axis=1)


@wrong("the concept alone")
def concepts(training, held_out):
    return np.isin(training[:, 0], held_out[:, 0])


@wrong("the tone alone")
def tones(training, held_out):
    return np.isin(training[:, 1], held_out[:, 1])


@wrong("from two held-out rows")
def apart(training, held_out):
    return concepts(training, held_out) & tones(training, held_out)


@wrong("one True or False")
def numbers(training, held_out):
    return np.flatnonzero(with_sets(training, held_out))


@wrong("its concept and its tone")
def nothing(training, held_out):
    return np.zeros(len(training), bool)


EQUIVALENT = {
    "1 -> -1": "the second of two axes is the last",
}
