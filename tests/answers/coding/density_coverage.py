import numpy as np
from answers import right, wrong


def distances(a, b):
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=-1))


def balls(real, fake, neighbours, border=False):
    radii = np.sort(distances(real, real), axis=1)[:, [neighbours]]
    between = distances(real, fake)
    return between <= radii if border else between < radii


@right
def by_table(real, fake, neighbours):
    inside = balls(real, fake, neighbours)
    return inside.mean() * len(real) / neighbours, np.mean(inside.sum(axis=1) > 0)


@right
def in_loops(real, fake, neighbours):
    count = covered = 0
    for place, centre in enumerate(real):
        others = np.delete(real, place, axis=0)
        radius = sorted(np.linalg.norm(others - centre, axis=1))[neighbours - 1]
        inside = np.linalg.norm(fake - centre, axis=1) < radius
        count, covered = count + inside.sum(), covered + bool(inside.any())
    return [count / neighbours / len(fake), covered / len(real)]


@right
def with_partition(real, fake, neighbours):
    own = distances(real, real)
    np.fill_diagonal(own, np.inf)
    radii = np.partition(own, neighbours - 1, axis=1)[:, neighbours - 1]
    inside = distances(fake, real) < radii
    return inside.sum(axis=1).mean() / neighbours, inside.any(axis=0).mean()


def faulty(density=None, coverage=None, **options):
    def answer(real, fake, neighbours):
        inside = balls(real, fake, neighbours, **options)
        values = (
            list(by_table(real, fake, neighbours))
            if not options
            else [
                inside.sum() / neighbours / len(fake),
                inside.any(axis=1).mean(),
            ]
        )
        if density:
            values[0] = density(inside, neighbours)
        if coverage:
            values[1] = coverage(inside)
        return values

    return answer


@wrong("its own nearest neighbour")
def itself(real, fake, neighbours):
    radii = np.sort(distances(real, real), axis=1)[:, [neighbours - 1]]
    inside = distances(real, fake) < radii
    return inside.sum() / neighbours / len(fake), inside.any(axis=1).mean()


wrong(
    "not divided by the number of neighbours", "times k", faulty(lambda i, k: i.sum() / i.shape[1])
)
wrong("at most 1: that is precision", "precision", faulty(lambda i, k: i.any(axis=0).mean()))
wrong("by that of the fakes", "by real", faulty(lambda i, k: i.sum() / k / len(i)))
wrong("the density should be", "a sum", faulty(lambda i, k: i.sum()))
wrong("the coverage counts fakes", "fakes", faulty(coverage=lambda i: i.any(axis=0).mean()))
wrong("the share of all pairs", "pairs", faulty(coverage=lambda i: i.mean()))
wrong("the coverage should be", "a count", faulty(coverage=lambda i: i.any(axis=1).sum()))
wrong("exactly on the border", "border", faulty(border=True))

EQUIVALENT = {
    "real[:, None] - others -> others - real[:, None]": "a distance has no sign",
    "1 -> -1 (2)": "the last of two axes",
}
