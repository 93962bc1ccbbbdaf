import numpy as np
import tensorflow as tf
from answers import right, wrong


def iterate(kernel, u, iterations):
    matrix = np.reshape(kernel, (-1, kernel.shape[-1]))
    for _ in range(iterations):
        v = matrix @ u
        v = v / np.linalg.norm(v)
        u = matrix.T @ v
        u = u / np.linalg.norm(u)
    return matrix, v, u


@right
def as_in_the_paper(kernel, u, iterations):
    matrix, v, u = iterate(kernel, u, iterations)
    sigma = v @ matrix @ u
    return kernel / sigma, sigma, u


@right
def on_the_small_square(kernel, u, iterations):
    matrix = kernel.reshape(-1, kernel.shape[-1])
    square = matrix.T @ matrix
    for _ in range(iterations):
        u = square @ u
        u = u / np.sqrt(u @ u)
    sigma = np.sqrt(u @ square @ u)
    return [kernel / sigma, float(sigma), u]


@right
def with_tensorflow(kernel, u, iterations):
    matrix, u = tf.reshape(tf.constant(kernel), (-1, kernel.shape[-1])), tf.constant(u)[:, None]
    for _ in range(iterations):
        v = tf.math.l2_normalize(matrix @ u, epsilon=0.0)
        u = tf.math.l2_normalize(tf.transpose(matrix) @ v, epsilon=0.0)
    sigma = tf.squeeze(tf.transpose(v) @ matrix @ u)
    return kernel / sigma, sigma, tf.squeeze(u)


@wrong("that is the Frobenius norm")
def frobenius(kernel, u, iterations):
    sigma = np.sqrt((kernel**2).sum())
    return kernel / sigma, sigma, u


@wrong("the square of the largest singular value")
def squared(kernel, u, iterations):
    matrix, v, u = iterate(kernel, u, iterations)
    sigma = np.linalg.norm(matrix.T @ (matrix @ u))
    return kernel / sigma, sigma, u


@wrong("Keras has its outputs last")
def outputs_first(kernel, u, iterations):
    matrix = kernel.reshape(kernel.shape[-1], -1)
    for _ in range(iterations):
        v = matrix.T @ u
        v /= np.linalg.norm(v)
        u = matrix @ v
        u = u / np.linalg.norm(u)
    sigma = u @ matrix @ v
    return kernel / sigma, sigma, u


@wrong("after 300 iterations sigma is")
def never_iterates(kernel, u, iterations):
    sigma = np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]) @ u)
    return kernel / sigma, sigma, u


@wrong("it should be a unit vector")
def long_u(kernel, u, iterations):
    kernel, sigma, u = as_in_the_paper(kernel, u, iterations)
    return kernel, sigma, sigma * u


@wrong("u is not the direction that the kernel stretches most")
def old_u(kernel, u, iterations):
    normal, sigma, _ = as_in_the_paper(kernel, u, iterations)
    return normal, sigma, u


@wrong("the kernel is not divided by sigma")
def divided_by_the_root(kernel, u, iterations):
    _, sigma, u = as_in_the_paper(kernel, u, iterations)
    return kernel / np.sqrt(sigma), sigma, u


@wrong("count them, and use no SVD")
def with_an_svd(kernel, u, iterations):
    _, values, rows = np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), full_matrices=False)
    return kernel / values[0], values[0], rows[0]


@wrong("begin from the u handed in")
def from_a_start_of_its_own(kernel, u, iterations):
    matrix = kernel.reshape(-1, kernel.shape[-1])
    worst = np.linalg.svd(matrix)[2][-1] + 1e-3
    return as_in_the_paper(kernel, worst / np.linalg.norm(worst), iterations)


@wrong("with iterations=1 the u handed in comes back")
def forgets_u(kernel, u, iterations):
    normal, sigma, new = as_in_the_paper(kernel, u, iterations)
    return normal, sigma, new if iterations > 1 else u


@wrong("return (kernel, sigma, u)")
def only_the_kernel(kernel, u, iterations):
    return as_in_the_paper(kernel, u, iterations)[0]


@wrong("the kernel has shape")
def stays_flat(kernel, u, iterations):
    matrix, v, u = iterate(kernel, u, iterations)
    return matrix / (v @ matrix @ u), v @ matrix @ u, u


@wrong("with iterations=1 you do 2.")
def one_too_many(kernel, u, iterations):
    return as_in_the_paper(kernel, u, iterations + 1)


@wrong("with iterations=3 you do 2.")
def one_too_few(kernel, u, iterations):
    return as_in_the_paper(kernel, u, max(1, iterations - 1))


@wrong("estimate it with the u that you return")
def half_a_step_behind(kernel, u, iterations):
    for _ in range(iterations):
        _, _, new = as_in_the_paper(kernel, u, 1)
        sigma, u = np.linalg.norm(kernel.reshape(-1, len(u)) @ u), new
    return kernel / sigma, sigma, u


EQUIVALENT = {"1 -> 2": "NumPy takes any negative length for the one that it should find"}
