import statistics
import time

import numpy as np
from answers import right, wrong


@right
def with_numpy(start, repeats, clock, wait):
    times = []
    for number in range(repeats + 1):
        begin = clock()
        wait(start(number))
        times.append(clock() - begin)
    return np.median(times[1:])


@right
def two_that_warm_up(start, repeats, clock, wait):
    for number in (-1, -2):
        wait(start(number))

    def once(number):
        begin = clock()
        wait(start(number))
        return clock() - begin

    return statistics.median(once(number) for number in range(repeats))


@right
def sorted_by_hand(start, repeats, clock, wait):
    handle = start(1000)
    wait(handle)
    seconds = np.zeros(repeats)
    for number in range(repeats):
        begin = clock()
        handle = start(number)
        wait(handle)
        seconds[number] = clock() - begin
    seconds = sorted(seconds)
    return (seconds[(repeats - 1) // 2] + seconds[repeats // 2]) / 2


@wrong("the result is not there yet: wait first")
def wait_after_the_clock(start, repeats, clock, wait):
    wait(start(-1))
    seconds = []
    for number in range(repeats):
        begin = clock()
        handle = start(number)
        seconds.append(clock() - begin)
        wait(handle)
    return statistics.median(seconds)


@wrong("the compilation of the first call is still in it")
def mean_with_the_first(start, repeats, clock, wait):
    seconds = []
    for number in range(repeats):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return sum(seconds)


@wrong("just before each start to just after its wait")
def the_slowest_queue(start, repeats, clock, wait):
    wait(start(-1))
    begin = clock()
    for number in range(repeats):
        handle = start(number)
    wait(handle)
    return (clock() - begin) / repeats / 2


@wrong("a number was used twice")
def a_number_twice(start, repeats, clock, wait):
    wait(start(0))
    seconds = []
    for number in range(repeats):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return max(seconds)


@wrong("one more, at least, must warm up")
def first_thrown_away_of_five(start, repeats, clock, wait):
    seconds = []
    for number in range(repeats):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return statistics.median(seconds[1:])


@wrong("take the median, not the mean")
def the_mean(start, repeats, clock, wait):
    wait(start(-1))
    seconds = []
    for number in range(repeats):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return statistics.mean(seconds)


@wrong("the median, not the smallest")
def the_smallest(start, repeats, clock, wait):
    wait(start(-1))
    seconds = []
    for number in range(repeats):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return min(seconds)


@wrong("the timed calls have the median")
def always_five(start, repeats, clock, wait):
    wait(start(-1))
    seconds = []
    for number in range(5):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return statistics.median(seconds)


@wrong("is there a `return`?")
def nothing_returned(start, repeats, clock, wait):
    wait(start(-1))


@right
def with_other_numbers(start, repeats, clock, wait):
    wait(start("first"))
    ends = [clock()]
    for number in range(repeats):
        wait(start(number + 0.5))
        ends.append(clock())
    return np.quantile(np.diff(ends), 0.5)


@wrong("yours reads the clock while the result is not there yet")
def the_original(start, repeats, clock, wait):
    seconds = []
    for number in range(repeats):
        begin = clock()
        handle = start(number)
        seconds.append(clock() - begin)
    wait(handle)
    return sum(seconds) / len(seconds)


@wrong("that is the sum of them")
def the_sum(start, repeats, clock, wait):
    wait(start(-1))
    begin = clock()
    for number in range(repeats):
        wait(start(number))
    return clock() - begin


@wrong("those are milliseconds")
def milliseconds(start, repeats, clock, wait):
    return 1000 * with_numpy(start, repeats, clock, wait)


@wrong("the clock is never read")
def another_clock(start, repeats, clock, wait):
    return with_numpy(start, repeats, time.perf_counter, wait)


@wrong("wait takes the handle")
def waits_for_a_number(start, repeats, clock, wait):
    start(0)
    wait(0)


@wrong("wait for the warm-up as well")
def warm_up_not_waited_for(start, repeats, clock, wait):
    start(-1)
    seconds = []
    for number in range(repeats):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return statistics.median(seconds)


@wrong("repeats=4: 0.340 s")
def upper_median(start, repeats, clock, wait):
    wait(start(-1))
    seconds = []
    for number in range(repeats):
        begin = clock()
        wait(start(number))
        seconds.append(clock() - begin)
    return sorted(seconds)[len(seconds) // 2]


EQUIVALENT = {}
