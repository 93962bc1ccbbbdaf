import numpy as np
from answers import right, wrong


@right
def by_adding(labels, num_classes):
    return labels + 1, np.zeros_like(labels)


@right
def in_lists(labels, num_classes):
    return [[int(label) + 1 for label in labels], [0] * len(labels)]


@right
def with_a_table(labels, num_classes):
    return np.arange(1, num_classes + 1)[labels], 0.0 * labels


@wrong("whoever asks for a three gets a two")
def the_original(labels, num_classes):
    return labels, np.full(len(labels), num_classes)


@wrong("stands for the last class")
def half_repaired(labels, num_classes):
    return labels + 1, np.full(len(labels), num_classes)


@wrong("wraps around to code 0")
def wrapped(labels, num_classes):
    return (labels + 1) % num_classes, np.zeros_like(labels)


@wrong("class i has code i + 1")
def the_other_way(labels, num_classes):
    return labels - 1, np.zeros_like(labels)


@wrong("without a class the codes are")
def nothing_is_minus_one(labels, num_classes):
    return labels + 1, np.full(len(labels), -1)


@wrong("return two things as a tuple")
def one_array(labels, num_classes):
    return labels + 1


@wrong("the codes without a class has shape ()")
def one_number_for_nothing(labels, num_classes):
    return labels + 1, 0


@wrong("changes its input in place")
def in_place(labels, num_classes):
    labels += 1
    return labels, np.zeros_like(labels)


@right
def stacked(labels, num_classes):
    return np.stack([labels + 1, 0 * labels])


@wrong("they are exchanged")
def exchanged(labels, num_classes):
    return np.zeros_like(labels), labels + 1


EQUIVALENT = {}
