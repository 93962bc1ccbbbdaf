"""Judgements that exercises 01 and 02 share: each says whether an answer is right and gives feedback, for `expect(*...)`."""

from collections.abc import Iterator
from dataclasses import dataclass

from genimg_lib.checks.core import close, short


def match(found, right, otherwise: str, tempting: dict | None = None, **tolerance) -> tuple[bool, str]:
    """Whether `found` is close to `right`, and what to say: `tempting` maps feedback to the wrong value that earns it."""
    if close(found, right, **tolerance):
        return True, ""
    tempting = tempting or {}
    return False, next((words for words, value in tempting.items() if close(found, value, **tolerance)), otherwise)


@dataclass(frozen=True)
class Reading:
    """What a reading exercise asks: the right choice of each item, a hint for each, and choices that are right for none."""

    right: dict[str, str]
    hints: dict[str, str]
    impossible: dict[str, str]

    def judge(self, answers) -> Iterator[tuple[str, bool, str]]:
        """(item, whether right, feedback) for each item of a learner's dictionary."""
        if not isinstance(answers, dict) or set(answers) != set(self.right):
            yield "all", False, f"it should be a dictionary with the keys {', '.join(self.right)}."
            return
        options = sorted({*self.right.values(), *self.impossible})
        for item, expected in self.right.items():
            answer = answers[item]
            if isinstance(answer, str) and answer in options:
                yield item, answer == expected, f"{item}: {self.impossible.get(answer, self.hints[item])}"
            else:
                yield item, False, f"{item}: {short(answer)} is not among the choices: {'; '.join(options)}."


ROWS = Reading(
    right={
        "A": "samples, reconstruction averaged over pixels",
        "B": "samples, no KL in the loss",
        "C": "copies by a healthy VAE",
        "D": "samples of a healthy VAE",
    },
    hints={
        "A": "twelve different latents, one and the same grey image. Which fault makes the latents say nothing?",
        "B": "ink in plenty, and no digits. The decoder was never asked about such latents. What keeps codes near N(0, I)?",
        "C": "nearly all are clean digits; compare with row D. What does a code know that a random latent does not?",
        "D": "digits, and some half-way between two. A model that only copies cannot invent those.",
    },
    impossible={
        "samples of a GAN": "a GAN has no reason to draw fog. Here grey is doubt: each pixel is a probability.",
        "training images": "training images have no fog beside their strokes.",
    },
)

LOGS = Reading(
    right={
        "A": "KL weighed 784-fold",
        "B": "no KL in the loss",
        "C": "decoder sees the pixels before",
        "D": "healthy",
    },
    hints={
        "A": "its latents say nothing AND it pays what the mean image pays. Who forbids it to say more?",
        "B": "it copies best, and spends hundreds of nats of KL on it: far more than they save. Who does not count them?",
        "C": "few nats are spent on latents, yet no sum of both terms is smaller. From where does it know the pixels?",
        "D": "its nats of KL save several times as much in reconstruction. What would a fault look like here?",
    },
    impossible={
        "no training": "an untrained decoder pays 784 ln 2 = 543 nats; this one does not.",
        "noise switched off": "without noise a few nats of KL pass any message, and the copies are the best of all.",
    },
)

PANELS = Reading(
    right={
        "A": "the labels are ignored",
        "B": "few images, again and again",
        "C": "blurred",
        "D": "copies of the reference",
    },
    hints={
        "A": "three columns at the floor: nothing is wrong with these images. What was asked for, and what came?",
        "B": "convincing, recognised, and next to nothing of the data is covered. How many different images are there?",
        "C": "a third lies outside of the data, and most still read as the right digit. What keeps the class, not the edge?",
        "D": "better than real images against real ones. Who alone can be at distance 0?",
    },
    impossible={
        "healthy": "compare each column with the floor, in both directions: one at least is far off.",
        "copies of the training set": "training images are a fair sample of the data: they score like the floor, not better.",
    },
)
