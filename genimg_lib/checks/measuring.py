"""Checks of exercises 01: distances between distributions and between sets of images."""

import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from scipy.special import rel_entr

from genimg_lib.checks import measuring_readings as readings
from genimg_lib.checks.core import Answer, array, checker, expect, short, value_checker
from genimg_lib.checks.judge import choices, match, pair, refusal


@checker
def distances(answer):
    """Source: the enumerable world of lesson 01, section 9."""
    random = np.random.default_rng(0)
    for size in (4, 512, 7):
        truth, model = random.dirichlet(np.ones(size)), random.dirichlet(np.ones(size))
        truth[:2] = 0, truth[:2].sum()
        kl, variation = pair(answer(truth, model), "KL, total variation", ())
        expect(not np.isnan(kl), "an image with probability 0 in the truth gives NaN: 0 log 0 counts as 0.")
        forward, right = rel_entr(truth, model).sum(), np.abs(truth - model).sum() / 2
        seen = truth > 0
        tempting = {
            "this is KL(model || truth): the truth comes first.": rel_entr(model, truth).sum(),
            "the sign is wrong: KL is the mean of log(truth / model) under the truth.": -forward,
            "this is the cross-entropy: subtract the entropy of the truth.": -(truth[seen] * np.log(model[seen])).sum(),
            "KL is in bits; nats need the natural logarithm.": forward / np.log(2),
            "averaged over the images: KL is a sum, weighted by the truth.": forward / size,
        }
        match(kl, forward, f"KL(truth || model) is {forward:.4f} nats here; yours is {kl:.4f}.", tempting)
        tempting = {
            "total variation is half of that sum: it never exceeds 1.": 2 * right,
            "total variation takes absolute differences, not squared ones.": np.square(truth - model).sum() / 2,
            "the largest difference of ONE image; an event may hold many images.": np.abs(truth - model).max(),
        }
        message = f"total variation is {right:.4f} here; yours is {variation:.4f}."
        match(variation, right, message, tempting)
    yield "KL and total variation, where the truth has zeros"

    model[2:4] = 0
    with np.errstate(all="ignore"):
        kl, _ = pair(answer(truth, model / model.sum()), "KL, total variation", ())
    expect(kl == np.inf, f"the model gives 0 to images that occur: KL should be infinite, yours is {short(kl)}. No epsilon.")
    yield "infinite if the model excludes what occurs"

    both = pair(answer(truth, truth), "KL, total variation", ())
    match(both, [0.0, 0.0], f"a distribution is at distance 0 from itself; yours are {short(both)}.")
    yield "0 from itself"


def _inside(points, manifold, index):
    radii = np.sort(cdist(manifold, manifold), axis=1)[:, index]
    return (cdist(points, manifold) <= radii).any(axis=1).mean()


@checker
def precision_recall(answer):
    """Source: Kynkaanniemi et al., arXiv:1904.06991, section 2."""
    random = np.random.default_rng(1)
    for neighbours, width in ((3, 3), (1, 5), (2, 1)):
        generated = np.round(4 * random.normal(size=(70, width))) + 5  # whole numbers: many distances are equal, some are 0
        real = np.round(6 * random.normal(size=(45, width)))
        keywords = {} if neighbours == 3 else {"neighbours": neighbours}
        found = pair(answer(generated, real, **keywords), "precision, recall", ())
        between = cdist(generated, real)
        radii, own = (np.sort(cdist(one, one), axis=1)[:, neighbours] for one in (real, generated))

        def shares(index, generated=generated, real=real):
            return [_inside(generated, real, index), _inside(real, generated, index)]

        right = shares(neighbours)
        tempting = {
            "precision and recall are exchanged: precision asks about generated images.": right[::-1],
            "balls one neighbour too small: a point is its own nearest neighbour, at distance 0.": shares(neighbours - 1),
            "balls one neighbour too large: index 0 of the sorted distances is the point itself.": shares(neighbours + 1),
            "`neighbours` is ignored: always 3.": shares(3),
            "a point on the rim of a ball counts as inside: use <=.": (
                [(between < radii).any(axis=1).mean(), (between < own[:, None]).any(axis=0).mean()]
            ),
            "you count balls that hold a point; count points that lie in a ball.": (
                [(between <= radii).any(axis=0).mean(), (between <= own[:, None]).any(axis=1).mean()]
            ),
            "both come from the balls of the real images; recall needs those of the generated ones.": (
                [(between <= radii).any(axis=1).mean(), (between <= radii).any(axis=0).mean()]
            ),
            "every ball has the mean radius; each should reach to its own neighbour.": (
                [(between <= radii.mean()).any(axis=1).mean(), (between <= own.mean()).any(axis=0).mean()]
            ),
        }
        message = f"with {neighbours} neighbours it should be {short(np.array(right))}; yours is {short(np.array(found))}."
        match(found, right, message, tempting)
        yield f"{neighbours} neighbours, {width} features"


@checker
def kernel_distance(answer):
    """Source: Binkowski et al., arXiv:1801.01401, section 4; Gretton et al. (2012), lemma 6."""
    random = np.random.default_rng(2)
    for first_count, second_count, width, shift in ((9, 6, 4, 1.0), (30, 41, 3, 0.0), (12, 12, 5, 0.0), (2, 5, 2, 0.5)):
        first, second = random.normal(size=(first_count, width)), random.normal(size=(second_count, width)) + shift
        value = array(answer(first, second), "the distance", ())
        parts = [(one @ two.T / width + 1) ** 3 for one, two in ((first, first), (second, second), (first, second))]
        counts, cross = (first_count, second_count), parts[2].mean()
        sums = [part.sum() - np.trace(part) for part in parts[:2]]
        within = [total / (count * (count - 1)) for total, count in zip(sums, counts, strict=True)]
        right = sum(within) - 2 * cross
        tempting = {
            "still the diagonal: an image is compared with itself, and a set looks more at home in itself than it is.": (
                parts[0].mean() + parts[1].mean() - 2 * cross
            ),
            "the diagonal is gone from the sum and still counted: N (N - 1) pairs are left, not N^2.": (
                sums[0] / first_count**2 + sums[1] / second_count**2 - 2 * cross
            ),
            "only the first set is mended.": within[0] + parts[1].mean() - 2 * cross,
            "only the second set is mended.": parts[0].mean() + within[1] - 2 * cross,
            "the cross term counts twice.": sum(within) - cross,
            "negative values are cut off: then the mean over many measurements is too large again.": max(right, 0.0),
            "this is the root; KID is the squared distance.": np.sqrt(max(right, 0.0)),
            "the sign is turned round: a positive distance is a large one.": -right,
        }
        message = f"it should be {right:.4f}; yours is {value:.4f}."
        match(value, right, message, tempting)
    yield "pairs of different images within, all pairs across, also when that is negative"


@value_checker
def read_the_panels(answers):
    """The numbers are made by tools/measure_exercise_panels.py."""
    yield from choices(answers, readings.PANELS)


@value_checker
def preferred(predicted, answer):
    """Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.1.2."""
    yield from choices(predicted, readings.WINNERS)

    expect(callable(answer), f"preferred should be a function, but is {short(answer)} ({type(answer).__name__}).")
    answer, random, worlds = Answer(answer, 15.0), np.random.default_rng(3), []
    for number in range(12):
        size, count = 3 + number, 5 + number % 4
        truth, models = random.dirichlet(np.full(size, 0.3)), random.dirichlet(np.full(size, 0.4), size=count)
        models[0, np.argsort(truth)[: size // 2]] = 0  # leaves half of the images out
        models[0] /= models[0].sum()
        truth[np.argmin(truth)] *= number % 3 > 0
        truth /= truth.sum()
        models = models[random.permutation(count)]
        with np.errstate(all="ignore"):
            found = pair(answer(truth, models), "the winner by likelihood, the winner by reverse KL", ())
            plain = (truth * np.log(truth / models)).sum(axis=1), (models * np.log(models / truth)).sum(axis=1)
        forward, reverse = rel_entr(truth, models).sum(axis=1), rel_entr(models, truth).sum(axis=1)
        right = [forward.argmin(), reverse.argmin()]
        padded = [rel_entr(*both).sum(axis=1).argmin() for both in ((truth + 1e-12, models + 1e-12), (models, truth + 1e-12))]
        shared = (truth > 0) & (models > 0)
        skipped = [rel_entr(*both).sum(axis=1, where=shared).argmin() for both in ((truth, models), (models, truth))]
        wrong = {
            "your epsilon decides: a model that excludes what occurs is infinitely far.": padded,
            "NaN decides: 0 log 0 counts as 0.": [divergence.argmin() for divergence in plain],
            "images that one side excludes are skipped: where only the other has some, the divergence is infinite.": skipped,
            "the two are exchanged: which of them averages over the truth?": right[::-1],
            "the worst candidates win: a KL should be small.": [forward.argmax(), reverse.argmax()],
            "maximum likelihood is not KL(model || truth): both of your winners use that one.": right[1:] * 2,
            "the reverse KL weighs images by the model: both of your winners weigh by the truth.": right[:1] * 2,
            "the first candidate has index 0.": [index + 1 for index in right],
        }
        worlds.append((found, right, *wrong.values()))
    found, right, *others = (np.array(column) for column in zip(*worlds, strict=True))
    message = f"in 12 worlds with zeros {(found != right).sum()} of the 24 winners are wrong."
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
        means = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
        one, two = np.cov(first.T), np.cov(second.T)
        traces, cross = np.trace(one + two), np.trace(sqrtm(one @ two).real)
        right = means + traces - 2 * cross
        one_biased, two_biased = (covariance * (n - 1) / n for covariance, n in zip((one, two), counts, strict=True))
        biased = means + np.trace(one_biased + two_biased) - 2 * np.trace(sqrtm(one_biased @ two_biased).real)
        product, spreads = one @ two, [np.sqrt(np.diag(covariance)) for covariance in (one, two)]
        tempting = {
            "the distance of the means should be squared.": np.sqrt(means) + traces - 2 * cross,
            "the means are left out.": traces - 2 * cross,
            "the covariances are left out.": means,
            "the cross term counts twice: -2 tr (AB)^(1/2).": means + traces - cross,
            "an elementwise root: take the root of the matrix.": means + traces - 2 * np.sqrt(np.abs(np.diag(product))).sum(),
            "tr (AB)^(1/2) is not the root of tr (AB).": means + traces - 2 * np.sqrt(np.trace(product)),
            "only the variances are used: features are correlated.": means + np.square(spreads[0] - spreads[1]).sum(),
            "this is the root; FID is the squared distance.": np.sqrt(right),
            "covariances are divided by N; here they should be divided by N - 1.": biased,
        }
        match(value, right, f"it should be {right:.4f}; yours is {value:.4f}.", tempting, rtol=1e-4)
    yield "correlated features agree with a matrix root"

    few, others = random.normal(size=(2, 8)), random.normal(size=(5, 8)) + 1
    one, two = np.cov(few.T), np.cov(others.T)
    cross = np.linalg.norm((few - few.mean(axis=0)) @ (others - others.mean(axis=0)).T) / 2  # one of them has rank 1
    right = np.square(few.mean(axis=0) - others.mean(axis=0)).sum() + np.trace(one + two) - 2 * cross
    for first, second in ((few, others), (others, few)):
        with np.errstate(all="ignore"):
            value = array(answer(first, second), "the distance", ())
        message = f"2 and 5 images, 8 features: singular covariances should give {right:.3f}; yours is {short(value)}."
        match(value, right, message, atol=1e-3)
    yield "singular covariances"

    for first, second in ((few[:1], others), (others, few[:1])):
        with np.errstate(all="ignore"):
            error = refusal(answer, first, second)
        crashed = f"a single image crashes with {error}: say first what is wrong, with a ValueError."
        expect(error in ("ValueError", ""), crashed)
        expect(error, "a single image has no covariance: raise ValueError for fewer than two.")
    yield "fewer than two images are refused"


@value_checker
def how_many_images(answers):
    """FID(N) = limit + slope / N, through two measurements of lesson 01. Source: Chong and Forsyth, arXiv:1911.07023."""
    expected = isinstance(answers, dict) and set(answers) == set(readings.ESTIMATES)
    expect(expected, f"it should be a dictionary with the keys {', '.join(readings.ESTIMATES)}.")
    for name, (right, advice, tempting) in readings.ESTIMATES.items():
        value = array(answers[name], name, ())
        expect(not isinstance(answers[name], str), f"{name}: write the number without quotation marks.")
        match(value, right, f"{name}: {short(value)} is off. {advice}", tempting, rtol=0.04)
        yield name


@checker
def expected_floor(answer):
    """Source: derived here, to first order in 1 / N; on the bias: Chong and Forsyth, arXiv:1911.07023."""
    random = np.random.default_rng(5)
    for size, count in ((4, 9_000), (7, 20_000), (1, 5_000)):
        variances = random.uniform(0.2, 5, size=size)
        value = array(answer(variances, count), "the floor", ())
        total, pairs = variances.sum(), (1 / (1 / variances[:, None] + 1 / variances)).sum()
        right = (2.5 * total + pairs) / count
        tempting = {
            "the noise of the means is missing: there are two of them.": right - 2 * total / count,
            "the noise of the covariances is missing.": 2 * total / count,
            "only one set is noisy; both are samples.": right / 2,
            "both means are noisy: 2 tr / N, not tr / N.": right - total / count,
            "only the diagonals are noisy here: covariances between features are, too.": 3 * total / count,
            "a variance is twice as noisy as a covariance: 2 v^2 / N.": right - total / 2 / count,
            "it falls like 1 / N, not like the root of that.": right * np.sqrt(count),
            "it falls like 1 / N, not like 1 / N^2.": right / count,
            "all variances are taken for equal.": total * (size + 5) / 2 / count,
        }
        message = f"variances {short(variances)}, N = {count}: it should be {right:.6f}; yours is {value:.6f}."
        match(value, right, message, tempting, rtol=1e-3, atol=0)
    yield "means and covariances of both sets, to first order in 1 / N"

    variances, count = np.array([4.0, 1.0, 0.25]), 200
    samples = random.normal(size=(2, 1500, count, 3)) * np.sqrt(variances)
    means = np.square(samples[0].mean(axis=1) - samples[1].mean(axis=1)).sum(axis=1)
    centred = samples - samples.mean(axis=2, keepdims=True)
    one, two = np.einsum("srni,srnj->srij", centred, centred) / (count - 1)
    cross = np.sqrt(np.maximum(np.linalg.eigvals(one @ two).real, 0)).sum(axis=1)
    measured = (means + np.trace(one + two, axis1=1, axis2=2) - 2 * cross).mean()
    value = array(answer(variances, count), "the floor", ())
    expect(abs(value / measured - 1) < 0.08, f"1,500 simulated measurements have mean {measured:.4f}; yours is {value:.4f}.")
    yield "1,500 simulated measurements agree"
