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
    "zip(noises, times, strict=True) -> zip(noises, times)": "both have the same length",
    "True -> False": "both have the same length",
    "np.zeros_like -> np.ones_like": "at time 0 the end counts nothing",
    "0 -> -1": "all noises have the same shape",
}
