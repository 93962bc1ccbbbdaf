from answers import right, wrong


def change(average, z, t, s, velocity, step=1e-4, moves=1):
    ahead = average(z + step * velocity, t + moves * step, s)
    return (ahead - average(z - step * velocity, t - moves * step, s)) / (2 * step)


@right
def forward_difference(average, z, t, s, velocity):
    ahead = average(z + 1e-6 * velocity, t + 1e-6, s)
    return velocity + (s - t) * (ahead - average(z, t, s)) / 1e-6


@right
def both_sides(average, z, t, s, velocity):
    return velocity + (s - t) * change(average, z, t, s, velocity, step=1e-5)


@right
def backward_difference(average, z, t, s, velocity):
    h = 1e-6
    slope = (average(z, t, s) - average(z - h * velocity, t - h, s)) / h
    return velocity + s * slope - t * slope


@wrong("the sign of the derivative")
def other_sign(average, z, t, s, velocity):
    return velocity - (s - t) * change(average, z, t, s, velocity)


@wrong("the time moves too")
def position_only(average, z, t, s, velocity):
    return velocity + (s - t) * change(average, z, t, s, velocity, moves=0)


@wrong("z moves too")
def time_only(average, z, t, s, velocity):
    return velocity + (s - t) * change(average, z, t, s, 0 * velocity)


@wrong("the length of the interval")
def without_length(average, z, t, s, velocity):
    return velocity + change(average, z, t, s, velocity)


@wrong("where is the derivative")
def velocity_alone(average, z, t, s, velocity):
    return velocity


@wrong("it is wrong by")
def coarse(average, z, t, s, velocity):
    return velocity + (s - t) * change(average, z, t, s, velocity, step=0.5)


EQUIVALENT = {"0.0001 -> -0.0001": "the difference is taken to both sides"}
