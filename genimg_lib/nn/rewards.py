"""Learning from rewards, as pure functions: advantages, objectives, estimates of the divergence
from a reference, and the optimum in closed form.

Log-probabilities are in nats. A policy is the model that is being tuned; the reference is the model
as it was before.
"""

import numpy as np
from keras import ops


def group_advantages(rewards, group_size: int) -> np.ndarray:
    """How much better each reward is than the others of its group, in standard deviations.

    A group is `group_size` neighbours, the answers to one prompt. One whose rewards are all equal
    gets zeros: it says nothing about what is better. Source: Shao et al. (DeepSeekMath, GRPO),
    arXiv:2402.03300, section 4.1.2.

    Args:
        rewards: finite numbers (n,), n a multiple of `group_size`.
        group_size: at least 2.

    Raises `ValueError` for another number of rewards, a smaller group, or a reward that is not
    finite.
    """
    rewards = np.asarray(rewards, np.float64)
    if group_size < 2 or rewards.ndim != 1 or not rewards.size or rewards.size % group_size:
        raise ValueError(
            f"expected rewards for whole groups of {group_size} >= 2, got shape {rewards.shape}"
        )
    if not np.isfinite(rewards).all():
        raise ValueError("the rewards contain NaN or infinity")
    groups = rewards.reshape(-1, group_size)
    centred = groups - groups.mean(axis=1, keepdims=True)
    spread = groups.std(axis=1, keepdims=True)
    # rounding leaves a spread of about 1e-16 of the rewards where all are equal
    equal = spread <= 1e-9 * (1.0 + np.abs(groups).max(axis=1, keepdims=True))
    return np.where(equal, 0.0, centred / np.where(equal, 1.0, spread)).ravel()


def clipped_objective(log_probabilities, old_log_probabilities, advantages, clip: float = 0.2):
    """min(ratio A, clip(ratio, 1 - clip, 1 + clip) A) for each token, to be maximised: the shape of
    `log_probabilities`.

    ratio = p / p_old, where p_old sampled the tokens. Its gradient at ratio 1 is the policy
    gradient, A grad log p; a token that has already moved by more than `clip` in the direction of A
    gets none. No gradient flows into `old_log_probabilities`. Source: Schulman et al. (PPO),
    arXiv:1707.06347, section 3.

    Args:
        log_probabilities, old_log_probabilities: of the sampled tokens, (batch, n).
        advantages: (batch, 1) or the same shape.
        clip: how far a ratio may move from 1 and still be pushed on.
    """
    ratio = ops.exp(log_probabilities - ops.stop_gradient(old_log_probabilities))
    clipped = ops.clip(ratio, 1.0 - clip, 1.0 + clip)
    return ops.minimum(ratio * advantages, clipped * advantages)


def kl_k1(log_probabilities, reference_log_probabilities):
    """log p - log p_ref of samples of p: its mean is KL(p || p_ref), and single values are often
    negative. Source: Schulman, https://joschu.net/blog/kl-approx.html.
    """
    return log_probabilities - reference_log_probabilities


def kl_k3(log_probabilities, reference_log_probabilities):
    """p_ref / p - 1 - log(p_ref / p) of samples of p: its mean is KL(p || p_ref) too, and no value
    is negative. Source: as above; as a part of the loss: DeepSeekMath, equation 4.
    """
    log_ratio = reference_log_probabilities - log_probabilities
    return ops.expm1(log_ratio) - log_ratio


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta: float):
    """-log sigmoid(beta (margin of the policy - margin of the reference)) for each pair: (batch,).

    A margin is log p(chosen) - log p(rejected), each summed over its tokens. Source: Rafailov et
    al. (DPO), arXiv:2305.18290, equation 7.
    """
    margin = (chosen - rejected) - (reference_chosen - reference_rejected)
    return ops.softplus(-beta * margin)


def best_policy(reference, rewards, beta: float) -> np.ndarray:
    """The distribution that maximises E[reward] - beta KL(p || reference): reference exp(reward /
    beta) / Z, of the same shape (outcomes,).

    Source: Rafailov et al., arXiv:2305.18290, equation 4 and appendix A.1.

    Raises `ValueError` unless beta is positive.
    """
    if not beta > 0:
        raise ValueError(f"beta must be positive, got {beta}")
    rewards = np.asarray(rewards, np.float64)
    weights = np.asarray(reference, np.float64) * np.exp((rewards - rewards.max()) / beta)
    return weights / weights.sum()
