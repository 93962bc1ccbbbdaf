"""Checks of exercises 66: learning from rewards, against exact values."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair
from genimg_lib.checks.rewards import faults, questions


@checker
def leave_one_out(answer):
    """Source: Kool, van Hoof and Welling (2019); Ahmadian et al., arXiv:2402.14740."""
    random = np.random.default_rng(0)
    for prompts, group in ((3, 4), (4, 2), (2, 7)):
        rewards = random.normal(size=prompts * group) + np.repeat(10.0 * np.arange(prompts), group)
        found = array(answer(rewards, group), "the result", rewards.shape)
        match(found, *faults.leave_one_out(rewards, group))
        yield f"{prompts} groups of {group}"


@checker
def token_gradient(answer):
    """Source: Williams (1992), REINFORCE; for tokens the chain rule of probability."""
    random = np.random.default_rng(1)
    for batch, length, size in ((2, 3, 4), (4, 4, 4), (1, 5, 2)):
        logits = random.normal(size=(batch, length, size))
        tokens = random.integers(0, size, (batch, length))
        advantages = random.normal(size=batch)
        found = array(answer(logits, tokens, advantages), "the result", logits.shape)
        match(found, *faults.token_gradient(logits, tokens, advantages))
        yield f"{batch} images of {length} tokens"
    # two places, of which one has logits around 2000
    logits = random.normal(size=(1, 2, 3)) + np.array([0.0, 2000.0])[None, :, None]
    with np.errstate(all="ignore"):
        found = array(answer(logits, tokens[:, :2] % 3, advantages), "the result", (1, 2, 3))
    expect(
        np.isfinite(found).all(),
        "large logits overflow: subtract the largest logit of each place first.",
    )
    yield "large logits do not overflow"


@checker
def anchored_grpo_loss(answer):
    """Source: Shao et al., arXiv:2402.03300, equations 3 and 4."""
    random = np.random.default_rng(2)
    for batch, length in ((4, 3), (5, 5), (6, 2)):
        old = -random.uniform(0.1, 3, (batch, length))
        now = old + random.normal(scale=0.5, size=old.shape)
        before = old + random.normal(scale=0.5, size=old.shape)
        advantages = random.normal(size=batch)
        found = array(answer(now, old, before, advantages, 0.2, 0.3), "the loss", ())
        match(found, *faults.anchored_grpo_loss(now, old, before, advantages, 0.2, 0.3))
        yield f"{batch} images of {length} tokens"


@checker
def anchored_optimum(answer):
    """Source: Rafailov et al., arXiv:2305.18290, appendix A.1."""
    random = np.random.default_rng(3)
    for size, beta in ((4, 0.5), (6, 2.0), (3, 0.05)):
        reference, reward = random.dirichlet(np.ones(size)), random.normal(size=size)
        best, value = pair(answer(reference, reward, beta), "policy, value", (size,), ())
        match(best, *faults.best(reference, reward, beta))
        yield f"the policy of {size} outcomes at beta {beta}"
        match(value, *faults.value(reference, reward, beta))
        yield f"its value at beta {beta}"
    with np.errstate(all="ignore"):
        best, value = pair(answer(reference, 1000 * reward, 0.05), "policy, value", (size,), ())
    expect(
        np.isfinite(best).all() and np.isfinite(value),
        "rewards of a thousand overflow: subtract the largest before the exponential.",
    )
    yield "large rewards do not overflow"


@checker
def dpo_gradient(answer):
    """Source: Rafailov et al., arXiv:2305.18290, section 4."""
    random = np.random.default_rng(4)
    for pairs, beta in ((5, 0.1), (3, 2.0)):
        chosen, rejected = random.normal(scale=3, size=(2, 2, pairs))
        found = pair(answer(chosen, rejected, beta), "chosen, rejected", (pairs,))
        match(np.stack(found), *faults.dpo_gradient(chosen, rejected, beta))
        yield f"{pairs} pairs at beta {beta}"


@checker
def anchored_rewards(answer):
    """Source: Ouyang et al., arXiv:2203.02155, equation 2; the penalty inside of the reward."""
    random = np.random.default_rng(5)
    for batch, length in ((4, 3), (3, 3), (2, 6)):
        now, before = -random.uniform(0.1, 3, (2, batch, length))
        rewards = random.normal(size=batch)
        found = array(answer(rewards, now, before, 0.4), "the result", (batch,))
        match(found, *faults.anchored(rewards, now, before, 0.4))
        yield f"{batch} images of {length} tokens"


@checker
def advantages_of_batch(answer):
    """Source: an error of layout: np.tile where np.repeat was meant."""
    random = np.random.default_rng(6)
    for prompts, group in ((3, 4), (4, 4), (5, 2)):
        rewards = random.normal(size=(prompts, group)) + 5 * np.arange(prompts)[:, None]
        order = random.permutation(prompts * group)
        ids = np.repeat(np.arange(prompts) + 10, group)[order]
        found = array(answer(rewards.ravel()[order], ids), "the result", ids.shape)
        match(found, *faults.of_batch(rewards.ravel()[order], ids))
        yield f"{prompts} prompts, {group} images each, in any order"
    with np.errstate(all="ignore"):
        found = array(answer(np.array([2.0, 1.0, 2.0]), np.array([7, 8, 7])), "the result", (3,))
    expect(
        np.array_equal(found, np.zeros(3)),
        "equal rewards, or one image alone, must give 0 and not NaN.",
    )
    yield "a group without a difference says nothing"


@value_checker(tries=2)
def read_the_runs(answers):
    """The numbers follow those of lesson 66's runs, rounded, and of runs with one fault each."""
    yield from choices(answers, questions.RUNS)


@value_checker(tries=2)
def which_cure(answers):
    """Source: Gao, Schulman and Hilton, arXiv:2210.10760, and lesson 66, sections 2 and 6."""
    yield from choices(answers, questions.CURES)


@value_checker
def cost_of_a_step(answers):
    """Source: 2 FLOPs per weight and token forwards, 6 in training: Kaplan et al.,
    arXiv:2001.08361.
    """
    yield from estimates(answers, questions.COST)
