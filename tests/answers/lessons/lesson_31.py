import numpy as np

from answers.lessons import right, wrong


def softplus(x):
    return np.logaddexp(0, x)


def hinge(real, fake):
    return np.maximum(0, 1 - real) + np.maximum(0, 1 + fake)


def norms(gradients):
    return np.linalg.norm(gradients.reshape(len(gradients), -1), axis=1)


GIVEN = {
    "half_the_way": [
        wrong("a distance in brightness", "a"),
        wrong("never one x with another", "b"),
        wrong("only when real and generated are the same", "d"),
    ],
    "earth_mover": [
        right(lambda x, y: sum(abs(a - b) for a, b in zip(sorted(x), sorted(y))) / len(x)),
        right(lambda x, y: np.linalg.norm(np.sort(x) - np.sort(y), ord=1) / len(x)),
        wrong("Sort both sides", lambda x, y: np.mean(np.abs(x - y))),
        wrong("the total distance", lambda x, y: np.sum(np.abs(np.sort(x) - np.sort(y)))),
        wrong("squared distances", lambda x, y: np.mean((np.sort(x) - np.sort(y)) ** 2)),
        wrong("the distances are 1, 4, 3", lambda x, y: 1.0),
        wrong("must not cancel", lambda x, y: abs(np.mean(x) - np.mean(y))),
    ],
    "two_losses": [
        right(lambda r, f: np.stack([hinge(r, f), -np.log(1 / (1 + np.exp(f - r)))])),
        wrong("never negative", lambda r, f: (2 - r + f, softplus(f - r))),
        wrong("not their sum", lambda r, f: (np.maximum(0, 2 - r + f), softplus(f - r))),
        wrong("wrong sides", lambda r, f: (hinge(-r, -f), softplus(f - r))),
        wrong("each term is 0.5", lambda r, f: (np.maximum(0, 1 - r), softplus(f - r))),
        wrong("the generator's loss", lambda r, f: (hinge(r, f), softplus(r - f))),
        wrong("judges each image alone", lambda r, f: (hinge(r, f), softplus(-r) + softplus(f))),
        wrong("softplus of one difference", lambda r, f: (hinge(r, f), f - r)),
        wrong("(hinge, relativistic)", hinge),
    ],
    "two_players": [
        wrong("pulls inwards", "a"),
        wrong("a tangent", "c"),
        wrong("above 1 for every h", "d"),
    ],
    "repaired_penalty": [
        right(lambda g: (norms(g) - 1) ** 2),
        right(lambda g: np.array([(np.linalg.norm(one) - 1) ** 2 for one in g])),
        wrong("one value per image", lambda g: (np.sqrt(np.sum(g**2)) - 1) ** 2),
        wrong("the root is missing", lambda g: (np.sum(g**2, axis=(1, 2, 3)) - 1) ** 2),
        wrong("the 1 is missing", lambda g: np.sum(g**2, axis=(1, 2, 3))),
        wrong("a mean over pixels", lambda g: (np.sqrt(np.mean(g**2, axis=(1, 2, 3))) - 1) ** 2),
        wrong("must cost 0, 16 and 1", lambda g: np.abs(norms(g) - 1)),
    ],
}
