import numpy as np
from answers import right, wrong


@right
def with_partition(own_members, own_others, members, others, rate):
    place = int(np.floor(rate * len(own_others)))
    threshold = np.partition(own_others, place)[place]
    return (members < threshold).mean(), (others < threshold).mean()


@right
def in_a_list(own_members, own_others, members, others, rate):
    threshold = sorted(own_others)[int(rate * len(own_others))]
    return [sum(loss < threshold for loss in group) / len(group) for group in (members, others)]


@right
def as_an_array(own_members, own_others, members, others, rate):
    threshold = np.sort(own_others)[int(rate * len(own_others))]
    return np.array([np.mean(group < threshold) for group in (members, others)])


@wrong("the threshold still comes from members")
def as_it_was(own_members, own_others, members, others, rate):
    threshold = np.quantile(own_members, 1 - rate)
    return np.mean(members < threshold), np.mean(others < threshold)


@wrong("whoever knows that they are others")
def peeks(own_members, own_others, members, others, rate):
    return in_a_list(own_members, others, members, others, rate)


@wrong("the low end of the members")
def from_low_members(own_members, own_others, members, others, rate):
    return in_a_list(own_others, own_members, members, others, rate)


@wrong("members and others are exchanged")
def exchanged(own_members, own_others, members, others, rate):
    return in_a_list(own_members, own_others, members, others, rate)[::-1]


@wrong("is not below it")
def at_the_threshold(own_members, own_others, members, others, rate):
    threshold = np.sort(own_others)[int(rate * len(own_others))]
    return np.mean(members <= threshold), np.mean(others <= threshold)


@wrong("(found, accused) should be")
def high_losses(own_members, own_others, members, others, rate):
    threshold = np.sort(own_others)[int(rate * len(own_others))]
    return np.mean(members > threshold), np.mean(others > threshold)


@wrong("return two things")
def only_found(own_members, own_others, members, others, rate):
    return in_a_list(own_members, own_others, members, others, rate)[0]


EQUIVALENT = {}
