import numpy as np
from answers import right, wrong
from scipy.special import rel_entr, xlogy

MANY = True
PREDICTED = {
    "largest likelihood": "each pixel for itself",
    "smallest KL(model || truth)": "centre always on",
}


def forward(truth, models):
    return rel_entr(truth, models).sum(axis=1)


def reverse(truth, models):
    return rel_entr(models, truth).sum(axis=1)


def by_likelihood(truth, models):
    with np.errstate(divide="ignore"):
        return xlogy(truth, models).sum(axis=1).argmax(), reverse(truth, models).argmin()


def in_lists(truth, models):
    likelihoods, reverses = [], []
    for model in models:
        pairs = [(t, m) for t, m in zip(truth, model, strict=True) if t or m]
        likelihoods.append(sum((t * np.log(m) if m else -np.inf) for t, m in pairs if t))
        reverses.append(sum((m * np.log(m / t) if t else np.inf) for t, m in pairs if m))
    return [
        max(range(len(models)), key=likelihoods.__getitem__),
        min(range(len(models)), key=reverses.__getitem__),
    ]


def nan_sums(truth, models):
    with np.errstate(all="ignore"):
        sums = [
            np.nansum(terms, axis=1)
            for terms in (truth * np.log(truth / models), models * np.log(models / truth))
        ]
    return np.argmin(sums, axis=1)


def broadcast(truth, models):
    return int(forward(truth, models).argmin()), int(reverse(truth, models).argmin())


right("by likelihood", (PREDICTED, by_likelihood))
right("in lists", (PREDICTED, in_lists))
right("sums that drop NaN", (PREDICTED, nan_sums))
right("broadcast", ({key: choice.title() for key, choice in PREDICTED.items()}, broadcast))


def kl_with_epsilon(one, two):
    return (one * np.log((one + 1e-12) / (two + 1e-12))).sum(axis=-1)


def plain(one, two):
    with np.errstate(all="ignore"):
        return (one * np.log(one / two)).sum(axis=-1).argmin()


def where_both(one, two):
    return (
        rel_entr(one, two, where=(one > 0) & (two > 0), out=np.zeros(np.broadcast(one, two).shape))
        .sum(axis=-1)
        .argmin()
    )


WRONG = {
    "return two things as a tuple: (the winner by likelihood": lambda truth, models: forward(
        truth, models
    ).argmin(),
    "the two are exchanged": lambda truth, models: broadcast(truth, models)[::-1],
    "the worst candidates win": lambda truth, models: (
        forward(truth, models).argmax(),
        reverse(truth, models).argmax(),
    ),
    "maximum likelihood is not KL(model || truth)": lambda truth, models: (
        [reverse(truth, models).argmin()] * 2
    ),
    "the reverse KL weighs images by the model": lambda truth, models: (
        [forward(truth, models).argmin()] * 2
    ),
    "your epsilon decides": lambda truth, models: (
        kl_with_epsilon(truth, models).argmin(),
        kl_with_epsilon(models, truth).argmin(),
    ),
    "NaN decides": lambda truth, models: (plain(truth, models), plain(models, truth)),
    "that one side excludes are skipped": lambda truth, models: (
        where_both(truth, models),
        where_both(models, truth),
    ),
    "the first candidate has index 0": lambda truth, models: np.add(broadcast(truth, models), 1),
    "the mean surprise of the truth": lambda truth, models: (
        forward(truth, models).argmin(),
        (-xlogy(models, truth).sum(axis=1)).argmin(),
    ),
    "12 worlds with zeros": lambda truth, models: (0, len(models) - 1),
    "the winner by likelihood has shape": lambda truth, models: (
        forward(truth, models),
        reverse(truth, models),
    ),
}
for fragment, answer in WRONG.items():
    wrong(fragment, fragment, (PREDICTED, answer))

wrong("preferred should be a function", "a result", (PREDICTED, (0, 1)))
for key, choice, fragment in (
    ("largest likelihood", "centre always on", "half of the strokes have no ink in the centre"),
    (
        "largest likelihood",
        "all images equally",
        "1/512 for each is a model of separate pixels, too",
    ),
    (
        "smallest KL(model || truth)",
        "each pixel for itself",
        "most of what separate pixels draw is no stroke",
    ),
    (
        "smallest KL(model || truth)",
        "all images equally",
        "of 512 equally likely images 8 are strokes",
    ),
):
    wrong(fragment, fragment, (PREDICTED | {key: choice}, broadcast))
wrong(
    "is not among the choices",
    "in other words",
    (PREDICTED | {"largest likelihood": "uniform"}, broadcast),
)
wrong(
    "a dictionary with the keys largest likelihood", "a list", (list(PREDICTED.values()), broadcast)
)
