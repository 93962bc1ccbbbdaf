import numpy as np
from answers import right, wrong
from keras import ops


@right
def latent_by_latent(kl, least):
    return sum(max(column.mean(), least) for column in kl.T)


@right
def with_keras(kl, least):
    return ops.sum(ops.maximum(ops.mean(ops.convert_to_tensor(kl), axis=0), least))


@right
def by_what_is_missing(kl, least):
    means = kl.mean(axis=0)
    return means.sum() + np.maximum(least - means, 0).sum()


@wrong("the batch is summed")
def batch_summed(kl, least):
    return np.maximum(kl.sum(axis=0), least).sum()


@wrong("latents are averaged")
def latents_averaged(kl, least):
    return np.maximum(kl.mean(axis=0), least).mean()


@wrong("it should be the mean KL, 5.4 nats")
def square_root(kl, least):
    return np.sqrt(np.maximum(kl.mean(axis=0), least)).sum()


@wrong("the limit is applied to each image")
def image_by_image(kl, least):
    return np.maximum(kl, least).sum(axis=1).mean()


@wrong("the limit is applied to the sum")
def on_the_sum(kl, least):
    return max(kl.sum(axis=1).mean(), least * kl.shape[1])


@wrong("what is free is subtracted")
def subtracted(kl, least):
    return np.maximum(kl.mean(axis=0) - least, 0).sum()


@wrong("the minimum rewards")
def minimum(kl, least):
    means = kl.mean(axis=0)
    return np.minimum(means, least or np.inf).sum()


@wrong("latents below the limit are dropped")
def dropped(kl, least):
    means = kl.mean(axis=0)
    return means[means >= least].sum()


@wrong("the free nats do nothing")
def ignored(kl, least):
    return kl.sum(axis=1).mean()


@wrong("shared out over the latents")
def shared(kl, least):
    return np.maximum(kl.mean(axis=0), least / kl.shape[1]).sum()


@wrong("free nats a latent should give")
def softened(kl, least):
    means = kl.mean(axis=0)
    return (means + least).sum()


@wrong("the KL term has shape (6,)")
def of_each_latent(kl, least):
    return np.maximum(kl.mean(axis=0), least)


EQUIVALENT = {
    "np.maximum(kl.mean(axis=0), least) -> np.maximum(least, kl.mean(axis=0))": "a maximum is "
    "symmetric"
}
