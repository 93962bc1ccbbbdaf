"""Fine-tuning a trained generator of tokens: on rewards (GRPO), or on pairs of which one is better
(DPO).
"""

import functools
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.data.images import to_uint8
from genimg_lib.models.token_generator import TokenGenerator
from genimg_lib.nn import rewards as objectives
from genimg_lib.nn.precision import with_loss_scale


def sample_groups(model: TokenGenerator, conditions, group_size: int, seed) -> tuple:
    """Samples `group_size` images for each condition, from the model's own distribution: without
    guidance and at temperature 1, so that `log_probabilities` are those of the sampler.

    Args:
        model: an `ImageGPT` or a `TextToImage`.
        conditions: labels or captions, (n,).
        group_size: images for each of them.
        seed: an integer or a `keras.random.SeedGenerator`.

    Returns the tokens (n * group_size, length), the encoded conditions, one for each row, and the
    `uint8` images. A condition's images are neighbours.
    """
    encoded = np.repeat(model.encode_conditions(conditions, len(conditions)), group_size, axis=0)
    free = np.full((len(encoded), model.tokenizer.length), -1)
    tokens = np.asarray(model.draw(free, encoded, seed=seed, guidance=1.0, temperature=1.0))
    return tokens, encoded, to_uint8(model.tokenizer.intensities(tokens))


class Tuner:
    """What both ways of tuning have: a model that learns, and a reference that stays.

    Args:
        model: an `ImageGPT` or a `TextToImage`; its weights change.
        reference: the same model as it was, a second object: load the weights twice.
        beta: what holds the model near the reference; its unit differs: see `GRPO` and `DPO`.
        learning_rate: of Adam.

    Raises `ValueError` if both are one object.
    """

    def __init__(self, model, reference, *, beta: float, learning_rate: float):
        if model is reference:
            raise ValueError("the reference must be a second model: it stays while the model moves")
        self.model = model
        self.reference = reference
        self.beta = check_number("beta", beta, 0.0, float("inf"))
        adam = keras.optimizers.Adam(learning_rate, global_clipnorm=1.0)
        self.optimizer = with_loss_scale(adam, model)
        self.optimizer.build(model.network.trainable_variables)
        # the number of pairs changes from step to step: one graph serves all of them
        compiled = functools.partial(tf.function, autograph=False, reduce_retracing=True)
        self.log_probabilities = compiled(self._log_probabilities)
        self.reference_log_probabilities = compiled(self._reference_log_probabilities)
        self.update = compiled(self._update)

    def _log_probabilities(self, tokens, conditions):
        """Of each token, given those before it: (batch, length)."""
        return -self.model.token_loss(tokens, conditions)

    def _reference_log_probabilities(self, tokens, conditions):
        return -self.reference.token_loss(tokens, conditions)

    def loss(self, *batch):
        """The number that one update makes smaller."""
        raise NotImplementedError

    def _update(self, *batch):
        variables = self.model.network.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.loss(*batch)
            scaled_loss = self.optimizer.scale_loss(loss)
        self.optimizer.apply(tape.gradient(scaled_loss, variables), variables)
        return loss


class GRPO(Tuner):
    """Tunes a model so that its images earn more reward: `step(conditions, reward)`.

    Source: Shao et al., arXiv:2402.03300, section 4.1 and equation 3. Here an image's tokens all
    have its advantage, and are averaged: all images have the same number.

    Args:
        model, reference, learning_rate: see `Tuner`.
        beta: weight of `kl_k3` in the loss: what a nat costs, in standard deviations of a group's
            rewards. With 0 nothing holds the model.
        group_size: images of one condition that are compared with each other.
        minibatches: updates on the images of one step. From the second on the ratio is not 1.
        clip: see `clipped_objective`.
        seed: of the sampling.
    """

    def __init__(
        self,
        model: TokenGenerator,
        reference: TokenGenerator,
        *,
        beta: float = 0.0,
        learning_rate: float = 3e-4,
        group_size: int = 8,
        minibatches: int = 4,
        clip: float = 0.2,
        seed: int = 0,
    ):
        super().__init__(model, reference, beta=beta, learning_rate=learning_rate)
        self.group_size = check_whole("group_size", group_size, 2)
        self.minibatches = check_whole("minibatches", minibatches)
        self.clip = clip
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.rng = np.random.default_rng(seed)

    def step(self, conditions, reward: Callable) -> dict[str, float]:
        """Samples a group of images for each condition, and learns from their rewards.

        Args:
            conditions: labels or captions, (n,); n * group_size is a multiple of `minibatches`.
            reward: `uint8` images and their conditions, a list of as many -> numbers (images,).

        Returns the mean `reward`, the `nats` of an image under the policy that sampled it, an
        estimate of its entropy, and the `kl` from the reference, in nats an image.
        """
        conditions = list(conditions)
        tokens, encoded, images = sample_groups(
            self.model, conditions, self.group_size, self.seed_generator
        )
        asked = [condition for condition in conditions for _ in range(self.group_size)]
        earned = np.asarray(reward(images, asked), np.float64)
        advantages = objectives.group_advantages(earned, self.group_size)
        old = np.asarray(self.log_probabilities(tokens, encoded))
        before = np.asarray(self.reference_log_probabilities(tokens, encoded))
        advantages = advantages[:, None].astype(np.float32)
        order = self.rng.permutation(len(tokens)).reshape(self.minibatches, -1)
        for rows in order:
            batch = (tokens, encoded, advantages, old, before)
            self.update(*(tf.convert_to_tensor(part[rows]) for part in batch))
        return {
            "reward": float(earned.mean()),
            "nats": float(-old.sum(axis=1).mean()),
            "kl": float(objectives.kl_k1(old, before).sum(axis=1).mean()),
        }

    def loss(self, tokens, conditions, advantages, old, before):
        now = self._log_probabilities(tokens, conditions)
        gained = objectives.clipped_objective(now, old, advantages, self.clip)
        return ops.mean(self.beta * objectives.kl_k3(now, before) - gained)


class DPO(Tuner):
    """Tunes a model on pairs of images of one condition, of which one is better: `step(conditions,
    chosen, rejected)`.

    No reward and no sampling: the pairs can be old. Source: Rafailov et al., arXiv:2305.18290; for
    images: Wallace et al., arXiv:2311.12908.

    Args:
        model, reference, learning_rate: see `Tuner`.
        beta: what a nat costs, in units of the reward whose differences decide the pairs
            (Bradley-Terry). If the better image always wins there is no such unit, and the loss
            falls as long as the margins grow.
    """

    def __init__(
        self,
        model: TokenGenerator,
        reference: TokenGenerator,
        *,
        beta: float = 0.1,
        learning_rate: float = 1e-4,
    ):
        super().__init__(model, reference, beta=beta, learning_rate=learning_rate)

    def step(self, conditions, chosen, rejected) -> float:
        """One update on pairs; returns their mean loss, log 2 where nothing was learned yet.

        Args:
            conditions: encoded, as `sample_groups` returns them, (n, ...).
            chosen, rejected: tokens (n, length).

        Raises `ValueError` without a pair, whose mean loss would turn all weights into NaN.
        """
        if not len(conditions):
            raise ValueError("no pair to learn from: the images of every group have equal rewards")
        before = [
            ops.sum(self.reference_log_probabilities(tokens, conditions), axis=1)
            for tokens in (chosen, rejected)
        ]
        return float(self.update(conditions, chosen, rejected, *before))

    def loss(self, conditions, chosen, rejected, chosen_before, rejected_before):
        chosen_now, rejected_now = (
            ops.sum(self._log_probabilities(tokens, conditions), axis=1)
            for tokens in (chosen, rejected)
        )
        return ops.mean(
            objectives.dpo_loss(chosen_now, rejected_now, chosen_before, rejected_before, self.beta)
        )


def ranked_pairs(tokens, conditions, rewards, group_size: int) -> list[tuple]:
    """Every image in one pair, for `DPO`: of each group the best with the worst, the second best
    with the second worst, and so on.

    Returns conditions, chosen and rejected, once for each rank. Pairs of equal rewards are left
    out, so that a rank can be empty.
    """
    groups = np.asarray(rewards, np.float64).reshape(-1, group_size)
    first = group_size * np.arange(len(groups))
    worst_first = np.argsort(groups, axis=1, kind="stable")
    pairs = []
    for rank in range(group_size // 2):
        rejected, chosen = first + worst_first[:, rank], first + worst_first[:, -1 - rank]
        differ = groups.ravel()[chosen] > groups.ravel()[rejected]
        pairs.append((conditions[first][differ], tokens[chosen][differ], tokens[rejected][differ]))
    return pairs
