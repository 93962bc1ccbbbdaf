"""The tasks of lesson 30: generative adversarial networks."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@task
def best_discriminator(answer):
    p, q = np.array([0.3, 0.1, 0.2]), np.array([0.1, 0.3, 0.2])
    found = array(answer(p, q), "D", (3,))
    match(
        found,
        p / (p + q),
        "p = 0.3 against q = 0.1 must give 0.75. Solve p / y = q / (1 - y) for y.",
        {
            "that is the probability of *fake*; D says how likely an image is *real*.": q / (p + q),
            "that is the ratio of the densities, the odds; D is a probability, at most 1.": p / q,
            "that is the logit of the best D; take its sigmoid.": np.log(p / q),
        },
    )
    yield "D is the probability of real"
    p, q = 10 * p, 10 * q
    expect(
        close(array(answer(p, q), "D", (3,)), p / (p + q)),
        "densities may be larger than 1; only their ratio counts.",
    )
    yield "only the ratio of the densities counts"


@task
def derivatives(answer):
    sigma = np.array([0.01, 0.3, 0.9])
    saturating, other = pair(answer(sigma), "saturating, non-saturating", (3,))
    expect(
        not (close(saturating, sigma - 1) and close(other, -sigma)),
        "the two are exchanged: the saturating loss is the one that vanishes as sigma goes to 0.",
    )
    expect(
        not (close(saturating, sigma) or close(other, 1 - sigma)),
        "check the sign: both losses fall as the logit rises, so both derivatives are negative.",
    )
    expect(close(saturating, -sigma), "-softplus has the derivative -sigma.")
    yield "the saturating loss has the derivative -sigma"
    expect(
        close(other, sigma - 1),
        "softplus(-l) needs the chain rule: -sigma(-l), and sigma(-l) is 1 - sigma(l).",
    )
    yield "the non-saturating loss has the derivative sigma - 1"


@value_task
def swapped_log(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the labels are consistent, only exchanged: D learns them as easily as the right "
            "ones. Where does that push the logit of a fake?",
            "b": "G aims at a high logit for fakes. Which logit does the swapped D want for them?",
            "d": "an oscillation needs opponents. Write down D's term for a fake with target 1, "
            "and G's loss.",
        },
    )


@task
def repaired_loss(answer):
    real, fake = np.array([3.0, -1.0], "float32"), np.array([-2.0, 0.5], "float32")
    found = array(answer(real, fake), "the loss")
    expect(found.shape == (2,), "return one value per pair of logits, without a mean or a sum.")
    softplus = {sign: np.logaddexp(0, sign * real) for sign in (1, -1)}
    fakes = {sign: np.logaddexp(0, sign * fake) for sign in (1, -1)}
    match(
        found,
        softplus[-1] + fakes[1],
        "compare with -log D for real and -log(1 - D) for fake, where D is the sigmoid.",
        {
            "that is still the colleague's loss: it rewards low logits for real images.": softplus[
                1
            ]
            + fakes[-1],
            "the term for fakes still rewards a high logit.": softplus[-1] + fakes[-1],
            "the term for real images still rewards a low logit.": softplus[1] + fakes[1],
        },
    )
    yield "real images are pulled up and fakes down"


@value_task
def collapse(guess):
    yield from predicted(
        guess,
        "d",
        {
            "a": "D sees one image at a time, so it cannot notice a repetition; as soon as it "
            "rejects one image, G changes to another.",
            "b": "such an image does not win for long: D learns to reject it.",
            "c": "one number is enough for a few convincing shapes, and precision asks for no "
            "more. What is missing are all the others.",
        },
    )
