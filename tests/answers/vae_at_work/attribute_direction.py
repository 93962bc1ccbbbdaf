import numpy as np
from answers import right, wrong


def within(codes, values, classes):
    codes, values = codes.astype(float), values.astype(float)
    for each in np.unique(classes):
        rows = classes == each
        codes[rows] -= codes[rows].mean(axis=0)
        values[rows] -= values[rows].mean()
    return codes, values


@right
def with_a_column_for_each_class(codes, values, classes):
    columns = (classes[:, None] == np.unique(classes)).astype(float)
    table = np.column_stack([values, columns])
    return np.linalg.lstsq(table, codes, rcond=None)[0][0]


@right
def sums_of_products(codes, values, classes):
    top, bottom = 0.0, 0.0
    for each in set(classes.tolist()):
        own, moved = values[classes == each], codes[classes == each]
        top = top + (own - own.mean()) @ (moved - moved.mean(axis=0))
        bottom = bottom + ((own - own.mean()) ** 2).sum()
    return top / bottom


@right
def both_centred(codes, values, classes):
    codes, values = within(codes, values, classes)
    return values @ codes / (values @ values)


@right
def slopes_weighted(codes, values, classes):
    codes, values = within(codes, values, classes)
    weights = values**2 / np.sum(values**2)
    with np.errstate(all="ignore"):
        return np.nansum(weights[:, None] * codes / values[:, None], axis=0)


@wrong("the class is still in it")
def pooled(codes, values, classes):
    centred = values - values.mean()
    return centred @ codes / (centred @ centred)


@wrong("between high and low")
def high_against_low(codes, values, classes):
    high = values > np.median(values)
    return codes[high].mean(axis=0) - codes[~high].mean(axis=0)


@wrong("that is a covariance")
def covariance(codes, values, classes):
    codes, values = within(codes, values, classes)
    return values @ codes / len(values)


@wrong("its length is not")
def unit(codes, values, classes):
    codes, values = within(codes, values, classes)
    direction = values @ codes
    return direction / np.linalg.norm(direction)


@wrong("predicts the attribute from each latent")
def other_way_round(codes, values, classes):
    codes, values = within(codes, values, classes)
    return values @ codes / (codes**2).sum(axis=0)


@wrong("should move the code forwards")
def backwards(codes, values, classes):
    codes, values = within(codes, values, classes)
    return -(values @ codes) / (values @ values)


@wrong("per unit of the attribute; yours is")
def only_values_centred(codes, values, classes):
    _, centred = within(codes, values, classes)
    return centred @ codes / (values @ values)


@wrong("every class counts equally")
def mean_of_slopes(codes, values, classes):
    slopes = []
    for each in np.unique(classes):
        rows = classes == each
        own = values[rows] - values[rows].mean()
        slopes.append(own @ codes[rows] / (own @ own))
    return np.mean(slopes, axis=0)


@wrong("one class decides")
def first_class(codes, values, classes):
    rows = classes == classes.min()
    own = values[rows] - values[rows].mean()
    return own @ codes[rows] / (own @ own)


@wrong("with noise the least squares are")
def largest_class(codes, values, classes):
    rows = classes == 7
    own = values[rows] - values[rows].mean()
    return own @ codes[rows] / (own @ own)


@wrong("a class with a single image")
def counted_with_the_last(codes, values, classes):
    names, counts = np.unique(classes, return_counts=True)
    alone = names[counts == 1]
    merged = np.where(np.isin(classes, alone), names.max(), classes)
    codes, values = within(codes, values, merged)
    return values @ codes / (values @ values)


EQUIVALENT = {}
