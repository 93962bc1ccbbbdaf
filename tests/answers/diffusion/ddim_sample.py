import numpy as np
from answers import right, wrong


def drawn(predict_noise, noise, kept, times, next_kept):
    noisy = noise
    for time, after in zip(times, next_kept, strict=True):
        predicted = predict_noise(noisy, time)
        with np.errstate(invalid="ignore"):
            data = (noisy - np.sqrt(1 - kept[time]) * predicted) / np.sqrt(kept[time])
            noisy = np.sqrt(after) * data + np.sqrt(1 - after) * predicted
    return noisy


def asked(kept, steps):
    return list(range(len(kept) - 1, -1, -(len(kept) // steps)))


@right
def with_a_longer_list(predict_noise, noise, kept, steps):
    longer, stride = np.concatenate([[1.0], kept]), len(kept) // steps
    times = asked(kept, steps)
    return drawn(predict_noise, noise, kept, times, [longer[time - stride + 1] for time in times])


@right
def with_the_next_time(predict_noise, noise, kept, steps):
    times = asked(kept, steps)
    return drawn(predict_noise, noise, kept, times, [*(kept[time] for time in times[1:]), 1.0])


@right
def in_ratios(predict_noise, noise, kept, steps):
    noisy, times = noise.copy(), np.arange(steps, 0, -1) * (len(kept) // steps) - 1
    for time, after in zip(times, [*kept[times[1:]], 1], strict=True):
        noisy *= np.sqrt(after / kept[time])
        back = noisy / np.sqrt(after / kept[time])
        noisy += (
            np.sqrt(1 - after) - np.sqrt(after * (1 - kept[time]) / kept[time])
        ) * predict_noise(back, time)
    return noisy


@wrong("one index too high, and the last one keeps")
def as_it_was(predict_noise, noise, kept, steps):
    times, stride = asked(kept, steps), len(kept) // steps
    return drawn(predict_noise, noise, kept, times, [kept[time - stride + 1] for time in times])


@wrong("kept[-1] wraps around")
def wrapped(predict_noise, noise, kept, steps):
    times, stride = asked(kept, steps), len(kept) // steps
    return drawn(predict_noise, noise, kept, times, [kept[time - stride] for time in times])


@wrong("the last step is clean now")
def half_repaired(predict_noise, noise, kept, steps):
    times, stride = asked(kept, steps), len(kept) // steps
    after = [1.0 if time < stride else kept[time - stride + 1] for time in times]
    return drawn(predict_noise, noise, kept, times, after)


@wrong("stops at index 0")
def clamped(predict_noise, noise, kept, steps):
    times, stride = asked(kept, steps), len(kept) // steps
    return drawn(predict_noise, noise, kept, times, [kept[max(time - stride, 0)] for time in times])


@wrong("one index too low")
def too_low(predict_noise, noise, kept, steps):
    times, stride = asked(kept, steps), len(kept) // steps
    after = [1.0 if time < stride else kept[max(time - stride - 1, 0)] for time in times]
    return drawn(predict_noise, noise, kept, times, after)


@wrong("every step lands one index below")
def single_steps(predict_noise, noise, kept, steps):
    times = asked(kept, steps)
    return drawn(
        predict_noise, noise, kept, times, [kept[time - 1] if time else 1.0 for time in times]
    )


@wrong("the result is wrong by")
def data_of_the_first_step(predict_noise, noise, kept, steps):
    times = asked(kept, steps)
    return drawn(predict_noise, noise, kept, times, [1.0] * len(times))


@wrong("the network is asked at")
def leading(predict_noise, noise, kept, steps):
    times = [time - len(kept) // steps + 1 for time in asked(kept, steps)]
    return drawn(predict_noise, noise, kept, times, [*(kept[time] for time in times[1:]), 1.0])


@wrong("a share of the variance above 1")
def more_than_all(predict_noise, noise, kept, steps):
    times = asked(kept, steps)
    return drawn(predict_noise, noise, kept, times, [*(kept[time] for time in times[1:]), 1.01])


@wrong("the result has shape")
def flat(predict_noise, noise, kept, steps):
    return with_the_next_time(predict_noise, noise, kept, steps).ravel()


@wrong("the last step lands at 0")
def nothing_kept_in_the_end(predict_noise, noise, kept, steps):
    times = asked(kept, steps)
    return drawn(predict_noise, noise, kept, times, [*(kept[time] for time in times[1:]), 0.0])


@wrong("index 0 is a time of its own")
def clean_too_early(predict_noise, noise, kept, steps):
    times, stride = asked(kept, steps), len(kept) // steps
    return drawn(
        predict_noise,
        noise,
        kept,
        times,
        [kept[time - stride] if time > stride else 1.0 for time in times],
    )


EQUIVALENT = {}
