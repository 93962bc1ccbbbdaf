"""Attacks by the loss: rates at a threshold, and the errors of the diffusion model."""

import numpy as np
import pytest

from genimg_lib.evaluation import membership


def test_rates_by_hand():
    members, others = [1.0, 2.0, 3.0, 9.0], [2.5, 5.0, 6.0, 7.0]
    assert membership.true_positive_rate(members, others, 0.0) == 0.5
    assert membership.true_positive_rate(members, others, 0.25) == 0.75
    assert membership.true_positive_rate(members, others, 0.24) == 0.5
    assert membership.true_positive_rate(members, others, 1.0) == 1.0


def test_equal_losses_are_accused_together():
    assert membership.true_positive_rate([1.0, 1.0], [1.0, 2.0], 0.4) == 0.0


def test_guessing_finds_what_it_accuses():
    """Both from one distribution: the rate is near 1 %, within five standard deviations of the
    members' share and of the threshold's.
    """
    random = np.random.default_rng(0)
    count = 20_000
    found = membership.true_positive_rate(*random.normal(size=(2, count)), 0.01)
    assert abs(found - 0.01) < 5 * np.sqrt(2 * 0.01 * 0.99 / count)


def test_roc_rises_from_nothing_to_everything():
    random = np.random.default_rng(1)
    false, true = membership.roc(random.normal(size=50) - 1, random.normal(size=60))
    assert (false[0], true[0], false[-1], true[-1]) == (0, 0, 1, 1)
    assert (np.diff(false) >= 0).all() and (np.diff(true) >= 0).all()


@pytest.mark.parametrize("losses", [[], [np.nan], [[1.0]]])
def test_bad_losses_are_refused(losses):
    with pytest.raises(ValueError, match="losses must be finite"):
        membership.roc(losses, [1.0])
