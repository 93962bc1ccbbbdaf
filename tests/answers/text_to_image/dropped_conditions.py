import numpy as np
from answers import right, wrong


@right
def with_where(states, mask, nothing, random, share):
    blank = np.zeros(states.shape[1:])
    blank[0] = nothing
    dropped = random.random(len(states)) < share
    first = np.arange(mask.shape[1]) == 0
    return (
        np.where(dropped[:, None, None], blank, states),
        np.where(dropped[:, None], first, mask),
    )


@right
def one_by_one(states, mask, nothing, random, share):
    states, mask = states.copy(), mask.copy()
    for i in range(len(states)):
        if random.uniform() < share:
            states[i], mask[i] = 0, False
            states[i, 0], mask[i, 0] = nothing, True
    return states, mask


@right
def by_rows(states, mask, nothing, random, share):
    rows = np.flatnonzero(random.binomial(1, share, len(states)))
    states, mask = np.array(states), np.array(mask)
    states[rows, 1:], mask[rows, 1:] = 0, 0
    states[rows, 0], mask[rows, 0] = nothing, 1
    return [states, mask]


@wrong("loses only some of its words")
def words_dropped(states, mask, nothing, random, share):
    kept = random.random(mask.shape) >= share
    return states * kept[..., None], mask


@wrong("are all zeros")
def zeros_for_nothing(states, mask, nothing, random, share):
    return with_where(states, mask, 0 * nothing, random, share)


@wrong("zeros behind it")
def nothing_everywhere(states, mask, nothing, random, share):
    dropped = random.random(len(states)) < share
    return np.where(dropped[:, None, None], nothing, states), mask


@wrong("still has its old mask")
def mask_as_it_was(states, mask, nothing, random, share):
    return with_where(states, mask, nothing, random, share)[0], mask


@wrong("a caption that stays must stay")
def mask_for_all(states, mask, nothing, random, share):
    return with_where(states, mask, nothing, random, share)[0], mask * 0 + (np.arange(4) == 0)


@wrong("the share of dropped captions is wrong")
def the_others(states, mask, nothing, random, share):
    return with_where(states, mask, nothing, random, 1 - share)


@wrong("yours drops none")
def never(states, mask, nothing, random, share):
    if share == 1:
        return states, mask
    return with_where(states, mask, nothing, random, share)


@wrong("return two things")
def states_alone(states, mask, nothing, random, share):
    return with_where(states, mask, nothing, random, share)[0]


EQUIVALENT = {
    "random.random(len(states)) < share -> random.random(len(states)) <= share": (
        "the two differ where a random number equals the share"
    ),
}
