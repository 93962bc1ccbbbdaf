from answers.lessons import right, wrong


def knows_both(pair, training):
    things, colours = zip(*training, strict=True)
    return pair[0] in things and pair[1] in colours and pair not in training


def with_sets(pair, training):
    known = [set(each) for each in zip(*training, strict=True)]
    return pair not in set(training) and all(a in b for a, b in zip(pair, known, strict=True))


GIVEN = {
    "is_new_pair": [
        right(knows_both),
        right(with_sets),
        wrong("would test memory", lambda pair, training: True),
        wrong("a thing that no training", lambda pair, training: pair not in training),
        wrong(
            "a colour that no training",
            lambda pair, training: pair not in training and pair[0] in [t for t, _ in training],
        ),
        wrong("is fair: both", lambda pair, training: False),
        wrong("True or False", lambda pair, training: "yes"),
    ],
    "unknown_words": [
        right("b"),
        wrong("against a grammar", "a"),
        wrong("character by character", "c"),
        wrong("is no error here", "d"),
    ],
    "move": [
        right(lambda z, x, t, s: z + (s - t) * (x - z) / (1 - t)),
        right(lambda z, x, t, s: s * x + (1 - s) * (z - t * x) / (1 - t)),
        wrong("at once", lambda z, x, t, s: x),
        wrong("divide by 1 - time", lambda z, x, t, s: z + (s - t) * (x - z)),
        wrong("after the step", lambda z, x, t, s: z + (s - t) * (x - z) / max(1 - s, 1e-9)),
        wrong("goes away", lambda z, x, t, s: z - (s - t) * (x - z) / (1 - t)),
        wrong("times the velocity", lambda z, x, t, s: z),
    ],
    "understood": [
        right("a"),
        wrong("what it looks like", "b"),
        wrong("from parts", "c"),
    ],
    "between": [
        right(lambda score, floor, ceiling: (score - floor) / (ceiling - floor)),
        right(lambda score, floor, ceiling: 1 - (ceiling - score) / (ceiling - floor)),
        wrong("not taken off", lambda score, floor, ceiling: score / ceiling),
        wrong("and not off the ceiling", lambda score, floor, ceiling: (score - floor) / ceiling),
        wrong("is a difference", lambda score, floor, ceiling: score - floor),
        wrong("must become 0", lambda score, floor, ceiling: score),
    ],
}
