import numpy as np
from answers import right, wrong


@right
def prompt_by_prompt(rewards, ids):
    found = np.zeros(len(rewards))
    for one in np.unique(ids):
        rows = ids == one
        spread = rewards[rows].std()
        if spread > 0:
            found[rows] = (rewards[rows] - rewards[rows].mean()) / spread
    return found


@right
def with_bincount(rewards, ids):
    _, group = np.unique(ids, return_inverse=True)
    counts = np.bincount(group)
    centred = rewards - (np.bincount(group, rewards) / counts)[group]
    spread = np.sqrt(np.bincount(group, centred**2) / counts)[group]
    return np.where(spread > 0, centred / np.where(spread > 0, spread, 1), 0.0)


@right
def with_a_matrix(rewards, ids):
    same = (ids[:, None] == ids).astype(float)
    same /= same.sum(axis=1, keepdims=True)
    centred = rewards - same @ rewards
    spread = np.sqrt(same @ centred**2)
    return np.divide(centred, spread, out=np.zeros(len(rewards)), where=spread > 0)


@wrong("neighbours are still taken")
def as_it_was(rewards, ids):
    rows = rewards.reshape(len(np.unique(ids)), -1)
    return ((rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True)).ravel()


@wrong("at equal distances")
def the_other_axis(rewards, ids):
    rows = rewards.reshape(-1, len(np.unique(ids)))
    return ((rows - rows.mean(axis=0)) / rows.std(axis=0)).ravel()


@wrong("easy prompts then look like")
def one_group(rewards, ids):
    return (rewards - rewards.mean()) / rewards.std()


@wrong("the standard deviation is missing")
def centred(rewards, ids):
    return rewards - np.array([rewards[ids == one].mean() for one in ids])


@wrong("that of the whole batch")
def common_spread(rewards, ids):
    return centred(rewards, ids) / rewards.std()


@wrong("for each image: minus the mean")
def unchanged(rewards, ids):
    return rewards.copy()


@wrong("0 and not NaN")
def without_a_guard(rewards, ids):
    return centred(rewards, ids) / np.array([rewards[ids == one].std() for one in ids])


EQUIVALENT = {}
