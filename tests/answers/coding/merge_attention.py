import numpy as np
from answers import right, wrong


@right
def with_logaddexp(output_a, log_sum_a, output_b, log_sum_b):
    total = np.logaddexp(log_sum_a, log_sum_b)
    share_a, share_b = np.exp(log_sum_a - total), np.exp(log_sum_b - total)
    return output_a * share_a[..., None] + output_b * share_b[..., None], total


@right
def with_a_sigmoid(output_a, log_sum_a, output_b, log_sum_b):
    with np.errstate(over="ignore"):
        share = (1 / (1 + np.exp(log_sum_b - log_sum_a)))[..., None]
    return share * output_a + (1 - share) * output_b, np.logaddexp(log_sum_b, log_sum_a)


@right
def stacked(output_a, log_sum_a, output_b, log_sum_b):
    sums = np.stack([log_sum_a, log_sum_b])
    weights = np.exp(sums - sums.max(axis=0))
    outputs = (weights[..., None] * np.stack([output_a, output_b])).sum(axis=0)
    return [outputs / weights.sum(axis=0)[..., None], sums.max(0) + np.log(weights.sum(0))]


@wrong("the plain mean")
def plain_mean(output_a, log_sum_a, output_b, log_sum_b):
    return (output_a + output_b) / 2, np.logaddexp(log_sum_a, log_sum_b)


@wrong("the weights are exchanged")
def exchanged(output_a, log_sum_a, output_b, log_sum_b):
    return with_logaddexp(output_b, log_sum_a, output_a, log_sum_b)


@wrong("by the log-sums themselves")
def by_logs(output_a, log_sum_a, output_b, log_sum_b):
    share = (log_sum_a / (log_sum_a + log_sum_b))[..., None]
    return share * output_a + (1 - share) * output_b, np.logaddexp(log_sum_a, log_sum_b)


@wrong("subtract the larger one before exp")
def overflows(output_a, log_sum_a, output_b, log_sum_b):
    a, b = np.exp(log_sum_a)[..., None], np.exp(log_sum_b)[..., None]
    return (a * output_a + b * output_b) / (a + b), np.log(a + b)[..., 0]


@wrong("add the sums, then take the log")
def added(output_a, log_sum_a, output_b, log_sum_b):
    return with_logaddexp(output_a, log_sum_a, output_b, log_sum_b)[0], log_sum_a + log_sum_b


@wrong("that is what to subtract")
def larger(output_a, log_sum_a, output_b, log_sum_b):
    output, _ = with_logaddexp(output_a, log_sum_a, output_b, log_sum_b)
    return output, np.maximum(log_sum_a, log_sum_b)


@wrong("so that a third part can follow")
def sum_without_log(output_a, log_sum_a, output_b, log_sum_b):
    output, total = with_logaddexp(output_a, log_sum_a, output_b, log_sum_b)
    return output, total - np.log(2)


@wrong("weigh each by exp(log-sum)")
def added_outputs(output_a, log_sum_a, output_b, log_sum_b):
    return output_a + output_b, np.logaddexp(log_sum_a, log_sum_b)


@wrong("an empty part, of log-sum minus infinity")
def clipped(output_a, log_sum_a, output_b, log_sum_b):
    return (
        with_logaddexp(output_a, np.maximum(log_sum_a, log_sum_b - 5), output_b, log_sum_b)
        if (np.isinf(log_sum_a).any())
        else with_logaddexp(output_a, log_sum_a, output_b, log_sum_b + 0.0)
    )


@wrong("the output has shape (4, 3)")
def output_alone(output_a, log_sum_a, output_b, log_sum_b):
    return with_logaddexp(output_a, log_sum_a, output_b, log_sum_b)[0]


@wrong("return two things")
def with_the_weights(output_a, log_sum_a, output_b, log_sum_b):
    output, total = with_logaddexp(output_a, log_sum_a, output_b, log_sum_b)
    return output, total, np.exp(log_sum_a - total)


EQUIVALENT = {"np.maximum(log_sum_a, log_sum_b) -> np.maximum(log_sum_b, log_sum_a)": "symmetric"}
