"""Checks of exercises 70: bytes, FLOPs, seconds and dollars, and a stopwatch that lies.

An estimate is a dictionary of questions. Each is compared with an independent count, and first with
what the tempting mistakes give.
"""

import math

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import estimates
from genimg_lib.checks.speed import questions


@checker
def kv_cache_bytes(answer):
    """Source: Shazeer, arXiv:1911.02150; Kwon et al., arXiv:2309.06180."""
    shape = {
        "layers": 24,
        "kv_heads": 16,
        "head_dim": 64,
        "tokens": 256,
        "images": 1,
        "bytes_per_number": 2,
    }

    def cache(guided=False, **changed):
        return float(array(answer(**(shape | changed), guided=guided), "the result", ()))

    found = cache()
    right = 24 * 2**20
    expect(
        np.isfinite(found),
        f"the first example gives {found}: is a small type used for large numbers?",
    )
    twice = found == 2 * right
    expect(
        not twice,
        "48 MiB for the first example, which is not guided: only `guided` adds the second branch.",
    )
    expect(
        found != right / 2,
        "12 MiB for the first example: keys AND values are kept, so there is a factor 2.",
    )
    expect(found != 8 * right, "the first example gives eight times too much: those are bits.")
    expect(
        not close(found * 2**20, right) and not close(found * 1e6, right),
        "the result should be in bytes.",
    )
    expect(
        cache(tokens=1024) != 16 * found,
        "it grows with tokens squared; the square table of scores is not kept.",
    )
    expect(
        close(cache(tokens=1024), 4 * found),
        "four times the tokens must take four times the bytes.",
    )
    yield "linear in tokens"

    for name, changed, why in (
        ("layers", 12, "every layer keeps keys and values of its own."),
        ("kv_heads", 4, "fewer of them, shared by queries, save memory."),
        ("head_dim", 32, "it is how many numbers a key of one head has."),
        ("images", 3, "every image of the batch has a cache of its own."),
        ("bytes_per_number", 1, "8-bit caches halve 16-bit ones."),
    ):
        expect(cache(**{name: changed}) != found, f"{name} does not matter in yours; {why}")
    expect(
        cache(guided=True) != found,
        "guidance costs nothing in yours; the branch without a condition has keys of its own.",
    )
    expect(
        close(cache(guided=True), 2 * found),
        "guidance runs two branches: it must double the cache.",
    )
    yield "guidance doubles it"

    expect(
        close(found, right),
        f"the first example gives {found:,.0f} bytes; it should be 24 MiB, {right:,} bytes.",
    )
    random = np.random.default_rng(0)
    for guided in (False, True):
        given = dict(zip(shape, map(int, random.integers(1, 50, size=len(shape))), strict=True))
        expected = 2 * math.prod(given.values()) * (1 + guided)
        found = cache(guided, **given)
        expect(
            close(found, expected),
            f"{given}, guided={guided} must give {expected:,} bytes, not {found:,.0f}.",
        )
    expect(cache(tokens=0) == 0, "no tokens need no bytes.")
    yield "24 MiB, and other sizes"


@checker
def median_seconds(answer):
    """Source: JAX documentation, "Asynchronous dispatch" and "Benchmarking JAX code"."""
    work = (0.30, 0.31, 0.32, 0.33, 0.34)

    def measure(repeats, **options):
        device = Device(work, **options)
        seconds = float(
            array(answer(device.start, repeats, device.clock, device.wait), "the result", ())
        )
        return seconds, device

    def compare(repeats, **options):
        found, device = measure(repeats, **options)
        expected = float(np.median(device.timed[-repeats:]))
        waited = not device.queued
        expect(
            waited or close(found, expected),
            "the first timed call stands in the queue: wait for the warm-up as well.",
        )
        words = (
            f"repeats={repeats}: {found:.3f} s; the timed calls have the median {expected:.3f} s."
        )
        expect(close(found, expected), words)

    found, device = measure(5)
    typical = [device.launch + seconds for seconds in work]
    low = min(typical) - 1e-9
    high = max(typical) + 1e-9
    calls = f"{found:.3f} s for calls of {low:.2f} to {high:.2f} s"
    expect(device.read, "the clock is never read: all time comes from `clock()`.")
    expect(
        device.asked == len(device.seen),
        "a number was used twice; the result of a known number comes from memory.",
    )
    right = low <= found <= high
    expect(
        right or not device.early,
        f"{calls}: yours reads the clock while the result is not there yet: wait first.",
    )
    expect(
        right or not low <= found / 1000 <= high,
        f"{calls}: those are milliseconds; `clock` counts in seconds.",
    )
    expect(right or not device.cold, f"{calls}: the compilation of the first call is still in it.")
    expect(
        right or not close(found, sum(device.timed[-5:])),
        f"{calls}: that is the sum of them; what does one take?",
    )
    expect(right, f"{calls}: from just before each start to just after its wait.")
    yield "neither compilation nor an unfinished call"

    expect(
        len(device.seen) > 5,
        f"{len(device.seen)} calls for 5 repeats: one more, at least, must warm up.",
    )
    yield "every call is a new one"

    found, device = measure(5, hiccup=2)
    expect(
        found < 1.0,
        f"one hiccup of 9 s in five calls makes yours {found:.2f} s: "
        "take the median, not the mean.",
    )
    found, device = measure(5, dip=2)
    expect(
        found > 0.2,
        f"one call that was free of charge makes yours {found:.2f} "
        "s: the median, not the smallest.",
    )
    compare(5, hiccup=2)
    compare(5, dip=2)
    yield "one odd call does not move it"

    for repeats in (1, 3, 4, 8):
        compare(repeats)
    yield "as many repeats as asked"


class Handle(int):
    """What `start` returns and `wait` takes: no other number will do."""


class Device:
    """A clock and a device that compiles at its first call, returns before it is done, and works
    through a queue.

    `read`: the clock was read; `early`: while something that was started was not there; `cold`:
    before the compilation; `queued`: a call had to wait for another.
    """

    launch = 0.01

    def __init__(self, work, hiccup=None, dip=None):
        self.work = work
        self.hiccup = hiccup
        self.dip = dip
        self.now = 100.0
        self.free = 100.0
        self.asked = 0
        self.read = self.early = self.cold = self.queued = False
        self.seen: dict = {}
        self.timed: list[float] = []

    def clock(self):
        self.read = True
        self.early = self.early or self.free > self.now
        return self.now

    def start(self, number):
        self.asked += 1
        self.queued |= self.free > self.now
        self.cold |= self.read and not self.seen
        compiling = 0.0 if self.seen else 2.0
        self.now += self.launch + compiling
        if number not in self.seen:
            count = len(self.seen)
            cost = (
                {self.hiccup: 9.0, self.dip: 0.0}.get(count, self.work[count % len(self.work)])
                if count
                else 0.5
            )
            self.free = max(self.free, self.now) + cost
            self.seen[number] = Handle(len(self.timed)), self.free
            self.timed.append(self.launch + compiling + cost)
        return self.seen[number][0]

    def wait(self, handle):
        expect(
            isinstance(handle, Handle),
            f"wait takes the handle that start returned, and got {short(handle)}.",
        )
        self.now = max(self.now, max(done for known, done in self.seen.values() if known == handle))
        return handle


@value_checker
def amdahl(answers):
    """Source: Amdahl, AFIPS spring joint computer conference, 1967."""
    yield from estimates(answers, questions.amdahl())


@value_checker
def decoding_flops(answers):
    """Source: Kaplan et al., arXiv:2001.08361, section 2.1."""
    yield from estimates(answers, questions.decoding_flops(), tolerance=0.02)


@value_checker
def bandwidth_floor(answers):
    """Source: Shazeer, arXiv:1911.02150; Pope et al., arXiv:2211.05102."""
    yield from estimates(answers, questions.bandwidth_floor())


@value_checker
def serving_cost(answers):
    """An hour's price over the images of that hour."""
    yield from estimates(answers, questions.serving_cost())
    expect(float(answers["cards_at_peak"]) == 23, "cards_at_peak: cards come whole.")


@value_checker
def compute_bound_batch(answers):
    """Source: Williams, Waterman and Patterson, CACM 52(4), 2009; Pope et al., arXiv:2211.05102."""
    yield from estimates(answers, questions.compute_bound_batch())


@value_checker
def parallel_steps(answers):
    """Source: Chang et al., arXiv:2202.04200."""
    yield from estimates(answers, questions.parallel_steps())
