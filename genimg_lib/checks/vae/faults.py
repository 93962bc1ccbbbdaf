"""What the tempting mistakes in exercises 20 give, and what right answers give."""

import numpy as np
from scipy.special import rel_entr, xlogy


def gaussian_loss(nll, kl, batch, pixels, latent_dim) -> dict:
    """What wrong programs give where the two terms of the loss, means over images, are `nll` and
    `kl`.
    """
    return {
        f"still a mean over {pixels} pixels: the KL counts {pixels} times what it should.": nll
        / pixels
        + kl,
        "the batch is summed: twice the batch would double the loss. Average over images.": (
            nll + kl
        )
        * batch,
        "reconstruction is summed over the batch as well; the KL is a mean over images.": nll
        * batch
        + kl,
        "the KL is summed over the batch; reconstruction is a mean over images.": nll + kl * batch,
        "the balance is right now, the unit is not: these are nats per pixel.": (nll + kl) / pixels,
        f"784 is the size of MNIST; these images have {pixels} pixels.": 784 * nll / pixels + kl,
        "the constant 1/2 ln(2 pi) of each pixel is in; leave it out.": nll
        + kl
        + pixels * np.log(2 * np.pi) / 2,
        "both are means now: pixels and latents differ in number.": nll / pixels + kl / latent_dim,
        "latents are averaged now: the KL counts too little. It was right before.": nll
        + kl / latent_dim,
        "the factor 1/2 of the Gaussian is lost: a mean squared "
        "error is not yet a log-likelihood.": 2 * nll + kl,
        "multiplying the whole loss changes no balance; only reconstruction was too small.": nll
        + pixels * kl,
        "the KL is gone: this is an autoencoder.": nll,
        "the KL is subtracted: that rewards posteriors for running away from the prior.": nll - kl,
    }


def negative_elbo(grey, logits, nll, kl) -> dict:
    """What wrong programs give for images in [0, 1] and logits whose loss is nll + kl, both
    means over images.
    """

    def reconstruction(images):
        return (np.logaddexp(0, logits) - images * logits).sum() / len(images)

    return {
        "the KL is subtracted: that rewards posteriors for running away from the prior.": nll - kl,
        "this is the ELBO; the loss is minus that.": -nll - kl,
        "ink and paper are exchanged: a large logit means ink.": reconstruction(1 - grey) + kl,
        "grey targets are rounded to 0 and 1; take them as they are.": reconstruction(
            np.round(grey)
        )
        + kl,
        "the KL is summed over the batch: average over images.": nll + kl * len(grey),
        "by default beta should be 1: the KL is missing.": nll,
    }


def elbo_and_gap(prior, likelihoods, encoder) -> tuple:
    """ELBO and gap of each image, and what wrong programs give for both; shapes as in the
    exercise.
    """
    joint = prior * likelihoods
    evidence = np.log(joint.sum(axis=1))
    posterior = joint / joint.sum(axis=1, keepdims=True)
    words = xlogy(encoder, likelihoods).sum(axis=1)
    to_prior = rel_entr(encoder, prior).sum(axis=1)
    elbo = words - to_prior
    gap = rel_entr(encoder, posterior).sum(axis=1)
    wrong_elbos = {
        "your ELBO is log p(x) itself: the mean over q must "
        "stand outside of the logarithm.": evidence,
        "your ELBO is only reconstruction: it also pays the KL to the prior.": words,
        "the KL to the prior is added to the ELBO; it is a cost.": words + to_prior,
        "the KL to the prior is the wrong way round: q comes first.": words
        - rel_entr(prior, encoder).sum(axis=1),
        "your ELBO lacks the entropy of q: subtract log q(z | x).": xlogy(encoder, joint).sum(
            axis=1
        ),
        "the logarithm of the mean likelihood under q is no bound: the mean stands outside.": (
            np.log((encoder * likelihoods).sum(axis=1))
        ),
        "this is the loss; the ELBO is minus that.": -elbo,
        "the two are exchanged: the ELBO comes first.": gap,
        "this is in bits; nats need the natural logarithm.": elbo / np.log(2),
    }
    wrong_gaps = {
        "your gap is the KL to the prior, which is a part of the "
        "ELBO. To what does q compare?": to_prior,
        "your gap is the KL the other way round: q comes first.": rel_entr(posterior, encoder).sum(
            axis=1
        ),
        "your gap has the wrong sign: log p(x) lies above the ELBO.": -gap,
        "your gap compares q with p(x, z), which does not sum to 1 over z: divide by p(x).": -elbo,
    }
    return elbo, gap, wrong_elbos, wrong_gaps
