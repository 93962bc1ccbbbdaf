import numpy as np
from answers import right, wrong


@right
def over_all_tokens(batches):
    return np.mean(np.concatenate([nats[answers] for nats, answers in batches]))


@right
def sums_and_counts(batches):
    total, count = 0.0, 0
    for nats, answers in batches:
        total += np.where(answers, nats, 0).sum()
        count += np.count_nonzero(answers)
    return total / count


@right
def weighted_means(batches):
    counts = [answers.sum() for _, answers in batches]
    means = [nats[answers].mean() if answers.any() else 0.0 for nats, answers in batches]
    return np.average(means, weights=counts)


@wrong("prompts included: two faults")
def as_given(batches):
    return np.mean([nats.mean() for nats, _ in batches])


@wrong("a token of a short batch counts more")
def mean_of_means(batches):
    return np.mean([nats[answers].mean() for nats, answers in batches if answers.any()])


@wrong("the prompts are not to be learned")
def everything(batches):
    return np.mean(np.concatenate([nats.ravel() for nats, _ in batches]))


@wrong("each text counts the same")
def mean_of_texts(batches):
    return np.mean(
        [
            row[mask].mean()
            for nats, answers in batches
            for row, mask in zip(nats, answers, strict=True)
            if mask.any()
        ]
    )


@wrong("it is divided by all tokens")
def masked_by_zeros(batches):
    return np.mean(np.concatenate([np.where(mask, nats, 0).ravel() for nats, mask in batches]))


@wrong("makes the loss NaN")
def not_guarded(batches):
    counts = np.array([answers.sum() for _, answers in batches])
    return (np.array([nats[answers].mean() for nats, answers in batches]) * counts).sum() / sum(
        counts
    )


@wrong("batches: the loss is")
def only_the_prompt(batches):
    return np.mean(np.concatenate([nats[~answers] for nats, answers in batches]))


EQUIVALENT = {}
