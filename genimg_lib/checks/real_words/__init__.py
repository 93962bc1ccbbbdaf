"""Checks of exercises 63: pictures with real names, and what is measured of them."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect, value_checker
from genimg_lib.checks.judge import choices, match, pair
from genimg_lib.checks.real_words import faults, questions


@checker
def leaking_rows(answer):
    """Source: lesson 63, section 1; the splits of `genimg_lib.data.load_emoji`."""
    random = np.random.default_rng(0)
    for count, held in ((40, 6), (30, 5), (60, 4)):
        training = random.integers(0, 4, (count, 3))
        held_out = random.integers(0, 4, (held, 3))
        # one leak in another style, one row with only the concept and one with only the tone
        training[:3] = held_out[0] + np.array([[0, 0, 9], [0, 9, 0], [9, 0, 0]])
        found = answer(training, held_out)
        expect(
            np.asarray(found).dtype == bool,
            "return one True or False for each row of training.",
        )
        found = array(found, "the result", (count,))
        match(found, *faults.leaking_rows(training, held_out))
        yield f"{count} rows of training, {held} held out"


@checker
def found_in_top(answer):
    """Source: Beyer et al., arXiv:2006.07159: one label for a picture is too few."""
    random = np.random.default_rng(1)
    for pictures, names, count in ((40, 12, 5), (60, 8, 2), (30, 9, 3)):
        scores = random.normal(size=(pictures, names))
        right = random.uniform(size=(pictures, names)) < 0.25
        right[np.arange(pictures), random.integers(0, names, pictures)] = True
        found = array(answer(scores, right, count), "the share", ())
        match(found, *faults.found_in_top(scores, right, count))
        yield f"{count} of {names} names"


@checker
def judge_bounds(answer):
    """Source: lesson 63, section 6."""
    random = np.random.default_rng(2)
    for prompts, blind, names in ((30, 50, 4), (40, 40, 6), (25, 60, 3)):
        asked = random.choice(names, prompts, p=random.dirichlet(np.ones(names)))
        errs = random.uniform(size=prompts) < 0.3
        of_real = np.where(errs, random.integers(0, names, prompts), asked)
        of_blind = random.choice(names, blind, p=random.dirichlet(np.ones(names)))
        found = pair(answer(asked, of_real, of_blind), "floor, ceiling", ())
        match(np.stack(found), *faults.judge_bounds(asked, of_real, of_blind))
        yield f"{prompts} prompts, {blind} pictures without words"


@checker
def images_of_patches(answer):
    """Source: Dosovitskiy et al., arXiv:2010.11929, section 3.1, in reverse."""
    random = np.random.default_rng(3)
    for batch, rows, columns, patch, channels in (
        (2, 2, 3, 4, 3),
        (1, 3, 2, 2, 1),
        (3, 2, 2, 2, 3),
    ):
        patches = random.normal(size=(batch, rows * columns, patch * patch * channels))
        shape = (rows * patch, columns * patch, channels)
        found = array(answer(patches, *shape, patch), "the result", (batch, *shape))
        match(found, *faults.images_of_patches(patches, *shape, patch))
        yield f"{rows} rows of {columns} patches, {patch}x{patch}x{channels}"


@checker
def velocity_of_answer(answer):
    """Source: Li and He, arXiv:2511.13720: the network answers with the picture."""
    random = np.random.default_rng(4)
    for batch, least in ((5, 0.05), (4, 0.2), (3, 0.01)):
        noisy, expected = random.normal(size=(2, batch, 2, 3, 3))
        time = random.uniform(0.05, 0.75, batch)
        time[0] = 1 - least / 3
        found = array(answer(noisy, expected, time, least), "the velocity", noisy.shape)
        match(found, *faults.velocity_of_answer(noisy, expected, time, least))
        yield f"{batch} pictures, at least {least} of the time left"


@checker
def guided_step(answer):
    """Source: Ho and Salimans, arXiv:2207.12598; clipping: Saharia et al., arXiv:2205.11487,
    section 2.3.
    """
    random = np.random.default_rng(5)
    for guidance, limit in ((3.0, 0.5), (2.0, 0.8), (5.0, 1.5)):
        pixels = random.normal(size=(2, 3, 3, 3))
        with_words, without = random.uniform(-1.2 * limit, 1.2 * limit, (2, *pixels.shape))
        given = (pixels, with_words, without, 0.3, 0.55, guidance, limit)
        found = array(answer(*given), "the pixels", pixels.shape)
        match(found, *faults.guided_step(*given))
        yield f"guidance {guidance} within {limit}"


@checker
def nearer_than_unseen(answer):
    """Source: Carlini et al., arXiv:2301.13188, section 5.1 (nearest training pictures); the
    comparison with unseen pictures: Meehan et al., arXiv:2004.05675.
    """
    random = np.random.default_rng(6)
    for samples, unseen, level in ((40, 51, 0.1), (30, 21, 0.25), (50, 41, 0.05)):
        # whole numbers, so that some distances equal the border exactly
        training, real = random.integers(0, 16, (20, 4)), random.integers(0, 16, (unseen, 4))
        copies = training[random.integers(0, 20, samples)]
        drawn = (copies + random.integers(-3, 4, copies.shape)).astype(float)
        training, real = training.astype(float), real.astype(float)
        found = pair(answer(drawn, real, training, level), "share, excess", ())
        match(np.stack(found), *faults.nearer_than_unseen(drawn, real, training, level))
        yield f"{samples} samples beside {unseen} unseen pictures at {level}"


@checker
def language_gap(answer):
    """Source: paired differences and clustered errors: Miller, arXiv:2411.00640."""
    random = np.random.default_rng(7)
    for prompts, seeds in ((12, 4), (30, 3), (9, 8)):
        hard = random.uniform(size=(prompts, 1))
        english, chinese = (
            (random.uniform(size=(prompts, seeds)) < np.clip(hard + shift, 0.05, 0.95))
            for shift in (0.1, 0.0)
        )
        given = english.astype(float), chinese.astype(float)
        found = pair(answer(*given), "gap, half width", ())
        match(np.stack(found), *faults.language_gap(*given))
        yield f"{prompts} prompts, {seeds} samples of each"


@value_checker(tries=2)
def read_the_words(answers):
    """The rows have the form of lesson 63's table, with invented numbers."""
    yield from choices(answers, questions.ROWS)
