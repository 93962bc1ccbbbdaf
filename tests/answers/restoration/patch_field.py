import numpy as np
from answers import right, wrong


@right
def from_the_logit_back(layers):
    field, step = 1, 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
        step *= stride
    return field, step


@right
def with_products(layers):
    steps = np.cumprod([1, *(stride for _, stride in layers)])
    return [1 + sum((k - 1) * s for (k, _), s in zip(layers, steps, strict=False)), steps[-1]]


@right
def by_listing(layers):
    ends = []
    for place in (0, 1):
        seen = {place}
        for kernel, stride in layers[::-1]:
            seen = {p * stride + k for p in seen for k in range(kernel)}
        ends.append((min(seen), max(seen)))
    return ends[0][1] - ends[0][0] + 1, ends[1][0] - ends[0][0]


@wrong("the two are exchanged")
def exchanged(layers):
    return with_products(layers)[::-1]


@wrong("only what later layers see")
def stride_first(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        field += (kernel - 1) * step
    return field, step


@wrong("the first one is at the input")
def wrong_end_first(layers):
    return with_products(layers[::-1])


@wrong("strides are left out")
def without_strides(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers), with_products(layers)[1]


@wrong("kernels overlap")
def added_kernels(layers):
    return sum(kernel for kernel, _ in layers), with_products(layers)[1]


@wrong("the step is the product")
def added_strides(layers):
    return with_products(layers)[0], sum(stride for _, stride in layers)


@wrong("one pixel too few")
def begins_at_zero(layers):
    field, step = with_products(layers)
    return field - 1, step


@wrong("reaches no single logit")
def product_of_all(layers):
    return int(np.prod([kernel * stride for kernel, stride in layers])), 1


@wrong("return two things")
def only_the_field(layers):
    return with_products(layers)[0]


EQUIVALENT = {}
