"""Learning from rewards, against exact distributions: every expectation here is a sum."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from authors_tools import tool

from genimg_lib import data, metrics
from genimg_lib.data import captions
from genimg_lib.evaluation import rewards as judges
from genimg_lib.models import DPO, GRPO, ImageGPT, PixelTokenizer
from genimg_lib.models.reward_tuning import ranked_pairs, sample_groups
from genimg_lib.nn import rewards

RNG = np.random.default_rng(0)
POLICY = RNG.dirichlet(np.ones(6))
REFERENCE = RNG.dirichlet(np.ones(6))
REWARD = RNG.normal(size=6)


def kl(first, second):
    return np.sum(first * np.log(first / second))


# --- advantages -----------------------------------------------------------------------------------


def test_advantages_are_standardised_within_each_group():
    found = rewards.group_advantages([1.0, 3.0, 100.0, 104.0], 2)
    np.testing.assert_allclose(found, [-1, 1, -1, 1])
    many = rewards.group_advantages(RNG.normal(size=24), 8).reshape(3, 8)
    np.testing.assert_allclose(many.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(many.std(axis=1), 1)


@pytest.mark.parametrize("value", [0.0, 0.1, -1e6])
def test_a_group_without_a_difference_says_nothing(value):
    assert not rewards.group_advantages(np.full(3, value), 3).any()


@pytest.mark.parametrize(
    ("given", "size"), [([1.0, 2.0, 3.0], 2), ([1.0], 1), ([], 2), ([np.nan, 1.0], 2)]
)
def test_rewards_that_make_no_groups_are_refused(given, size):
    with pytest.raises(ValueError, match=r"groups|NaN"):
        rewards.group_advantages(given, size)


# --- the objective --------------------------------------------------------------------------------


def test_at_ratio_one_the_gradient_is_the_policy_gradient():
    """Summed over all outcomes, weighted by p: the exact gradient of the expected reward."""
    logits = tf.Variable(np.log(POLICY))
    with tf.GradientTape() as tape:
        now = tf.nn.log_softmax(logits)
        objective = tf.reduce_sum(POLICY * rewards.clipped_objective(now, now, REWARD))
    expected = POLICY * (REWARD - POLICY @ REWARD)  # d E[r] / d logits of a softmax
    np.testing.assert_allclose(tape.gradient(objective, logits), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("ratio", "advantage", "value", "slope"),
    [
        (1.5, 2.0, 2.4, 0.0),  # far enough up
        (0.5, -2.0, -1.6, 0.0),  # far enough down
        (0.5, 2.0, 1.0, 1.0),  # the wrong way: it may come back
        (1.5, -2.0, -3.0, -3.0),
        (1.1, 2.0, 2.2, 2.2),
    ],
)
def test_the_clip_stops_only_what_has_gone_far_enough(ratio, advantage, value, slope):
    now = tf.Variable(np.log(ratio))
    with tf.GradientTape() as tape:
        found = rewards.clipped_objective(now, np.float64(0.0), advantage)
    np.testing.assert_allclose(found, value)
    np.testing.assert_allclose(tape.gradient(found, now), slope)


@pytest.mark.parametrize("estimate", [rewards.kl_k1, rewards.kl_k3])
def test_both_estimates_have_the_divergence_as_mean(estimate):
    values = np.asarray(estimate(np.log(POLICY), np.log(REFERENCE)))
    np.testing.assert_allclose(POLICY @ values, kl(POLICY, REFERENCE))
    assert (values.min() >= 0) == (estimate is rewards.kl_k3)


# --- the optimum ----------------------------------------------------------------------------------


def test_no_distribution_beats_the_best_policy():
    """The gap to the optimum is beta KL(p || optimum), exactly."""
    for beta in (0.1, 1.0, 10.0):
        best = rewards.best_policy(REFERENCE, REWARD, beta)

        def value(p, beta=beta):
            return p @ REWARD - beta * kl(p, REFERENCE)

        for p in (POLICY, REFERENCE, RNG.dirichlet(np.ones(6))):
            np.testing.assert_allclose(value(best) - value(p), beta * kl(p, best), rtol=1e-6)


def test_the_best_policy_survives_a_small_beta_and_refuses_none():
    assert rewards.best_policy(REFERENCE, REWARD, 1e-4)[REWARD.argmax()] == pytest.approx(1)
    with pytest.raises(ValueError, match="beta must be positive"):
        rewards.best_policy(REFERENCE, REWARD, 0.0)


def test_dpo_is_smallest_at_the_best_policy():
    """With preferences of the Bradley-Terry model, over all pairs: the gradient vanishes there."""
    beta = 0.5
    first, second = np.triu_indices(6, 1)
    preferred = 1 / (1 + np.exp(REWARD[second] - REWARD[first]))
    before = np.log(REFERENCE)

    def slope(policy):
        logits = tf.Variable(np.log(policy))
        with tf.GradientTape() as tape:
            now = tf.nn.log_softmax(logits)
            pairs = (
                (first, second, preferred),
                (second, first, 1 - preferred),
            )
            loss = sum(
                tf.reduce_sum(
                    weight
                    * rewards.dpo_loss(
                        tf.gather(now, won), tf.gather(now, lost), before[won], before[lost], beta
                    )
                )
                for won, lost, weight in pairs
            )
        return np.abs(tape.gradient(loss, logits)).max()

    assert slope(rewards.best_policy(REFERENCE, REWARD, beta)) < 1e-12
    assert slope(REFERENCE) > 0.1


def test_dpo_begins_at_log_two_and_pushes_along_the_difference_of_the_scores():
    """At the reference: the gradient of the loss is beta / 2 (score of the rejected - score of the
    chosen), with score = d log p(x) / d logits = one-hot - p. Exchanged, the pair pulls back.
    """
    beta, before = 0.3, np.log(REFERENCE)
    scores = np.eye(6) - REFERENCE

    def loss_and_gradient(chosen, rejected):
        logits = tf.Variable(before)
        with tf.GradientTape() as tape:
            now = tf.nn.log_softmax(logits)
            loss = rewards.dpo_loss(
                now[chosen], now[rejected], before[chosen], before[rejected], beta
            )
        return float(loss), tape.gradient(loss, logits).numpy()

    loss, gradient = loss_and_gradient(2, 5)
    assert loss == pytest.approx(np.log(2))
    np.testing.assert_allclose(gradient, beta / 2 * (scores[5] - scores[2]), atol=1e-12)
    np.testing.assert_allclose(loss_and_gradient(5, 2)[1], -gradient, atol=1e-12)


# --- models ---------------------------------------------------------------------------------------


@pytest.fixture
def little_world():
    """Two equal models of the strokes of the enumerable world, with one class."""
    keras.utils.set_random_seed(0)

    def build():
        model = ImageGPT(
            PixelTokenizer((3, 3, 1)), class_names=["stroke"], width=16, depth=1, seed=0
        )
        model.compile()
        return model

    model, reference = build(), build()
    images = data.exact.sample_images(data.exact.strokes(), 640, seed=0)
    reference.fit(images, np.zeros(640, int), epochs=10, verbose=0)
    model.set_weights(reference.get_weights())
    return model, reference


def middle(images):
    """Whether the pixel in the middle is dark: 1 or 0."""
    return (images[:, 1, 1, 0] > 127).astype(float)


def probability_of_the_middle(model):
    everything = data.exact.all_images()
    labels = np.zeros(len(everything), int)
    return np.exp(model.log_likelihood(everything, labels)) @ middle(everything)


def test_grpo_makes_rewarded_images_likelier_and_leaves_the_reference(little_world):
    model, reference = little_world
    tuner = GRPO(model, reference, learning_rate=1e-2, group_size=32, minibatches=2)
    before = probability_of_the_middle(model)
    logs = [tuner.step([0] * 4, lambda images, _: middle(images)) for _ in range(10)]
    after = probability_of_the_middle(model)
    assert after > before + 0.2
    assert logs[0]["kl"] == pytest.approx(0, abs=1e-4)
    assert logs[-1]["kl"] > 0.02
    assert probability_of_the_middle(reference) == pytest.approx(before)


def test_dpo_learns_from_old_pairs(little_world):
    model, reference = little_world
    tokens, conditions, images = sample_groups(reference, [0] * 32, 8, 0)
    assert len(images) == 256
    ranks = ranked_pairs(tokens, conditions, middle(images), 8)
    assert all((chosen[:, 4] > rejected[:, 4]).all() for _, chosen, rejected in ranks)
    pairs = ranks[0]
    tuner = DPO(model, reference, learning_rate=1e-2)
    before = probability_of_the_middle(model)
    losses = [tuner.step(*pairs) for _ in range(15)]
    assert losses[0] == pytest.approx(np.log(2), abs=1e-4)
    assert losses[-1] < 0.6
    with pytest.raises(ValueError, match="no pair"):
        tuner.step(*ranked_pairs(tokens, conditions, np.zeros(256), 8)[0])
    assert probability_of_the_middle(model) > before + 0.2


@pytest.mark.parametrize("source", ["policy", "reference"])
def test_the_measured_dpo_learns_from_new_and_from_old_pairs(little_world, source):
    model, reference = little_world
    run = {"beta": 0.1, "learning rate": 5e-3, "group": 4, "pairs of": source}
    step = tool("measure_rewards").dpo_step(run, model, reference, seed=0)
    before = probability_of_the_middle(model)
    logs = [step([0] * 32, lambda images, _: middle(images)) for _ in range(3)]
    assert logs[0]["loss"] == pytest.approx(np.log(2), abs=1e-4)
    assert logs[0]["chosen"] == pytest.approx(0, abs=1e-4)
    assert logs[-1]["chosen"] > logs[-1]["rejected"] + 0.5
    # two pairs of each group, some of equal rewards
    assert 0 < min(log["pairs"] for log in logs) < 64
    assert probability_of_the_middle(model) > before + 0.2
    # the reference keeps producing what it did; the policy produces what it learned
    assert (logs[-1]["reward"] > before + 0.2) == (source == "policy")


def test_a_model_is_not_its_own_reference():
    model = object()
    with pytest.raises(ValueError, match="a second model"):
        GRPO(model, model)


# --- rewards --------------------------------------------------------------------------------------


def test_true_captions_earn_everything_and_false_ones_less():
    _, (images, labels) = data.load_mnist()
    images = data.attributes.vary(images[:40], 0)
    labels = metrics.predict_labels(data.normalise(images))
    facts = captions.choose_facts(data.measured_facts(images, labels), 0, fewest=1)
    texts = captions.write(facts, 0)
    assert judges.facts_shown(images, texts).min() == 1
    assert judges.facts_shown(images, texts[::-1]).mean() < 0.8


def test_the_influence_on_the_distance_is_its_derivative():
    """Against a finite difference in the weight of one image, exact to second order."""
    rng = np.random.default_rng(0)
    features, reference = rng.normal(size=(400, 4)), 1.5 * rng.normal(size=(300, 4)) + 0.5
    influence = judges.frechet_influence(features, reference)
    np.testing.assert_allclose(influence.mean(), 0, atol=1e-12)

    def distance(extra, row):
        repeated = np.concatenate([features] * 50 + [features[[row]]] * extra)
        return metrics.frechet_distance(repeated, reference)

    for row in (0, 7):
        change = (distance(40, row) - distance(0, row)) * (50 * 400 + 40) / 40
        # the ridge of 0.1 % and the second order are small beside the spread of the influences
        assert change == pytest.approx(influence[row], abs=0.05 * influence.std())
