import numpy as np
from answers import right, wrong


@right
def with_the_chain_rule(x, a, b, alpha, gradient):
    scale = alpha / b.shape[0]
    hidden = x @ a
    of_hidden = scale * gradient @ b.T
    return x.T @ of_hidden, scale * hidden.T @ gradient


@right
def with_einsum(x, a, b, alpha, gradient):
    scaled = gradient * (alpha / a.shape[1])
    return (
        np.einsum("ni,no,ro->ir", x, scaled, b),
        np.einsum("ni,ir,no->ro", x, a, scaled),
    )


@right
def through_the_full_matrix(x, a, b, alpha, gradient):
    """As if W itself were trained, and then projected."""
    of_weight = x.T @ gradient * alpha / len(b)
    return [of_weight @ b.T, a.T @ of_weight]


def scaled(factor):
    def answer(x, a, b, alpha, gradient):
        return [factor(alpha, len(b), len(x)) * g for g in with_einsum(x, a, b, alpha, gradient)]

    return answer


wrong("yours lack the rank", "alpha alone", scaled(lambda alpha, rank, n: rank))
wrong("of the output; yours lack it", "no factor", scaled(lambda alpha, rank, n: rank / alpha))
wrong("once, not twice", "twice", scaled(lambda alpha, rank, n: alpha / rank))
wrong("not rank / alpha", "turned", scaled(lambda alpha, rank, n: (rank / alpha) ** 2))
wrong("sum over the batch", "a mean", scaled(lambda alpha, rank, n: 1 / n))


@wrong("numerical differences tell another one")
def signs(x, a, b, alpha, gradient):
    return [-g for g in with_einsum(x, a, b, alpha, gradient)]


@wrong("the first step moves B alone")
def with_a_little_noise(x, a, b, alpha, gradient):
    of_a, of_b = with_einsum(x, a, b, alpha, gradient)
    return of_a + 1e-9, of_b


@wrong("gradient of A has shape")
def exchanged(x, a, b, alpha, gradient):
    return with_einsum(x, a, b, alpha, gradient)[::-1]


@wrong("return two things")
def only_b(x, a, b, alpha, gradient):
    return with_einsum(x, a, b, alpha, gradient)[1:]


EQUIVALENT = {"1 -> -1": "the second of two is the last"}
