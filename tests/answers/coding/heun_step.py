import numpy as np
from answers import right, wrong


@right
def with_derivatives(x, now, then, denoise):
    first = (x - denoise(x, now)) / now
    end = x + first * (then - now)
    if then > 0:
        second = (end - denoise(end, then)) / then
        end = x + 0.5 * (first + second) * (then - now)
    return end


@right
def corrects_the_end(x, now, then, denoise):
    slope = (x - denoise(x, now)) / now
    end = x - (now - then) * slope
    if not then:
        return end
    return end + (then - now) / 2 * ((end - denoise(end, then)) / then - slope)


@right
def in_float32(x, now, then, denoise):
    return with_derivatives(x.astype("f4"), now, then, denoise)


def slope(x, sigma, denoise):
    return (x - denoise(x, sigma)) / sigma


@wrong("that is Euler's step")
def euler(x, now, then, denoise):
    return x + (then - now) * slope(x, now, denoise)


@wrong("only the second slope is used")
def second_alone(x, now, then, denoise):
    end = euler(x, now, then, denoise)
    return x + (then - now) * slope(end, then, denoise) if then else end


@wrong("taken at the old sigma")
def old_sigma(x, now, then, denoise):
    end = euler(x, now, then, denoise)
    if not then:
        return end
    return x + (then - now) * (slope(x, now, denoise) + slope(end, now, denoise)) / 2


@wrong("start again from x")
def goes_on_from_the_end(x, now, then, denoise):
    first = slope(x, now, denoise)
    end = x + (then - now) * first
    return end + (then - now) * (first + slope(end, then, denoise)) / 2 if then else end


@wrong("a falling sigma moves x towards")
def wrong_sign(x, now, then, denoise):
    first = -slope(x, now, denoise)
    end = x + (then - now) * first
    return x + (then - now) * (first - slope(end, then, denoise)) / 2 if then else end


@wrong("the step to sigma 0 gives NaN")
def divides_by_zero(x, now, then, denoise):
    first = slope(x, now, denoise)
    end = x + (then - now) * first
    return x + (then - now) * (first + np.divide(end - denoise(end, then), then)) / 2


@wrong("the step to sigma 0 should be Euler's")
def stays_above_zero(x, now, then, denoise):
    return with_derivatives(x, now, max(then, 0.1), denoise)


@wrong("one step should ask the network twice, not 3 times")
def asks_again(x, now, then, denoise):
    end = euler(x, now, then, denoise)
    if not then:
        return end
    return x + (then - now) * (slope(x, now, denoise) + slope(end, then, denoise)) / 2


@wrong("ask the network once, not 2 times")
def asks_for_nothing(x, now, then, denoise):
    end = euler(x, now, then, denoise) if not then else None
    denoise(x, now) if not then else None
    return with_derivatives(x, now, then, denoise) if then else end


@wrong("from sigma 3 to 1.2 should follow the mean")
def midpoint(x, now, then, denoise):
    half = (now + then) / 2
    middle = x + (half - now) * slope(x, now, denoise)
    return x + (then - now) * slope(middle, half, denoise) if then else middle
