import numpy as np
from answers import right, wrong


def normed(x, axis=-1, epsilon=1e-6):
    variance = x.var(axis=axis, keepdims=True)
    return (x - x.mean(axis=axis, keepdims=True)) / np.sqrt(variance + epsilon)


def three(condition, weight, bias):
    return np.split((condition @ weight + bias)[:, None, :], 3, axis=2)


@right
def as_in_the_paper(x, condition, weight, bias, branch):
    shift, scale, gate = three(condition, weight, bias)
    return x + gate * branch((1 + scale) * normed(x) + shift)


@right
def with_slices(x, condition, weight, bias, branch):
    width = x.shape[-1]
    made = (condition @ weight + bias).reshape(-1, 3, 1, width)
    inside = normed(x) + normed(x) * made[:, 1] + made[:, 0]
    return made[:, 2] * branch(inside) + x


@right
def image_by_image(x, condition, weight, bias, branch):
    width, inside, gates = x.shape[-1], [], []
    for image, one in zip(x, condition):
        made = one @ weight + bias
        inside.append(normed(image) * (1 + made[width : 2 * width]) + made[:width])
        gates.append(made[2 * width :])
    return x + np.array(gates)[:, None] * branch(np.array(inside))


@wrong("the residual is missing")
def no_residual(x, condition, weight, bias, branch):
    shift, scale, gate = three(condition, weight, bias)
    return gate * branch((1 + scale) * normed(x) + shift)


@wrong("should be 1 + scale")
def scale_alone(x, condition, weight, bias, branch):
    shift, scale, gate = three(condition, weight, bias)
    return x + gate * branch(scale * normed(x) + shift)


@wrong("the gate is missing")
def no_gate(x, condition, weight, bias, branch):
    shift, scale, _ = three(condition, weight, bias)
    return x + branch((1 + scale) * normed(x) + shift)


@wrong("shift and scale are exchanged")
def scale_first(x, condition, weight, bias, branch):
    scale, shift, gate = three(condition, weight, bias)
    return x + gate * branch((1 + scale) * normed(x) + shift)


@wrong("runs over the tokens")
def over_tokens(x, condition, weight, bias, branch):
    shift, scale, gate = three(condition, weight, bias)
    return x + gate * branch((1 + scale) * normed(x, axis=1) + shift)


@wrong("nothing is normalised")
def no_norm(x, condition, weight, bias, branch):
    shift, scale, gate = three(condition, weight, bias)
    return x + gate * branch((1 + scale) * x + shift)


@wrong("the norm over the width")
def gate_inside(x, condition, weight, bias, branch):
    shift, scale, gate = three(condition, weight, bias)
    return x + branch(gate * ((1 + scale) * normed(x) + shift))


@wrong("added to the VARIANCE")
def large_epsilon(x, condition, weight, bias, branch):
    shift, scale, gate = three(condition, weight, bias)
    spread = x.std(axis=-1, keepdims=True) + 1e-6
    return x + gate * branch((1 + scale) * (x - x.mean(-1, keepdims=True)) / spread + shift)


@wrong("should be the identity")
def never_quite_off(x, condition, weight, bias, branch):
    result = as_in_the_paper(x, condition, weight, bias, branch)
    return result if weight.any() else result + 1e-3
