from answers.lessons import right, wrong


def warm(decay, step):
    return min(decay, (1 + step) / (10 + step))


def mixed(share, average, live):
    return share * average + (1 - share) * live


ALL = ["average", "moments", "step", "random"]

GIVEN = {
    "averaged": [
        right(lambda a, w, d, t: w + warm(d, t) * (a - w)),
        right(lambda a, w, d, t: [mixed(warm(d, t), *pair) for pair in zip(a, w, strict=True)]),
        wrong("exchanged", lambda a, w, d, t: mixed(1 - warm(d, t), a, w)),
        wrong("the *smaller*", lambda a, w, d, t: mixed(max(d, (1 + t) / (10 + t)), a, w)),
        wrong("keeps 0.9 of the old", lambda a, w, d, t: (a + w) / 2),
        wrong("no warm-up", lambda a, w, d, t: mixed(d, a, w)),
        wrong("which is 0.25", lambda a, w, d, t: mixed(min(d, t / (10 + t)), a, w)),
    ],
    "faulty_averages": [
        wrong("never saw a batch", "a"),
        wrong("Compute it", "b"),
        wrong("compute what is left", "d"),
    ],
    "what_to_augment": [
        wrong("shifted digits are the data", "a"),
        wrong("G must learn to shift", "b"),
        wrong("never learned", "d"),
    ],
    "three_rows": [
        right({"row 1": "frozen", "row 2": "Strong", "row 3": "free "}),
        wrong("leaves both losses at 0", {"row 1": "strong", "row 2": "frozen", "row 3": "free"}),
        wrong("is overtaken", {"row 1": "frozen", "row 2": "frozen", "row 3": "free"}),
        wrong("holds the level", {"row 1": "free", "row 2": "strong", "row 3": "frozen"}),
        wrong("with the keys", {"row 1": "frozen"}),
    ],
    "must_be_saved": [
        right(ALL[::-1]),
        wrong("some of the five", "average"),
        wrong("reads the logged losses", [*ALL, "history"]),
        *(wrong(f"{name} is missing", [other for other in ALL if other != name]) for name in ALL),
    ],
}
