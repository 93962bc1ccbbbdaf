"""Checks of exercises 10: distances between distributions and between sets of images."""

from functools import partial

import numpy as np
from scipy.special import rel_entr, xlogy

from genimg_lib.checks.core import Answer, Checker, array, checker, expect, short, value_checker
from genimg_lib.checks.judge import choices, match, pair, refusal, refuses, well_formed
from genimg_lib.checks.measuring import faults, questions


@checker
def distances(answer):
    """Source: the enumerable world of lesson 11, section 2."""
    random = np.random.default_rng(0)
    for size, zeros in ((5, 0), (4, 1), (512, 3), (7, 2)):
        truth, model = random.dirichlet(np.ones(size), size=2)
        if zeros:
            truth[:2] = 0, truth[:2].sum()
        if zeros == 3:
            model[:2] = 0, model[:2].sum()
        kl, variation = pair(answer(truth, model), "KL, total variation", ())
        expect(
            not np.isnan(kl),
            "an image with probability 0 in the truth gives NaN: 0 log 0 counts as 0.",
        )
        forward = rel_entr(truth, model).sum()
        right = np.abs(truth - model).sum() / 2
        seen = truth > 0
        tempting = {
            "this is KL(model || truth): the truth comes first.": rel_entr(model, truth).sum(),
            "the sign is wrong: KL is the mean of log(truth / model) under the truth.": -forward,
            "this is the cross-entropy: subtract the entropy of the truth.": -(
                truth[seen] * np.log(model[seen])
            ).sum(),
            "KL is in bits; nats need the natural logarithm.": forward / np.log(2),
            "averaged over the images: KL is a sum, weighted by the truth.": forward / size,
        }
        match(
            kl,
            forward,
            f"KL(truth || model) is {forward:.4f} nats here; yours is {kl:.4f}.",
            tempting,
        )
        tempting = {
            "total variation is half of that sum: it never exceeds 1.": 2 * right,
            "total variation takes absolute differences, not squared ones.": np.square(
                truth - model
            ).sum()
            / 2,
            "the largest difference of ONE image; an event may hold many images.": np.abs(
                truth - model
            ).max(),
        }
        message = f"total variation is {right:.4f} here; yours is {variation:.4f}."
        match(variation, right, message, tempting)
    yield "KL and total variation, also where the truth has zeros, or both"

    model[2] = 0
    with np.errstate(all="ignore"):
        kl, _ = pair(answer(truth, model / model.sum()), "KL, total variation", ())
    expect(
        kl == np.inf,
        f"the model gives 0 to images that occur: KL should be infinite, yours is {short(kl)}. No "
        "epsilon.",
    )
    yield "infinite if the model excludes what occurs"

    both = pair(answer(truth, truth), "KL, total variation", ())
    match(
        both,
        [0.0, 0.0],
        f"a distribution is at distance 0 from itself; yours are {short(np.array(both))}.",
    )
    yield "0 from itself"


@checker
def precision_recall(answer):
    """Source: Kynkaanniemi et al., arXiv:1904.06991, section 2."""
    random = np.random.default_rng(1)
    for neighbours, width, copies in ((3, 3, 1), (1, 5, 1), (2, 1, 1), (1, 2, 2)):
        # whole numbers: many distances are equal
        generated = np.round(4 * random.normal(size=(70, width))) + 5
        real = np.round(6 * random.normal(size=(45, width)))
        generated, real = (np.repeat(one, copies, axis=0) for one in (generated, real))
        keywords = {} if neighbours == 3 else {"neighbours": neighbours}
        found = pair(answer(generated, real, **keywords), "precision, recall", ())
        right, tempting = faults.precision_recall(generated, real, neighbours)
        message = (
            f"with {neighbours} neighbours it should be {short(np.array(right))}; yours is "
            f"{short(np.array(found))}. "
            "Whose balls are they, how wide is each, and which points are counted?"
        )
        match(found, right, message, tempting)
        yield f"{neighbours} neighbours, {width} features" + (
            ", every image twice" if copies > 1 else ""
        )


@checker
def kernel_distance(answer):
    """Source: Binkowski et al., arXiv:1801.01401, section 4; Gretton et al. (2012), lemma 6."""
    random = np.random.default_rng(2)
    for first_count, second_count, width, shift in (
        (9, 6, 4, 1.0),
        (30, 41, 3, 0.0),
        (12, 12, 5, 0.0),
        (2, 5, 2, 0.5),
    ):
        first = random.normal(size=(first_count, width))
        second = random.normal(size=(second_count, width)) + shift
        value = array(answer(first, second), "the distance", ())
        parts = [
            (one @ two.T / width + 1) ** 3
            for one, two in ((first, first), (second, second), (first, second))
        ]
        counts = (first_count, second_count)
        cross = parts[2].mean()
        smaller = min(first_count, second_count)
        sums = [part.sum() - np.trace(part) for part in parts[:2]]
        within = [total / (count * (count - 1)) for total, count in zip(sums, counts, strict=True)]
        right = sum(within) - 2 * cross
        tempting = {
            "still the diagonal: an image is compared with itself, and a set looks more at home "
            "in itself than it is.": (parts[0].mean() + parts[1].mean() - 2 * cross),
            "the diagonal is gone from the sum and still counted: N (N - 1) pairs are left, not "
            "N^2.": (sums[0] / first_count**2 + sums[1] / second_count**2 - 2 * cross),
            "the diagonal is still in the sum; only the count leaves it out.": (
                sum(
                    part.sum() / (count * (count - 1))
                    for part, count in zip(parts[:2], counts, strict=True)
                )
                - 2 * cross
            ),
            "half of the pairs are summed, and all are counted.": sum(within) / 2 - 2 * cross,
            "the cross term was right: its diagonal holds different images, too.": (
                sum(within) - 2 * (parts[2].sum() - np.trace(parts[2])) / (parts[2].size - smaller)
            ),
            "only the first set is mended.": within[0] + parts[1].mean() - 2 * cross,
            "only the second set is mended.": parts[0].mean() + within[1] - 2 * cross,
            "the cross term counts twice.": sum(within) - cross,
            "negative values are cut off: then the mean over many "
            "measurements is too large again.": max(right, 0.0),
            "this is the root; KID is the squared distance.": np.sqrt(max(right, 0.0)),
            "negative values are made positive: then the mean over many measurements is too large "
            "again.": abs(right),
            "the sign is turned round: a positive distance is a large one.": -right,
        }
        message = (
            f"{first_count} and {second_count} images: it should be {right:.4f}; yours is "
            f"{value:.4f}. Which pairs are counted?"
        )
        match(value, right, message, tempting)
    yield "pairs of different images within, all pairs across, also when that is negative"


@value_checker(tries=2)
def read_the_panels(answers):
    """The numbers are made by tools/draw_exercises.py measuring."""
    yield from choices(answers, questions.PANELS)


@partial(Checker, calls=False, seconds=10.0)  # a function is judged as well: trying is free
def preferred(predicted, answer):
    """Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.1.2."""
    yield from choices(predicted, questions.WINNERS)

    expect(
        callable(answer),
        f"preferred should be a function, but is {short(answer)} ({type(answer).__name__}).",
    )
    answer = Answer(answer, 15.0)
    random = np.random.default_rng(3)
    worlds = []
    for number in range(12):
        size = 3 + number
        count = 5 + number % 4
        truth = random.dirichlet(np.full(size, 0.3))
        models = random.dirichlet(np.full(size, 0.4), size=count)
        models[0, np.argsort(truth)[: size // 2]] = 0  # leaves half of the images out
        models[0] /= models[0].sum()
        truth[np.argmin(truth)] *= number % 3 > 0
        truth /= truth.sum()
        models = models[random.permutation(count)]
        with np.errstate(all="ignore"):
            found = pair(
                answer(truth, models), "the winner by likelihood, the winner by reverse KL", ()
            )
            plain = (
                (truth * np.log(truth / models)).sum(axis=1),
                (models * np.log(models / truth)).sum(axis=1),
            )
            surprise = -xlogy(models, truth).sum(axis=1)
        forward = rel_entr(truth, models).sum(axis=1)
        reverse = rel_entr(models, truth).sum(axis=1)
        right = [forward.argmin(), reverse.argmin()]
        padded = [
            rel_entr(*both).sum(axis=1).argmin()
            for both in ((truth + 1e-12, models + 1e-12), (models, truth + 1e-12))
        ]
        shared = (truth > 0) & (models > 0)
        skipped = [
            rel_entr(*both).sum(axis=1, where=shared).argmin()
            for both in ((truth, models), (models, truth))
        ]
        wrong = {
            "your epsilon decides: a model that excludes what occurs is infinitely far.": padded,
            "NaN decides: 0 log 0 counts as 0.": [divergence.argmin() for divergence in plain],
            "images that one side excludes are skipped: where only the other has some, the "
            "divergence is infinite.": skipped,
            "the two are exchanged: which of them averages over the truth?": right[::-1],
            "the worst candidates win: a KL should be small.": [forward.argmax(), reverse.argmax()],
            "maximum likelihood is not KL(model || truth): both "
            "of your winners use that one.": right[1:] * 2,
            "the reverse KL weighs images by the model: both of "
            "your winners weigh by the truth.": right[:1] * 2,
            "the mean surprise of the truth is not yet KL(model || truth): the entropies of the "
            "candidates differ.": [
                right[0],
                surprise.argmin(),
            ],
            "the first candidate has index 0.": [index + 1 for index in right],
        }
        worlds.append((found, right, *wrong.values()))
    found, right, *others = (np.array(column) for column in zip(*worlds, strict=True))
    missed = (found != right).sum(axis=0)
    message = (
        f"12 worlds with zeros: by likelihood {missed[0]} winners are wrong, by reverse KL "
        f"{missed[1]}."
    )
    match(found, right, message, dict(zip(wrong, others, strict=True)))
    yield "maximum likelihood and the reverse KL, in twelve worlds with zeros"


@checker
def frechet_distance(answer):
    """Source: Heusel et al., arXiv:1706.08500, equation 6."""
    random = np.random.default_rng(4)
    for counts, width in (((40, 25), 3), ((60, 80), 5)):
        first = random.normal(size=(counts[0], width)) @ random.normal(size=(width, width))
        second = random.normal(size=(counts[1], width)) @ random.normal(size=(width, width)) + 2
        value = array(answer(first, second), "the distance", ())
        right, tempting = faults.frechet(first, second)
        expect(
            not np.isnan(value),
            "NaN: the root of a matrix is not the root of its entries, which may be negative.",
        )
        match(value, right, f"it should be {right:.4f}; yours is {value:.4f}.", tempting, rtol=1e-4)
    yield "correlated features agree with a matrix root"

    few = random.normal(size=(2, 8))
    others = random.normal(size=(5, 8)) + 1
    one = np.cov(few.T)
    two = np.cov(others.T)
    # one of them has rank 1
    cross = np.linalg.norm((few - few.mean(axis=0)) @ (others - others.mean(axis=0)).T) / 2
    right = (
        np.square(few.mean(axis=0) - others.mean(axis=0)).sum() + np.trace(one + two) - 2 * cross
    )
    for first, second in ((few, others), (others, few)):
        with np.errstate(all="ignore"):
            error = refusal(answer, first, second)
            expect(
                error is None,
                f"2 and 5 images, 8 features raise {type(error).__name__}; singular covariances "
                "have a distance, too.",
            )
            value = array(answer(first, second), "the distance", ())
        message = (
            f"2 and 5 images, 8 features: singular covariances should give {right:.3f}; "
            f"yours is {short(value)}."
        )
        match(value, right, message, atol=1e-3)
    yield "singular covariances"

    for first, second in ((few[:1], others), (others, few[:1])):
        with np.errstate(all="ignore"):
            error = refusal(answer, first, second)
        crashed = (
            f"a single image crashes with {type(error).__name__}: say first what is wrong, with a "
            "ValueError."
        )
        expect(error is None or refuses(error), crashed)
        expect(
            error is not None,
            "a single image has no covariance: raise ValueError for fewer than two.",
        )
    yield "fewer than two images are refused"


@value_checker
def how_many_images(answers):
    """FID(N) = limit + slope / N, through two measurements. Source: Chong and Forsyth,
    arXiv:1911.07023.
    """
    expected = isinstance(answers, dict) and set(answers) == set(questions.ESTIMATES)
    well_formed(
        expected, f"it should be a dictionary with the keys {', '.join(questions.ESTIMATES)}."
    )
    for name, (right, advice, tempting) in questions.ESTIMATES.items():
        value = array(answers[name], name, ())
        match(value, right, f"{name}: {short(value)} is off. {advice}", tempting, rtol=0.04)
        yield name


@checker
def expected_floor(answer):
    """Source: derived here, to first order in 1 / N; on the bias: Chong and Forsyth,
    arXiv:1911.07023.
    """
    random = np.random.default_rng(5)
    for size, count in ((4, 9_000), (7, 20_000), (1, 5_000)):
        variances = random.uniform(0.2, 5, size=size)
        value = array(answer(variances, count), "the floor", ())
        total = variances.sum()
        pairs = (1 / (1 / variances[:, None] + 1 / variances)).sum()
        right = (2.5 * total + pairs) / count
        tempting = {
            "the noise of the means is missing: there are two of them.": right - 2 * total / count,
            "the noise of the covariances is missing.": 2 * total / count,
            "only one set is noisy; both are samples.": right / 2,
            "short by tr / N: two means cost 2 tr / N, and the diagonals of the covariances cost "
            "tr / N.": right - total / count,
            "only the diagonals are noisy here: covariances between features are, too.": 3
            * total
            / count,
            "a variance is twice as noisy as a covariance: 2 v^2 / N.": right - total / 2 / count,
            "features i and j are a pair twice, as (i, j) and as (j, i).": right
            - (pairs - total / 2) / 2 / count,
            "it falls like 1 / N, not like the root of that.": right * np.sqrt(count),
            "it falls like 1 / N, not like 1 / N^2.": right / count,
            "all variances are taken for equal.": total * (size + 5) / 2 / count,
        }
        message = (
            f"variances {short(variances)}, N = {count}: it should be {right:.6f}; yours is "
            f"{value:.6f}."
        )
        match(value, right, message, tempting, rtol=1e-3, atol=0)
    yield "means and covariances of both sets, to first order in 1 / N"

    variances = np.array([4.0, 1.0, 0.25])
    count = 200
    samples = random.normal(size=(2, 1500, count, 3)) * np.sqrt(variances)
    means = np.square(samples[0].mean(axis=1) - samples[1].mean(axis=1)).sum(axis=1)
    centred = samples - samples.mean(axis=2, keepdims=True)
    one, two = np.einsum("srni,srnj->srij", centred, centred) / (count - 1)
    cross = np.sqrt(np.maximum(np.linalg.eigvals(one @ two).real, 0)).sum(axis=1)
    measured = (means + np.trace(one + two, axis1=1, axis2=2) - 2 * cross).mean()
    value = array(answer(variances, count), "the floor", ())
    expect(
        abs(value / measured - 1) < 0.08,
        f"1,500 simulated measurements have mean {measured:.4f}; yours is {value:.4f}.",
    )
    yield "1,500 simulated measurements agree"
