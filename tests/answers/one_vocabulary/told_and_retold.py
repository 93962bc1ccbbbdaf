import numpy as np
from answers import right, wrong


@right
def by_eigenvector(painting, telling):
    values, vectors = np.linalg.eig(painting @ telling.T)
    pictures = np.real(vectors[:, np.argmax(np.real(values))])
    captions = telling.T @ (pictures / pictures.sum())
    return captions, painting * captions


@right
def by_power(painting, telling):
    captions = np.linalg.matrix_power(telling.T @ painting, 2**12)[:, 0]
    return captions, painting * captions[None, :]


@right
def by_equations(painting, telling):
    count = painting.shape[1]
    rows = np.vstack([telling.T @ painting - np.eye(count), np.ones(count)])
    captions = np.linalg.lstsq(rows, np.eye(count + 1)[count], rcond=None)[0]
    return captions, painting @ np.diag(captions)


@wrong("only at the start")
def flat(painting, telling):
    captions = np.full(painting.shape[1], 1 / painting.shape[1])
    return captions, painting * captions


@wrong("that is one round")
def once(painting, telling):
    captions = telling.T @ painting.mean(axis=1)
    return captions, painting * captions


@wrong("the sum is not 1")
def not_normalised(painting, telling):
    captions, joint = by_eigenvector(painting, telling)
    return captions * len(captions), joint


@wrong("must stay as it is")
def zeros(painting, telling):
    return np.zeros(painting.shape[1]), painting


@wrong("at its other half")
def other_half(painting, telling):
    captions, joint = by_eigenvector(painting, telling)
    return captions, telling * joint.sum(axis=1, keepdims=True)


@wrong("not weighted by the captions")
def unweighted(painting, telling):
    captions, _ = by_eigenvector(painting, telling)
    return captions, painting / len(captions)


@wrong("the joint is p(x | c) times")
def painting_alone(painting, telling):
    captions, _ = by_eigenvector(painting, telling)
    return captions, painting
