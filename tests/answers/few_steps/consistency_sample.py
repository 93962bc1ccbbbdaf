from answers import right, wrong


def jumps(average, noises, times, renoise, length=lambda t: 1 - t):
    end = 0 * noises[0]
    for t, noise in zip(times, noises, strict=True):
        z = renoise(t, end, noise)
        end = z + length(t) * average(z, t, 1.0)
    return end


@right
def first_jump_apart(average, noises, times):
    end = noises[0] + average(noises[0], 0.0, 1.0)
    for t, noise in list(zip(times, noises, strict=True))[1:]:
        z = noise + t * (end - noise)
        end = z + (1 - t) * average(z, t, 1.0)
    return end


@right
def as_in_the_lesson(average, noises, times):
    return jumps(average, noises, times, lambda t, end, noise: t * end + (1 - t) * noise)


@right
def by_index(average, noises, times):
    z, last = noises[0], len(times) - 1
    for index in range(last + 1):
        left = 1 - times[index]
        z = z + left * average(z, times[index], 1)
        if index < last:
            z = noises[index + 1] + times[index + 1] * (z - noises[index + 1])
    return z


@wrong("each needs fresh noise")
def same_noise(average, noises, times):
    return jumps(average, noises, times, lambda t, end, noise: t * end + (1 - t) * noises[0])


@wrong("exchanged")
def exchanged(average, noises, times):
    return jumps(
        average, noises, times, lambda t, end, noise: (1 - t) * end + t * noise if t else noise
    )


@wrong("mixed in, not added")
def added(average, noises, times):
    return jumps(average, noises, times, lambda t, end, noise: end + (1 - t) * noise)


@wrong("is 1 - t long")
def whole_length(average, noises, times):
    mixed = lambda t, end, noise: t * end + (1 - t) * noise  # noqa: E731
    return jumps(average, noises, times, mixed, lambda t: 1.0)


@wrong("there are")
def one_jump(average, noises, times):
    average(noises[0], 0.0, 1.0)
    return jumps(average, noises, times, lambda t, end, noise: t * end + (1 - t) * noise)


@wrong("the later time is 1")
def to_the_next(average, noises, times):
    return noises[0] + sum(average(noises[0], t, t) for t in times)


@wrong("the samples are wrong")
def no_noise_at_all(average, noises, times):
    return jumps(average, noises, times, lambda t, end, noise: end)


EQUIVALENT = {
    "np.zeros_like -> np.ones_like": "at time 0 the end counts nothing",
    "0 -> -1": "all noises have the same shape",
}
