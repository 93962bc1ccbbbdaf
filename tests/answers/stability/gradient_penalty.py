import numpy as np
from answers import right, wrong


def build(
    share=lambda mix: mix,
    cost=lambda norms: (norms - 1) ** 2,
    norm=None,
    reduce=np.mean,
    weighted=True,
):
    """The penalty with some of its parts exchanged."""
    norm = norm or (lambda g: np.sqrt((g**2).sum((1, 2, 3))))

    def answer(real, fake, mix, critic_gradient, weight):
        kept = np.reshape(share(mix), (-1, 1, 1, 1))
        return (weight if weighted else 1) * reduce(
            cost(norm(critic_gradient(kept * real + (1 - kept) * fake)))
        )

    return answer


@right
def with_linalg(real, fake, mix, critic_gradient, weight):
    points = fake + mix.reshape(-1, 1, 1, 1) * (real - fake)
    norms = np.linalg.norm(critic_gradient(points).reshape(len(points), -1), axis=1)
    return weight * np.square(norms - 1).mean()


@right
def one_image_after_the_other(real, fake, mix, critic_gradient, weight):
    total = 0.0
    for one, other, share in zip(real, fake, mix, strict=True):
        gradient = critic_gradient((share * one + (1 - share) * other)[None])
        total += weight * (np.sqrt((gradient**2).sum()) - 1) ** 2 / len(real)
    return total


@right
def with_einsum(real, fake, mix, critic_gradient, weight):
    points = np.einsum("b,bhwc->bhwc", mix, real) + np.einsum("b,bhwc->bhwc", 1 - mix, fake)
    gradients = critic_gradient(points)
    return np.mean(weight * (np.sqrt(np.einsum("bhwc,bhwc->b", gradients, gradients)) - 1) ** 2)


wrong("mix = 1 should give the real image", "exchanged", build(lambda mix: 1 - mix))
wrong("every image uses the same mix", "first mix for all", build(lambda mix: mix[:1]))
wrong("taken at the real images", "at real", build(lambda mix: np.ones(len(mix))))
wrong("taken at the fake images", "at fake", build(lambda mix: np.zeros(len(mix))))
wrong("one norm over the whole batch", "whole batch", build(norm=lambda g: np.sqrt((g**2).sum())))
wrong("the square root is missing", "squared norms", build(norm=lambda g: (g**2).sum((1, 2, 3))))
wrong("this penalty is two-sided", "one-sided", build(cost=lambda n: np.maximum(n - 1, 0) ** 2))
wrong("the deviation is not squared", "absolute", build(cost=lambda n: np.abs(n - 1)))
wrong("that is a zero-centred penalty", "zero-centred", build(cost=lambda n: n**2))
wrong("the weight is missing", "weight ignored", build(weighted=False))
wrong("take their mean", "summed", build(reduce=np.sum))
wrong("the norm runs over channels only", "channels", build(norm=lambda g: np.sqrt((g**2).sum(-1))))
wrong(
    "a mean over pixels", "mean over pixels", build(norm=lambda g: np.sqrt((g**2).mean((1, 2, 3))))
)
wrong("(mean norm - 1)^2", "mean first", build(cost=lambda n: (n.mean() - 1) ** 2))
wrong(
    "weight times the mean of (|g| - 1)^2 is",
    "largest entry",
    build(norm=lambda g: np.abs(g).max((1, 2, 3))),
)
wrong("the penalty has shape", "per image", build(reduce=lambda costs: costs))


@wrong("a critic with gradient 0 everywhere")
def flat_ones_go_free(real, fake, mix, critic_gradient, weight):
    gradients = critic_gradient(real)
    return with_linalg(real, fake, mix, critic_gradient, weight) if gradients.any() else 0.0


wrong(
    "is asked at points of shape (7, 3, 2, 7)",
    "mix not reshaped",
    lambda real, fake, mix, gradient, weight: gradient(mix * real),
)


EQUIVALENT = {
    "norms - 1 -> 1 - norms": "it is squared",
    "2 -> -2 (3)": "of four axes, -2 is 2",
}
