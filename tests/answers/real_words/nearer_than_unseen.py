import numpy as np
from answers import right, wrong


def distances(rows, training):
    return np.linalg.norm(rows[:, None] - training, axis=-1)


def below(first, border, level):
    share = np.mean(first < border)
    return share, share - level


def nearest(*rows, training):
    return [distances(each, training).min(axis=1) for each in rows]


@right
def with_norms(samples, unseen, training, level):
    drawn, real = nearest(samples, unseen, training=training)
    return below(drawn, np.quantile(real, level), level)


@right
def with_squares(samples, unseen, training, level):
    def away(rows):
        squares = (rows**2).sum(1)[:, None] - 2 * rows @ training.T + (training**2).sum(1)
        return np.sqrt(squares.min(axis=1))

    share = (away(samples) < np.quantile(away(unseen), level)).sum() / len(samples)
    return np.array([share, share - level])


@right
def with_a_loop(samples, unseen, training, level):
    drawn, real = (
        np.array([np.sqrt(((training - row) ** 2).sum(axis=1)).min() for row in rows])
        for rows in (samples, unseen)
    )
    return below(drawn, np.percentile(real, 100 * level), level)


@wrong("the border comes from the samples")
def own_border(samples, unseen, training, level):
    (drawn,) = nearest(samples, training=training)
    return below(drawn, np.quantile(drawn, level), level)


@wrong("the share of unseen pictures")
def exchanged(samples, unseen, training, level):
    return with_norms(unseen, samples, training, level)


@wrong("at the far end")
def far_end(samples, unseen, training, level):
    drawn, real = nearest(samples, unseen, training=training)
    return below(drawn, np.quantile(real, 1 - level), level)


@wrong("the mean distance")
def mean_distance(samples, unseen, training, level):
    drawn, real = (distances(rows, training).mean(axis=1) for rows in (samples, unseen))
    return below(drawn, np.quantile(real, level), level)


@wrong("one single picture")
def nearest_of_all(samples, unseen, training, level):
    drawn, real = nearest(samples, unseen, training=training)
    return below(drawn, real.min(), level)


@wrong("the excess is the share again")
def no_excess(*given):
    share, _ = with_norms(*given)
    return share, share


@wrong("count the nearer ones")
def farther(samples, unseen, training, level):
    share, _ = with_norms(samples, unseen, training, level)
    return 1 - share, 1 - share - level


@wrong("minus `level`")
def nothing(*given):
    return 0.0, 0.0


EQUIVALENT = {
    "training[:, None] - rows -> rows - training[:, None]": "a distance has no sign",
}
