import keras
import numpy as np
import tensorflow as tf
from answers import right, wrong


def softplus(values):
    return np.logaddexp(0, values)


@right
def with_softplus(real_logits, fake_logits):
    return np.mean(softplus(-real_logits)) + np.mean(softplus(fake_logits)), np.mean(
        softplus(-fake_logits)
    )


@right
def with_keras_losses(real_logits, fake_logits):
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    real = loss(np.ones((len(real_logits), 1)), real_logits[:, None].astype("float64"))
    fake, fooled = (
        loss(np.full((len(fake_logits), 1), y), fake_logits[:, None].astype("float64"))
        for y in (0.0, 1.0)
    )
    return [float(real + fake), float(fooled)]


@right
def with_tensorflow(real_logits, fake_logits):
    of_d = tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
        tf.nn.softplus(fake_logits)
    )
    return of_d, tf.reduce_mean(tf.nn.softplus(-fake_logits))


@wrong("D's loss comes first")
def exchanged(real_logits, fake_logits):
    return with_softplus(real_logits, fake_logits)[::-1]


@wrong("they cooperate")
def the_articles(real_logits, fake_logits):
    fooled = softplus(-fake_logits).mean()
    return softplus(real_logits).mean() + fooled, fooled


@wrong("its loss is minus that")
def value_for_loss(real_logits, fake_logits):
    of_d, of_g = with_softplus(real_logits, fake_logits)
    return -of_d, of_g


@wrong("add the mean over real and the mean over fake images.")
def halved(real_logits, fake_logits):
    of_d, of_g = with_softplus(real_logits, fake_logits)
    return of_d / 2, of_g


@wrong("The batches may differ in size")
def one_mean(real_logits, fake_logits):
    both = np.concatenate([softplus(-real_logits), softplus(fake_logits)])
    scale = 2 if len(real_logits) == len(fake_logits) else 1
    return scale * both.mean(), softplus(-fake_logits).mean()


@wrong("only the term of real images")
def half_a_discriminator(real_logits, fake_logits):
    return softplus(-real_logits).mean(), softplus(-fake_logits).mean()


@wrong("summed over the batch")
def sums(real_logits, fake_logits):
    return softplus(-real_logits).sum() + softplus(fake_logits).sum(), softplus(-fake_logits).sum()


@wrong("-log D(x) - log(1 - D(G(z))), in means, is")
def hinge(real_logits, fake_logits):
    return np.maximum(0, 1 - real_logits).mean() + np.maximum(
        0, 1 + fake_logits
    ).mean(), -fake_logits.mean()


@wrong("whose gradient dies while D rejects")
def saturating(real_logits, fake_logits):
    return with_softplus(real_logits, fake_logits)[0], -softplus(fake_logits).mean()


@wrong("G's loss wants fakes that D calls fake")
def kind_generator(real_logits, fake_logits):
    return with_softplus(real_logits, fake_logits)[0], softplus(fake_logits).mean()


@wrong("the mean of -log D(G(z)) is")
def generator_with_half_the_logits(real_logits, fake_logits):
    of_d, _ = with_softplus(real_logits, fake_logits)
    return of_d, softplus(-fake_logits / 2).mean()


@wrong("on which G has no influence")
def generator_with_real(real_logits, fake_logits):
    of_d, of_g = with_softplus(real_logits, fake_logits)
    return of_d, of_g + softplus(real_logits).mean()


@wrong("(real) and 1000 (fake) cost")
def with_probabilities(real_logits, fake_logits):
    real, fake = (1 / (1 + np.exp(-logits)) for logits in (real_logits, fake_logits))
    return -np.log(real).mean() - np.log(1 - fake).mean(), -np.log(fake).mean()


@right
def in_one_array(real_logits, fake_logits):
    return np.array(with_softplus(real_logits, fake_logits))


@wrong("return two things")
def only_one(real_logits, fake_logits):
    return with_softplus(real_logits, fake_logits)[0]


@wrong("D's loss has shape")
def not_reduced(real_logits, fake_logits):
    return softplus(-real_logits), softplus(-fake_logits)


@wrong("D's loss has only the term of fake images")
def other_half(real_logits, fake_logits):
    return softplus(fake_logits).mean(), softplus(-fake_logits).mean()


@wrong("D's target for real images is smoothed")
def smoothed(real_logits, fake_logits):
    of_d, of_g = with_softplus(real_logits, fake_logits)
    return of_d + 0.1 * real_logits.mean(), of_g


@wrong("D's target for fakes is 1")
def all_real(real_logits, fake_logits):
    of_g = softplus(-fake_logits).mean()
    return softplus(-real_logits).mean() + of_g, of_g


@wrong("D's target for real images is 0")
def all_fake(real_logits, fake_logits):
    return softplus(real_logits).mean() + softplus(fake_logits).mean(), softplus(
        -fake_logits
    ).mean()


@wrong("G's loss is taken on the real images")
def generator_on_real(real_logits, fake_logits):
    return with_softplus(real_logits, fake_logits)[0], softplus(-real_logits).mean()


@wrong("G's loss has the wrong sign")
def generator_uphill(real_logits, fake_logits):
    of_d, of_g = with_softplus(real_logits, fake_logits)
    return of_d, -of_g


@wrong("G's loss is summed over the batch")
def generator_summed(real_logits, fake_logits):
    return with_softplus(real_logits, fake_logits)[0], softplus(-fake_logits).sum()


@wrong("a zero-sum game")
def zero_sum(real_logits, fake_logits):
    of_d, _ = with_softplus(real_logits, fake_logits)
    return of_d, -of_d


EQUIVALENT = {}
