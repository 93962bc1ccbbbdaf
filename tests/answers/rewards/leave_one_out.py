import numpy as np
from answers import right, wrong


@right
def rescaled(rewards, group):
    rows = rewards.reshape(-1, group)
    return ((rows - rows.mean(axis=1, keepdims=True)) * group / (group - 1)).ravel()


@right
def with_a_loop(rewards, group):
    found = []
    for i, reward in enumerate(rewards):
        first = i // group * group
        others = np.delete(rewards[first : first + group], i - first)
        found.append(reward - others.mean())
    return np.array(found)


@right
def with_a_matrix(rewards, group):
    weights = (np.eye(group) * group - 1) / (group - 1)
    return (rewards.reshape(-1, group) @ weights).ravel()


@wrong("part of its own baseline")
def mean_of_all(rewards, group):
    rows = rewards.reshape(-1, group)
    return (rows - rows.mean(axis=1, keepdims=True)).ravel()


@wrong("the sum of the others is subtracted")
def sum_of_others(rewards, group):
    rows = rewards.reshape(-1, group)
    return (2 * rows - rows.sum(axis=1, keepdims=True)).ravel()


@wrong("itself included")
def divided_by_all(rewards, group):
    rows = rewards.reshape(-1, group)
    return (rows - (rows.sum(axis=1, keepdims=True) - rows) / group).ravel()


@wrong("the sign is turned")
def turned(rewards, group):
    return -rescaled(rewards, group)


@wrong("lie far apart")
def tiled(rewards, group):
    columns = rewards.reshape(group, -1)
    return (columns - (columns.sum(axis=0) - columns) / (group - 1)).ravel()


@wrong("an easy prompt")
def over_everything(rewards, group):
    return rewards - rewards.mean()


@wrong("its reward minus the mean")
def unchanged(rewards, group):
    return rewards.copy()


EQUIVALENT = {
    "1 -> -1 (2)": "the second of two axes is the last",
}
