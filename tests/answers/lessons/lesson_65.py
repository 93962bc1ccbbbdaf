import numpy as np

from answers.lessons import right, wrong


def painter(joint):
    return joint / joint.sum(axis=0)


def captioner(joint):
    return joint / joint.sum(axis=1, keepdims=True)


def mask(pictures, said, paint):
    shape = pictures + said
    allowed = np.zeros((shape, shape), bool)
    own = slice(0, pictures) if paint else slice(pictures, shape)
    other = slice(pictures, shape) if paint else slice(0, pictures)
    allowed[:, other] = True
    allowed[own, own] = np.tri(pictures if paint else said, dtype=bool)
    return allowed


def written(pictures, said, paint):
    return (np.arange(pictures + said) < pictures) == paint


def causal(pictures, said, paint):
    return np.tri(pictures + said, dtype=bool)


GIVEN = {
    "conditionals": [
        right(lambda joint: (painter(joint), painter(joint.T).T)),
        right(lambda joint: [joint @ np.diag(1 / joint.sum(axis=0)), captioner(joint)]),
        wrong("exchanged", lambda joint: (captioner(joint), painter(joint))),
        wrong("still the joint", lambda joint: (joint, captioner(joint))),
        wrong(
            "listens to the caption",
            lambda joint: (joint.sum(axis=1, keepdims=True) * [[1, 1]], captioner(joint)),
        ),
        wrong("axis 0", lambda joint: (0 * joint, captioner(joint))),
        wrong("the painter again", lambda joint: (painter(joint), painter(joint))),
        wrong("forgets how frequent", lambda joint: (painter(joint), captioner(painter(joint)))),
        wrong("axis 1", lambda joint: (painter(joint), 0 * joint)),
    ],
    "weight_of_captions": [
        wrong("from somewhere", "a"),
        wrong("at different places", "c"),
    ],
    "visible": [
        right(mask),
        right(
            lambda pictures, said, paint: (
                ~written(pictures, said, paint)
                | (written(pictures, said, paint)[:, None] & causal(pictures, said, paint))
            )
        ),
        wrong("exchanged", lambda pictures, said, paint: mask(pictures, said, not paint)),
        wrong("causal throughout", causal),
        wrong(
            "it could copy",
            lambda pictures, said, paint: (
                ~written(pictures, said, paint) | written(pictures, said, paint)[:, None]
            ),
        ),
        wrong(
            "the answer leaks",
            lambda pictures, said, paint: (
                ~written(pictures, said, paint) | causal(pictures, said, paint)
            ),
        ),
        wrong("a row is the one", lambda pictures, said, paint: mask(pictures, said, paint).T),
        wrong(
            "all see what is read",
            lambda pictures, said, paint: np.ones((pictures + said, pictures + said), bool),
        ),
    ],
    "untrained_nats": [
        wrong("it learns that", "a"),
        wrong("is no target", "c"),
    ],
}
