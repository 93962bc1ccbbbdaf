import numpy as np
from answers import right, wrong
from keras import ops
from scipy.special import logsumexp


@right
def with_scipy(log_joints, log_posteriors):
    return logsumexp(log_joints - log_posteriors, axis=0) - np.log(len(log_joints))


@right
def pair_by_pair(log_joints, log_posteriors):
    return np.logaddexp.reduce(np.subtract(log_joints, log_posteriors)) - np.log(
        log_joints.shape[0]
    )


@right
def with_keras(log_joints, log_posteriors):
    weights = ops.convert_to_tensor(log_joints - log_posteriors)
    return ops.logsumexp(weights, axis=0) - np.log(len(log_joints))


@wrong("the weights are summed")
def summed(log_joints, log_posteriors):
    return logsumexp(log_joints - log_posteriors, axis=0)


@wrong("a mean of logarithms is the ELBO again")
def elbo(log_joints, log_posteriors):
    return (log_joints - log_posteriors).mean(axis=0)


@wrong("log q(z | x) is not used")
def joint_only(log_joints, log_posteriors):
    return logsumexp(log_joints, axis=0) - np.log(len(log_joints))


@wrong("the weights are p times q")
def multiplied(log_joints, log_posteriors):
    return logsumexp(log_joints + log_posteriors, axis=0) - np.log(len(log_joints))


@wrong("upside down")
def upside_down(log_joints, log_posteriors):
    return logsumexp(log_posteriors - log_joints, axis=0) - np.log(len(log_joints))


@wrong("only the best sample counts")
def best(log_joints, log_posteriors):
    return (log_joints - log_posteriors).max(axis=0)


@wrong("the sign is wrong: log p(x), not a loss")
def minus_loss(log_joints, log_posteriors):
    return np.log(len(log_joints)) - logsumexp(log_joints - log_posteriors, axis=0)


@wrong("the bound has shape (5,); it should have shape (3,)")
def over_images(log_joints, log_posteriors):
    return logsumexp(log_joints - log_posteriors, axis=1) - np.log(log_joints.shape[1])


@wrong("subtract the largest before exp")
def plain(log_joints, log_posteriors):
    return np.log(np.mean(np.exp(log_joints - log_posteriors), axis=0))


@wrong("to every log-weight should add it to the bound")
def clipped(log_joints, log_posteriors):
    return logsumexp(np.clip(log_joints - log_posteriors, -700, 700), axis=0) - np.log(
        len(log_joints)
    )


@wrong("images of very different size")
def one_shift(log_joints, log_posteriors):
    weights = log_joints - log_posteriors
    return weights.max() + np.log(np.exp(weights - weights.max()).mean(axis=0))


@wrong("samples of weight 0 are dropped")
def drops_useless(log_joints, log_posteriors):
    weights = log_joints - log_posteriors
    return logsumexp(weights, axis=0) - np.log(np.isfinite(weights).sum(axis=0))


@wrong("log-weights [")
def unbiased_divisor(log_joints, log_posteriors):
    return logsumexp(log_joints - log_posteriors, axis=0) - np.log(len(log_joints) - 1 or 1)


@wrong("it should be that of the samples")
def number_of_images(log_joints, log_posteriors):
    return logsumexp(log_joints - log_posteriors, axis=0) - np.log(log_joints.shape[1])


@wrong("this is p(x) itself")
def without_logarithm(log_joints, log_posteriors):
    return np.exp(logsumexp(log_joints - log_posteriors, axis=0)) / len(log_joints)


@wrong("subtract the LARGEST before exp")
def mean_subtracted(log_joints, log_posteriors):
    weights = log_joints - log_posteriors
    with np.errstate(all="ignore"):
        shift = weights.mean(axis=0)
        return shift + np.log(np.exp(weights - shift).mean(axis=0))
