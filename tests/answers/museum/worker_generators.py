import numpy as np
from answers import right, wrong


@right
def spawned(seed, epoch, workers):
    return [
        np.random.default_rng(child)
        for child in np.random.SeedSequence([seed, epoch]).spawn(workers)
    ]


@right
def spawn_keys(seed, epoch, workers):
    sequences = [
        np.random.SeedSequence(seed, spawn_key=(epoch, worker)) for worker in range(workers)
    ]
    return tuple(np.random.Generator(np.random.PCG64(sequence)) for sequence in sequences)


@right
def numbers_in_another_order(seed, epoch, workers):
    return [np.random.default_rng((worker + 1, epoch + 1, seed + 1)) for worker in range(workers)]


@wrong("all workers draw the same numbers")
def the_original(seed, epoch, workers):
    return [np.random.default_rng(seed) for _ in range(workers)]


@wrong("some of four workers")
def halves(seed, epoch, workers):
    return [np.random.default_rng([seed, epoch, worker // 2]) for worker in range(workers)]


@wrong("every epoch augments alike")
def without_the_epoch(seed, epoch, workers):
    return [np.random.default_rng([seed, worker]) for worker in range(workers)]


@wrong("sums collide")
def summed(seed, epoch, workers):
    return [np.random.default_rng(seed + epoch + worker) for worker in range(workers)]


@wrong("the neighbour drew in this one")
def summed_with_the_seed(seed, epoch, workers):
    return [np.random.default_rng([seed + worker, epoch]) for worker in range(workers)]


@wrong("hash the three numbers")
def with_a_factor(seed, epoch, workers):
    return [np.random.default_rng([seed, 100 * epoch + worker]) for worker in range(workers)]


@wrong("the same seed and epoch should give the same")
def without_a_seed(seed, epoch, workers):
    return [np.random.default_rng() for _ in range(workers)]


@wrong("another seed gives the same numbers")
def seed_ignored(seed, epoch, workers):
    return [np.random.default_rng([epoch, worker]) for worker in range(workers)]


@wrong("uses or seeds the global generator")
def seeds_the_world(seed, epoch, workers):
    np.random.seed(seed + epoch)
    return [np.random.default_rng(np.random.randint(2**31)) for _ in range(workers)]


@wrong("generators for 4 workers")
def one_for_all(seed, epoch, workers):
    return [np.random.default_rng([seed, epoch])]


@wrong("it should return NumPy Generators")
def old_generators(seed, epoch, workers):
    return [np.random.RandomState([seed, epoch, worker]) for worker in range(workers)]


@wrong("is there a `return`?")
def nothing_returned(seed, epoch, workers):
    [np.random.default_rng([seed, epoch, worker]) for worker in range(workers)]


@right
def jumped(seed, epoch, workers):
    source = np.random.PCG64([seed, epoch])
    return (np.random.Generator(source.jumped(worker)) for worker in range(workers))


@wrong("one Generator for 4 workers: return a list")
def a_single_one(seed, epoch, workers):
    return np.random.default_rng([seed, epoch])


@wrong("workers share one generator")
def shared(seed, epoch, workers):
    return [np.random.default_rng([seed, epoch])] * workers


@wrong("the streams are shifted, not different")
def shifted(seed, epoch, workers):
    return [
        np.random.Generator(np.random.PCG64([seed, epoch]).advance(worker))
        for worker in range(workers)
    ]


@wrong("a run draws in one epoch what another run draws in another")
def seed_plus_epoch(seed, epoch, workers):
    return [np.random.default_rng([seed + epoch, worker]) for worker in range(workers)]


@wrong("digits side by side, or a sum, are no key")
def digits_side_by_side(seed, epoch, workers):
    return [np.random.default_rng(int(f"{seed}{epoch}{worker}")) for worker in range(workers)]


EQUIVALENT = {}
