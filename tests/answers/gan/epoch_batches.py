import numpy as np
from answers import right, wrong


def refuse(batch_size):
    if batch_size < 1:
        raise ValueError("at least one")


@right
def with_split(count, batch_size, random, drop_last):
    refuse(batch_size)
    batches = [
        b
        for b in np.split(random.permutation(count), range(batch_size, count, batch_size))
        if len(b)
    ]
    return batches[: count // batch_size] if drop_last else batches


@right
def in_place_shuffle_and_lists(count, batch_size, random, drop_last):
    refuse(batch_size)
    order = list(range(count))
    random.shuffle(order)
    steps = count // batch_size if drop_last else -(-count // batch_size)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(steps)]


@right
def sorting_noise(count, batch_size, random, drop_last):
    refuse(batch_size)
    order, stop = (
        np.argsort(random.random(count)),
        count - count % batch_size if drop_last else count,
    )
    return tuple(
        order[start : min(start + batch_size, stop)] for start in range(0, stop, batch_size)
    )


@right
def one_at_a_time(count, batch_size, random, drop_last):
    refuse(batch_size)
    order = random.permutation(count)
    for start in range(0, count - batch_size + 1 if drop_last else count, batch_size):
        yield order[start : start + batch_size]


@wrong("return a list of index arrays")
def how_many(count, batch_size, random, drop_last):
    return count // batch_size


@wrong("5 batches; there should be 11")
def the_articles(count, batch_size, random, drop_last):
    refuse(batch_size)
    return [np.arange(count)[i : i + 1] for i in range(batch_size // 2)]


@wrong("11 batches; there should be 10")
def never_drops(count, batch_size, random, drop_last):
    return in_place_shuffle_and_lists(count, batch_size, random, False)


@wrong("10 batches; there should be 11")
def always_drops(count, batch_size, random, drop_last):
    return in_place_shuffle_and_lists(count, batch_size, random, True)


@wrong("the batches hold [9, 10")
def short_one_first(count, batch_size, random, drop_last):
    batches = in_place_shuffle_and_lists(count, batch_size, random, drop_last)
    return [batches[0][:-1], *batches[1:]]


@wrong("there is an index outside 0 ... 102")
def counting_from_one(count, batch_size, random, drop_last):
    return [np.asarray(batch) + 1 for batch in with_split(count, batch_size, random, drop_last)]


@wrong("drawing with replacement")
def with_replacement(count, batch_size, random, drop_last):
    return [
        random.integers(0, count, len(batch))
        for batch in with_split(count, batch_size, random, drop_last)
    ]


@wrong("nothing is shuffled")
def in_order(count, batch_size, random, drop_last):
    refuse(batch_size)
    stop = count - count % batch_size if drop_last else count
    return [np.arange(start, min(start + batch_size, stop)) for start in range(0, stop, batch_size)]


@wrong("both epochs hold the same groups")
def shuffles_the_batches(count, batch_size, random, drop_last):
    batches = in_order(count, batch_size, random, drop_last)
    full = batches[: count // batch_size]
    random.shuffle(full)
    return full + batches[count // batch_size :]


@wrong("take the randomness from `random` alone")
def global_randomness(count, batch_size, random, drop_last):
    return with_split(count, batch_size, np.random, drop_last)


@wrong("batch sizes of 0 should raise ValueError; yours raises ZeroDivisionError")
def divides(count, batch_size, random, drop_last):
    steps = count // batch_size if drop_last else -(-count // batch_size)
    order = random.permutation(count)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(steps)]


@wrong("batch sizes of -1 are accepted: raise ValueError")
def refuses_zero_only(count, batch_size, random, drop_last):
    if batch_size == 0:
        raise ValueError("not zero")
    return divides(count, batch_size, random, drop_last) if batch_size > 0 else []


@wrong("100% of the steps between neighbours are the same")
def begins_anywhere(count, batch_size, random, drop_last):
    refuse(batch_size)
    order = np.roll(np.arange(count), random.integers(count))
    batches = np.split(order, range(batch_size, count, batch_size))
    return batches[: count // batch_size] if drop_last else batches


@wrong("index and position correlate by 0.9")
def small_shuffle_buffer(count, batch_size, random, drop_last):
    refuse(batch_size)
    waiting, order = list(range(count)), []
    while waiting:
        order.append(waiting.pop(random.integers(min(20, len(waiting)))))
    batches = np.split(np.array(order), range(batch_size, count, batch_size))
    return batches[: count // batch_size] if drop_last else batches


@wrong("98% of the steps")
def three_exchanges(count, batch_size, random, drop_last):
    refuse(batch_size)
    order = np.arange(count)
    for _ in range(3):
        one, other = random.integers(count, size=2)
        order[[one, other]] = order[[other, one]]
    batches = np.split(order, range(batch_size, count, batch_size))
    return batches[: count // batch_size] if drop_last else batches


@wrong("a batch should be a 1-D array of indices")
def one_flat_order(count, batch_size, random, drop_last):
    refuse(batch_size)
    return random.permutation(count)


@wrong("drop what is left of the new order, not of the items")
def drops_before_it_shuffles(count, batch_size, random, drop_last):
    refuse(batch_size)
    if drop_last:
        count = count // batch_size * batch_size
    order = random.permutation(count)
    return [order[i : i + batch_size] for i in range(0, count, batch_size)]


@wrong("in 700 of them, and should be in about 100")
def tail_stays(count, batch_size, random, drop_last):
    refuse(batch_size)
    full = count // batch_size * batch_size
    order = np.concatenate([random.permutation(full), np.arange(full, count)])
    stop = full if drop_last else count
    return [order[i : i + batch_size] for i in range(0, stop, batch_size)]


EQUIVALENT = {"1 -> 0": "`range` refuses a step of 0 with the same ValueError"}
