import numpy as np
from answers import right, wrong
from scipy.special import rel_entr, xlogy


def parts(prior, likelihoods, encoder):
    return xlogy(encoder, likelihoods).sum(axis=1), rel_entr(encoder, prior).sum(axis=1)


def posterior_of(prior, likelihoods):
    return prior * likelihoods / (prior * likelihoods).sum(axis=1, keepdims=True)


def gap_of(prior, likelihoods, encoder):
    return rel_entr(encoder, posterior_of(prior, likelihoods)).sum(axis=1)


@right
def reconstruction_minus_kl(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return reconstruction - kl, gap_of(prior, likelihoods, encoder)


@right
def image_by_image(prior, likelihoods, encoder):
    elbos, gaps = [], []
    for p, q in zip(likelihoods, encoder, strict=True):
        used, posterior = q > 0, prior * p / (prior * p).sum()
        elbos.append((q[used] * np.log(prior[used] * p[used] / q[used])).sum())
        gaps.append((q[used] * np.log(q[used] / posterior[used])).sum())
    return elbos, gaps


@right
def by_difference(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return reconstruction - kl, np.log(likelihoods @ prior) - reconstruction + kl


@wrong("return two things as a tuple: (elbo, gap)")
def only_the_bound(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return reconstruction - kl


@wrong("0 log 0 is 0")
def plain_logarithm(prior, likelihoods, encoder):
    posterior = posterior_of(prior, likelihoods)
    elbo = (encoder * np.log(prior * likelihoods / encoder)).sum(axis=1)
    return elbo, (encoder * np.log(encoder / posterior)).sum(axis=1)


@wrong("your ELBO is log p(x) itself")
def evidence(prior, likelihoods, encoder):
    return np.log(likelihoods @ prior), gap_of(prior, likelihoods, encoder)


@wrong("your ELBO is only reconstruction")
def reconstruction_only(prior, likelihoods, encoder):
    return parts(prior, likelihoods, encoder)[0], gap_of(prior, likelihoods, encoder)


@wrong("the KL to the prior is added")
def added(prior, likelihoods, encoder):
    return sum(parts(prior, likelihoods, encoder)), gap_of(prior, likelihoods, encoder)


@wrong("lacks the entropy of q")
def without_entropy(prior, likelihoods, encoder):
    return xlogy(encoder, prior * likelihoods).sum(axis=1), gap_of(prior, likelihoods, encoder)


@wrong("this is the loss")
def loss(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return kl - reconstruction, gap_of(prior, likelihoods, encoder)


@wrong("with a random encoder an ELBO is")
def prior_forgotten(prior, likelihoods, encoder):
    reconstruction, _ = parts(prior, likelihoods, encoder)
    return reconstruction - xlogy(encoder, encoder).sum(axis=1), gap_of(prior, likelihoods, encoder)


@wrong("your gap is the KL to the prior")
def gap_to_prior(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return reconstruction - kl, kl


@wrong("your gap is the KL the other way round: q comes")
def gap_reversed(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    smooth = np.where(encoder > 0, encoder, 1e-300)
    return reconstruction - kl, rel_entr(posterior_of(prior, likelihoods), smooth).sum(axis=1)


@wrong("your gap has the wrong sign")
def gap_negative(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return reconstruction - kl, -gap_of(prior, likelihoods, encoder)


@wrong("with a random encoder a gap is")
def gap_to_likelihood(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    flat = likelihoods / likelihoods.sum(axis=1, keepdims=True)
    return reconstruction - kl, rel_entr(encoder, flat).sum(axis=1)


@wrong("the two are exchanged")
def exchanged(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return gap_of(prior, likelihoods, encoder), reconstruction - kl


@wrong("elbo has shape (); it should have shape (6,)")
def averaged(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return np.mean(reconstruction - kl), gap_of(prior, likelihoods, encoder).mean()


@wrong("the KL to the prior is the wrong way round")
def kl_of_the_prior(prior, likelihoods, encoder):
    return parts(prior, likelihoods, encoder)[0] - rel_entr(prior, encoder).sum(axis=1), gap_of(
        prior, likelihoods, encoder
    )


@wrong("the logarithm of the mean likelihood under q")
def logarithm_outside(prior, likelihoods, encoder):
    return np.log((encoder * likelihoods).sum(axis=1)), gap_of(prior, likelihoods, encoder)


@wrong("this is in bits")
def in_bits(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return (reconstruction - kl) / np.log(2), gap_of(prior, likelihoods, encoder) / np.log(2)


@wrong("which does not sum to 1 over z")
def gap_to_joint(prior, likelihoods, encoder):
    reconstruction, kl = parts(prior, likelihoods, encoder)
    return reconstruction - kl, rel_entr(encoder, prior * likelihoods).sum(axis=1)


EQUIVALENT = {
    "1 -> -1": "an array of two axes has axis 1 last",
    "1 -> -1 (2)": "the same for the gap",
}
