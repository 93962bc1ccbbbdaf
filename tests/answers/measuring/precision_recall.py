import numpy as np
from answers import right, wrong
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors


def radii_of(manifold, index):
    return np.sort(cdist(manifold, manifold), axis=1)[:, index]


def inside(points, manifold, index):
    return (cdist(points, manifold) <= radii_of(manifold, index)).any(axis=1).mean()


@right
def with_neighbours(generated, real, neighbours=3):
    def share(points, manifold):
        finder = NearestNeighbors(n_neighbors=neighbours + 1, algorithm="brute").fit(manifold)
        radii = finder.kneighbors(manifold)[0][:, -1]
        return (np.linalg.norm(points[:, None] - manifold, axis=-1) <= radii).any(axis=1).mean()

    return share(generated, real), share(real, generated)


@right
def with_squares(generated, real, neighbours=3):
    def squared(one, two):
        return np.sum((one[:, None] - two[None]) ** 2, axis=2)

    def share(points, manifold):
        radii = np.partition(squared(manifold, manifold), neighbours, axis=1)[:, neighbours]
        return float(np.mean(np.any(squared(points, manifold) <= radii, axis=1)))

    return [share(generated, real), share(real, generated)]


@right
def without_itself(generated, real, neighbours=3):
    def share(points, manifold):
        distances = cdist(manifold, manifold)
        np.fill_diagonal(distances, np.inf)
        radii = np.sort(distances, axis=1)[:, neighbours - 1]
        return sum(any(cdist(point[None], manifold)[0] <= radii) for point in points) / len(points)

    return share(generated, real), share(real, generated)


@wrong("return two things as a tuple: (precision, recall)")
def precision_only(generated, real, neighbours=3):
    return inside(generated, real, neighbours)


@wrong("precision and recall are exchanged")
def exchanged(generated, real, neighbours=3):
    return inside(real, generated, neighbours), inside(generated, real, neighbours)


@wrong("balls one neighbour too small")
def too_small(generated, real, neighbours=3):
    return inside(generated, real, neighbours - 1), inside(real, generated, neighbours - 1)


@wrong("balls one neighbour too large")
def too_large(generated, real, neighbours=3):
    return inside(generated, real, neighbours + 1), inside(real, generated, neighbours + 1)


@wrong("`neighbours` is ignored")
def ignores_neighbours(generated, real, neighbours=3):
    return inside(generated, real, 3), inside(real, generated, 3)


@wrong("a point on the rim")
def strictly(generated, real, neighbours=3):
    between = cdist(generated, real)
    recall = (between.T < radii_of(generated, neighbours)).any(axis=1).mean()
    return (between < radii_of(real, neighbours)).any(axis=1).mean(), recall


@wrong("you count balls that hold a point")
def coverage(generated, real, neighbours=3):
    between = cdist(generated, real)
    recall = (between.T <= radii_of(generated, neighbours)).any(axis=0).mean()
    return (between <= radii_of(real, neighbours)).any(axis=0).mean(), recall


@wrong("both come from the balls of the real images")
def real_balls(generated, real, neighbours=3):
    within = cdist(generated, real) <= radii_of(real, neighbours)
    return within.any(axis=1).mean(), within.any(axis=0).mean()


@wrong("every ball has the mean radius")
def mean_radius(generated, real, neighbours=3):
    between = cdist(generated, real)
    recall = (between.T <= radii_of(generated, neighbours).mean()).any(axis=1).mean()
    return (between <= radii_of(real, neighbours).mean()).any(axis=1).mean(), recall


@wrong("with 3 neighbours it should be")
def nearest_only(generated, real, neighbours=3):
    def share(points, manifold):
        distances = cdist(points, manifold)
        return (
            distances.min(axis=1) <= radii_of(manifold, neighbours)[distances.argmin(axis=1)]
        ).mean()

    return share(generated, real), share(real, generated)


@wrong("precision has shape (70,)")
def not_averaged(generated, real, neighbours=3):
    between = cdist(generated, real)
    return (between <= radii_of(real, neighbours)).any(axis=1), inside(real, generated, neighbours)


@wrong("that of its centre")
def radius_of_the_point(generated, real, neighbours=3):
    between = cdist(generated, real)
    recall = (between <= radii_of(real, neighbours)).any(axis=0).mean()
    return (between <= radii_of(generated, neighbours)[:, None]).any(axis=1).mean(), recall


@wrong("these are percent")
def percent(generated, real, neighbours=3):
    return 100 * inside(generated, real, neighbours), 100 * inside(real, generated, neighbours)


@wrong("a copy of an image is another image")
def without_copies(generated, real, neighbours=3):
    def share(points, manifold):
        radii = [np.sort(row[row > 0])[neighbours - 1] for row in cdist(manifold, manifold)]
        return (cdist(points, manifold) <= radii).any(axis=1).mean()

    return share(generated, real), share(real, generated)


EQUIVALENT = {
    "cdist(manifold, manifold) -> cdist(manifold, manifold)": "the two arguments are the same"
}
