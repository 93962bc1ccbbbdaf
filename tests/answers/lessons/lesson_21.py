import numpy as np
from scipy.special import logsumexp

from answers.lessons import right, wrong


def rows(q, aggregate):
    return (q * np.log(q / aggregate)).sum(axis=1)


GIVEN = {
    "other_latents": [
        wrong("trained at the latents", "a"),
        wrong("likely at once", "b"),
    ],
    "information": [
        right(lambda p, q: p @ (q * np.log(q)).sum(axis=1) - (p @ q) @ np.log(p @ q)),
        wrong("one number", lambda p, q: rows(q, p @ q)),
        wrong("equally likely", lambda p, q: rows(q, q.mean(axis=0)).mean()),
        wrong("weights the rows", lambda p, q: p @ rows(q, q.mean(axis=0))),
        wrong("entropy of the aggregate", lambda p, q: -(p @ q) @ np.log(p @ q)),
        wrong("in bits", lambda p, q: p @ rows(q, p @ q) / np.log(2)),
        wrong("for each image", lambda p, q: p @ q.sum(axis=1)),
        wrong("z says nothing", lambda p, q: max(p @ rows(q, p @ q), 0.01)),
    ],
    "least_mismatch": [
        right(lambda mean_kl, count: np.maximum(mean_kl - np.log(count), 0)),
        wrong("log 2 is missing", lambda mean_kl, count: mean_kl - np.log2(count)),
        wrong("base 10", lambda mean_kl, count: mean_kl - np.log10(count)),
        wrong("what is left", lambda mean_kl, count: np.log(count)),
        wrong("subtract the most", lambda mean_kl, count: mean_kl / count),
        wrong("never negative", lambda mean_kl, count: mean_kl - np.log(count)),
    ],
    "importance_weighted_bound": [
        right(lambda log_weights: logsumexp(log_weights - np.log(log_weights.shape[1]), axis=1)),
        wrong("keep logsumexp", lambda log_weights: np.full(len(log_weights), -np.inf)),
        wrong("grows with K", lambda log_weights: logsumexp(log_weights, axis=1)),
        wrong("mean of the logarithms", lambda log_weights: log_weights.mean(axis=1)),
        wrong(
            "number of images",
            lambda log_weights: logsumexp(log_weights, axis=1) - np.log(len(log_weights)),
        ),
        wrong("mean weight", lambda log_weights: log_weights.max(axis=1)),
    ],
    "best_sigma": [
        right(lambda errors: np.linalg.norm(errors) / np.sqrt(errors.size)),
        wrong("that is the variance", lambda errors: np.mean(errors**2)),
        wrong("absolute error", lambda errors: np.mean(np.abs(errors))),
        wrong("around the mean error", np.std),
        wrong("not their sum", lambda errors: np.sqrt(np.sum(errors**2))),
        wrong("set the derivative", lambda errors: np.max(errors)),
    ],
}
