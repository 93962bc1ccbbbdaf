"""Checks of exercises 01: distances between distributions and between sets of images."""

import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from scipy.special import rel_entr

from genimg_lib.checks import matching
from genimg_lib.checks.core import array, checker, expect, short, value_checker
from genimg_lib.checks.matching import match


def _pair(found, names) -> list[np.ndarray]:
    """The two numbers of an answer."""
    expect(isinstance(found, (tuple, list)) and len(found) == 2, f"it should return two numbers: {', '.join(names)}.")
    return [array(part, name, ()) for part, name in zip(found, names, strict=True)]


@checker
def distances(answer):
    """Source: the enumerable world of lesson 01, section 9."""
    random = np.random.default_rng(0)
    for size in (4, 512, 7):
        truth, model = random.dirichlet(np.ones(size)), random.dirichlet(np.ones(size))
        truth[:2] = 0, truth[:2].sum()
        kl, variation = _pair(answer(truth, model), ("KL", "total variation"))
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
        expect(*match(kl, forward, f"KL(truth || model) is {forward:.4f} nats here; yours is {kl:.4f}.", tempting))
        tempting = {
            "total variation is half of that sum: it never exceeds 1.": 2 * right,
            "total variation takes absolute differences, not squared ones.": np.square(truth - model).sum() / 2,
            "the largest difference of ONE image; an event may hold many images.": np.abs(truth - model).max(),
        }
        message = f"total variation is {right:.4f} here; yours is {variation:.4f}."
        expect(*match(variation, right, message, tempting))
    yield "KL and total variation, where the truth has zeros"

    model[2:4] = 0
    with np.errstate(all="ignore"):
        kl, _ = _pair(answer(truth, model / model.sum()), ("KL", "total variation"))
    expect(kl == np.inf, f"the model gives 0 to images that occur: KL should be infinite, yours is {short(kl)}. No epsilon.")
    yield "infinite if the model excludes what occurs"

    both = [*_pair(answer(truth, truth), ("KL", "total variation"))]
    expect(*match(both, [0.0, 0.0], f"a distribution is at distance 0 from itself; yours are {short(both)}."))
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
        found = _pair(answer(generated, real, **keywords), ("precision", "recall"))
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
        expect(*match(found, right, message, tempting))
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
        expect(*match(value, right, message, tempting))
    yield "pairs of different images within, all pairs across, also when that is negative"


@value_checker
def read_the_panels(answers):
    """The numbers are made by tools/measure_exercise_panels.py."""
    for panel, ok, feedback in matching.PANELS.judge(answers):
        expect(ok, feedback)
        yield f"panel {panel}"


@checker
def preferred(answer):
    """Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.1.2."""
    random = np.random.default_rng(3)
    names, worlds = ("the winner by likelihood", "the winner by reverse KL"), []
    for number in range(12):
        size, count = 3 + number, 5 + number % 4
        truth, models = random.dirichlet(np.full(size, 0.3)), random.dirichlet(np.full(size, 0.4), size=count)
        models[0, np.argsort(truth)[: size // 2]] = 0  # leaves half of the images out
        models[0] /= models[0].sum()
        truth[np.argmin(truth)] *= number % 3 > 0
        truth /= truth.sum()
        with np.errstate(all="ignore"):
            found = _pair(answer(truth, models), names)
            log_likelihoods = np.where(truth > 0, truth * np.log(models), 0).sum(axis=1)
        forward, reverse = rel_entr(truth, models).sum(axis=1), rel_entr(models, truth).sum(axis=1)
        right = [log_likelihoods.argmax(), reverse.argmin()]
        padded = [rel_entr(*pair).sum(axis=1).argmin() for pair in ((truth + 1e-12, models + 1e-12), (models, truth + 1e-12))]
        worlds.append((found, right, padded, right[::-1], [forward.argmax(), reverse.argmax()], right[1:] * 2, right[:1] * 2))
    found, right, *wrong = (np.array(column) for column in zip(*worlds, strict=True))
    feedback = (
        "your epsilon decides: a model that excludes what occurs is infinitely far.",
        "the two are exchanged: which of them averages over the truth?",
        "the worst candidates win: a KL should be small.",
        "maximum likelihood is not KL(model || truth): both of your winners use that one.",
        "the reverse KL weighs images by the model: both of your winners weigh by the truth.",
    )
    missed = (found != right).sum()
    message = f"in 12 worlds with zeros {missed} of the 24 winners are wrong."
    expect(*match(found, right, message, dict(zip(feedback, wrong, strict=True))))
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
        expect(*match(value, right, f"it should be {right:.4f}; yours is {value:.4f}.", tempting, rtol=1e-4))
    yield "correlated features agree with a matrix root"

    few, others = random.normal(size=(2, 8)), random.normal(size=(5, 8)) + 1
    one, two = np.cov(few.T), np.cov(others.T)
    cross = np.linalg.norm((few - few.mean(axis=0)) @ (others - others.mean(axis=0)).T) / 2  # one of them has rank 1
    right = np.square(few.mean(axis=0) - others.mean(axis=0)).sum() + np.trace(one + two) - 2 * cross
    for first, second in ((few, others), (others, few)):
        with np.errstate(all="ignore"):
            value = array(answer(first, second), "the distance", ())
        message = f"2 and 5 images, 8 features: singular covariances should give {right:.3f}; yours is {short(value)}."
        expect(*match(value, right, message, atol=1e-3))
    yield "singular covariances"

    for first, second in ((few[:1], others), (others, few[:1])):
        refused = ""
        try:
            with np.errstate(all="ignore"):
                answer(first, second)
        except ValueError as error:
            refused = type(error).__name__
        expect(refused != "LinAlgError", "a single image crashes in the linear algebra (LinAlgError): say first what is wrong.")
        expect(refused, "a single image has no covariance: raise ValueError for fewer than two.")
    yield "fewer than two images are refused"


@value_checker
def how_many_images(answers):
    """FID(N) = limit + slope / N, through two measurements of lesson 01. Source: Chong and Forsyth, arXiv:1911.07023."""
    names = ("limit", "excess at 1,000", "thousands of images")
    known = isinstance(answers, dict) and set(answers) == set(names)
    expect(known, f"it should be a dictionary with the keys {', '.join(names)}.")
    slope = (12.35 - 8.20) / (1 / 400 - 1 / 1600)
    tempting = {
        "limit": {
            "the last measurement is not the limit: it holds slope / 1600.": 8.20,
            "that is a line in 1 / sqrt(N): the excess of FID falls like 1 / N.": 4.05,
            "that is a line in N: it would become negative at last.": 12.35 + 400 * 4.15 / 1200,
        },
        "excess at 1,000": {
            "that is FID at 1,000 images; the excess is what lies above the limit.": 8.20 - slope / 1600 + slope / 1000,
            "that is the slope; divide by the number of images.": slope,
        },
        "thousands of images": {
            "in thousands.": slope / 0.5,
            "that is where the excess is 1; you want half of that.": slope / 1000,
            "there the excess is 0.25.": slope / 250,
        },
    }
    rights = (8.20 - slope / 1600, slope / 1000, slope / 500)
    advice = ("two equations, two unknowns.", "slope / 1000, with the slope against 1 / N.", "where is slope / N = 0.5?")
    for name, right, words in zip(names, rights, advice, strict=True):
        value = array(answers[name], name, ())
        expect(*match(value, right, f"{name} = {short(value)} is off: {words}", tempting[name], rtol=0.04))
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
        expect(*match(value, right, message, tempting, rtol=1e-3, atol=0))
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
