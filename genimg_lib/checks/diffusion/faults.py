"""What the tempting mistakes in exercises 50 give.

Each function takes what was found and what the answer was given. It returns the right value, what
to say of any other, and the values that tempting mistakes give, by what is said of them: the
arguments of `judge.match`.
"""

from itertools import pairwise

import numpy as np

from genimg_lib.checks.core import short


def _columns(times, like):
    """One number for each image, with as many axes as the images."""
    return np.reshape(times, (-1, *[1] * (like.ndim - 1)))


def jump(found, images, times, noise, betas):
    def mixed(kept):
        kept = _columns(kept, images)
        with np.errstate(invalid="ignore"):
            return np.sqrt(kept) * images + np.sqrt(1 - kept) * noise

    products = np.cumprod(1 - betas)
    kept = products[times]
    before = np.concatenate([[1.0], products])[times]
    share = _columns(kept, images)
    signal = np.sqrt(share) * images
    tempting = {
        "no roots are taken: kept is a share of the variance.": share * images
        + (1 - share) * noise,
        "the noise has no root: it is 1 - kept that is its variance.": signal + (1 - share) * noise,
        "the noise's weight is 1 - sqrt(kept): variances must add up to 1.": signal
        + (1 - np.sqrt(share)) * noise,
        "that is one step's kernel: to jump to a time, multiply 1 "
        "- beta over all steps up to it.": mixed(1 - betas[times]),
        "off by one: time 0 is the first noising step, not the clean image.": mixed(before),
        "off by one: products[time - 1] wraps around at time 0, to the very end.": mixed(
            products[times - 1]
        ),
        "all images get the time of the first one.": mixed(np.full(len(times), kept[0])),
        "signal and noise are exchanged.": mixed(1 - kept),
        "betas are multiplied: it is 1 - beta that is kept in each step.": mixed(
            np.cumprod(betas)[times]
        ),
        "time runs backwards: it grows towards the noise.": mixed(products[::-1][times]),
        "1 minus the sum of the betas is only what the product begins with: multiply 1 - beta.": (
            mixed(np.clip(1 - np.cumsum(betas), 0, 1)[times])
        ),
        "all images get the noise of the first one; each has noise of its own.": signal
        + np.sqrt(1 - share) * noise[:1],
        "only the last step's noise is added; that of all steps "
        "before is in the image as well.": signal + np.sqrt(_columns(betas[times], images)) * noise,
    }
    right = mixed(kept)
    if images.shape[0] == images.shape[-1] and images.ndim == 2:
        flat = np.sqrt(kept) * images + np.sqrt(1 - kept) * noise
        tempting[
            "the times run along the pixels: give them axes, so that there is one for each image."
        ] = flat
    image = np.argmax(np.abs(found - right).reshape(len(images), -1).max(1))
    words = f"image {image} (time {times[image]}) is wrong by {np.abs(found - right).max():.3g}."
    return right, words, tempting


def path_point(found, data, noise, times):
    t = _columns(times, data)
    tempting = {
        "at time 0 there should be noise and at time 1 data; yours runs the other way.": (1 - t)
        * data
        + t * noise,
        "weights with roots belong to a path that keeps the "
        "variance; here it is a straight line.": np.sqrt(t) * data + np.sqrt(1 - t) * noise,
        "all data get the time of the first.": times[0] * data + (1 - times[0]) * noise,
        "that is the velocity; return the point first.": data - noise,
    }
    right = t * data + (1 - t) * noise
    words = (
        f"the point is wrong by {np.abs(found - right).max():.3g}: it lies a share t of the "
        "way from noise to data."
    )
    return right, words, tempting


def path_velocity(found, data, noise, times):
    t = _columns(times, data)
    tempting = {
        "the velocity points to the noise: time runs from noise to data.": noise - data,
        "that is the noise: this network predicts a velocity.": noise,
        "that is the data: this network predicts a velocity.": data,
        "that is the way that is left; the speed is the same all the way.": (1 - t)
        * (data - noise),
        "that is the way walked so far; the velocity is its rate.": t * (data - noise),
    }
    words = (
        f"the velocity is wrong by {np.abs(found - (data - noise)).max():.3g}: differentiate "
        "the point by t."
    )
    return data - noise, words, tempting


def end(found, which, noisy, velocity, times):
    t = _columns(times, noisy)
    data = noisy + (1 - t) * velocity
    noise = noisy - t * velocity
    right, other = (data, noise) if which == "data" else (noise, data)
    tempting = {
        "data and noise are exchanged.": other,
        "the data lie ahead: add the velocity times what is left.": noisy - (1 - t) * velocity,
        "the noise lies behind: subtract the velocity times what is done.": noisy + t * velocity,
        "the whole velocity is walked, as from the other end; walk only a share of it.": noisy
        + velocity,
        "the whole velocity is walked back; walk only what is done.": noisy - velocity,
        "your data need what is left, 1 - t, not what is done.": noisy + t * velocity,
    }
    if which == "data":
        del tempting["the noise lies behind: subtract the velocity times what is done."]
    worst = np.argmax(np.abs(found - right).reshape(len(times), -1).max(1))
    words = (
        f"at time {times[worst]:.3g} the {which} should begin with "
        f"{right[worst].flat[0]:.4g}; yours with"
    )
    words = f"{words} {found[worst].flat[0]:.4g}."
    return right, words, tempting


def trail(found, velocity, noise, times):
    def walk(at, lengths):
        points = [noise]
        for time, length in zip(at, lengths, strict=True):
            points.append(points[-1] + length * velocity(points[-1], time))
        return np.array(points)

    def midpoint():
        points = [noise]
        for time, length in zip(times, lengths, strict=False):
            middle = points[-1] + length / 2 * velocity(points[-1], time)
            points.append(points[-1] + length * velocity(middle, time + length / 2))
        return np.array(points)

    lengths = np.diff(times)
    right = walk(times[:-1], lengths)
    tempting = {
        "steps are taken as equally long; their lengths are the differences of the times.": walk(
            times[:-1], np.full(len(lengths), (times[-1] - times[0]) / len(lengths))
        ),
        "the velocity is asked at the end of a step; Euler asks at its beginning.": walk(
            times[1:], lengths
        ),
        "you walk backwards: add the velocity.": walk(times[:-1], -lengths),
        "each step is as long as the time itself, not as what is added to it.": walk(
            times[:-1], times[1:]
        ),
        "the velocity is not multiplied by the length of the step.": walk(
            times[:-1], np.ones(len(lengths))
        ),
        "every velocity is that of the start: ask anew in every step.": noise
        + (times - times[0])[:, None, None] * velocity(noise, times[0]),
        "all positions are the last one: the same array stands "
        "in the list again and again.": np.broadcast_to(right[-1], right.shape),
        "the velocity is asked in the middle of a step, which takes two runs of the network: Euler "
        "asks once, at the beginning.": midpoint(),
        "the trail runs from the end to the noise: it should begin with the noise.": right[::-1],
    }
    first = np.argmin(np.isclose(found, right, atol=1e-5).reshape(len(times), -1).all(1))
    words = f"position {first} of the trail is the first wrong one."
    return right, words, tempting


def drawn(found, velocity, decode, noise, mean, scale, steps):
    def walk(length=1 / steps, at=lambda time: time):
        latents = noise
        for step in range(steps):
            latents = latents + length * velocity(latents, at(step / steps))
        return latents

    def back(latents):
        return latents * scale + mean

    def remixed(data_of):
        latents = noise
        for step in range(steps):
            time = step / steps
            after = (step + 1) / steps
            predicted = velocity(latents, time)
            latents = after * data_of(latents, predicted, time) + (1 - after) * predicted
        return latents

    latents = walk()
    wrong = remixed(lambda z, v, t: (z - (1 - t) * v) / max(t, 1 / steps))
    tempting = {}
    for latent, words in (
        (wrong, "the velocity is still taken for noise"),
        (latents, "the steps are right now"),
    ):
        tempting |= {
            f"{words}; latents are normalised once more, in place of undoing it.": (latent - mean)
            / scale,
            f"{words}; latents are decoded without being scaled back.": latent,
            f"{words}; latents are scaled back without their mean.": latent * scale,
            f"{words}; the mean is added before the scale: undo in the reverse order.": (
                latent + mean
            )
            * scale,
            f"{words}; the mean is added, the scale divides once more.": latent / scale + mean,
        }
    tempting |= {
        "the data are found rightly, but the velocity is still "
        "mixed in where the noise belongs.": back(remixed(lambda z, v, t: z + (1 - t) * v)),
        "each step walks the whole way: divide it by steps.": back(walk(1)),
        "the last time asked is 1; the times are 0, 1 / steps, ..., and the last step begins one "
        "step before 1.": back(walk(at=lambda time: time * steps / max(steps - 1, 1))),
        "the latents are scaled back now; the velocity is still taken for noise.": back(wrong),
        "the latents are scaled back now; the velocity is subtracted: it leads to the data.": walk(
            -1 / steps
        )
        * scale
        + mean,
        "the latents are scaled back now; time runs backwards, but 0 is noise.": back(
            walk(at=lambda time: 1 - time)
        ),
        "the network is asked at the end of each step.": back(
            walk(at=lambda time: time + 1 / steps)
        ),
    }
    right = decode(back(latents))
    words = f"with {steps} steps the images are wrong by {np.abs(found - right).max():.3g}."
    return right, words, {words: decode(latent) for words, latent in tempting.items()}


def ddim_plain(noisy, predicted, kept, after, eta, fresh):
    # a mistaken schedule may walk backwards, to less than is kept, or to nothing: no spread then
    spread = eta * np.sqrt((1 - after) / (1 - kept) * (1 - kept / max(after, kept)))
    data = (noisy - np.sqrt(1 - kept) * predicted) / np.sqrt(kept)
    return np.sqrt(after) * data + np.sqrt(1 - after - spread**2) * predicted + spread * fresh


def ddim(found, noisy, predicted, kept, after, eta, fresh):
    data = (noisy - np.sqrt(1 - kept) * predicted) / np.sqrt(kept)
    too_late = (noisy - np.sqrt(1 - after) * predicted) / np.sqrt(after)
    share = 1 - kept / after
    ratio = (1 - after) / (1 - kept)
    spread = eta * np.sqrt(ratio * share)
    signal = np.sqrt(after) * data
    direction = np.sqrt(1 - after - spread**2) * predicted

    def spread_by(wrong):
        return signal + np.sqrt(np.maximum(1 - after - wrong**2, 0)) * predicted + wrong * fresh

    rootless = (noisy - (1 - kept) * predicted) / kept
    unsquared = np.sqrt(np.maximum(1 - after - spread, 0)) * predicted
    tempting = {
        "under the root the spread is subtracted; it should be its square, the variance.": signal
        + unsquared
        + spread * fresh,
        "deviations are subtracted, where variances add up: take the root of a difference.": signal
        + (np.sqrt(1 - after) - spread) * predicted
        + spread * fresh,
        "these are the predicted data: noise them anew, to the next time.": data,
        "fresh noise is added with the spread of all the noise at the next time: that of eta is "
        "smaller, and 0 for eta = 0.": signal
        + np.sqrt(1 - after) * predicted
        + np.sqrt(1 - after) * fresh,
        "the direction to the noise is missing: the result is too clean for its time.": signal
        + spread * fresh,
        "kept and next_kept are exchanged: recover the data with kept, build the new point with "
        "next_kept.": np.sqrt(kept) * too_late + np.sqrt(1 - kept) * predicted,
        "no roots are taken: kept is a share of the variance.": after * rootless
        + (1 - after) * predicted,
        "fresh noise is added, and the direction keeps all of its own: subtract spread^2 under "
        "the root.": signal + np.sqrt(1 - after) * predicted + spread * fresh,
        "fresh noise is not added, or without its spread.": signal + direction,
        "fresh noise is added whole: multiply it by the spread.": signal + direction + fresh,
        "the spread lacks its root: that is a variance.": spread_by(eta * ratio * share),
        "the factor (1 - next_kept) / (1 - kept) of the spread is missing.": spread_by(
            eta * np.sqrt(share)
        ),
        f"an eta of {eta} is treated as 1.": ddim_plain(noisy, predicted, kept, after, 1.0, fresh),
        f"an eta of {eta} is treated as 0.": ddim_plain(noisy, predicted, kept, after, 0.0, fresh),
        "nothing moves: recover the data with kept, build the new point with next_kept.": np.sqrt(
            kept
        )
        * data
        + np.sqrt(1 - kept) * predicted,
    }
    right = signal + direction + spread * fresh
    words = (
        f"from kept {kept:.3g} to {after:.3g} with eta {eta} the result is wrong by "
        f"{np.abs(found - right).max():.3g}."
    )
    return right, words, tempting


def ddim_trail(predict_noise, noise, kept, steps, next_kept=None):
    """DDIM without fresh noise: the points at which the network is asked, and the last one."""
    stride = len(kept) // steps
    points = [noise]
    for time in range(len(kept) - 1, -1, -stride):
        after = 1.0 if time < stride else kept[time - stride]
        after = next_kept(time, stride) if next_kept else after
        points.append(
            ddim_plain(points[-1], predict_noise(points[-1], time), kept[time], after, 0.0, 0.0)
        )
    return np.array(points)


def sampled(found, predict_noise, noise, kept, steps):
    def last(next_kept):
        return ddim_trail(predict_noise, noise, kept, steps, next_kept)[-1]

    right = ddim_trail(predict_noise, noise, kept, steps)[-1]
    tempting = {
        "each step lands one index too high, and the last one keeps the noise of index 0.": last(
            lambda t, s: kept[t - s + 1]
        ),
        "kept[-1] wraps around: the last step lands at full noise. Before index 0 there is the "
        "clean image, 1.": last(lambda t, s: kept[t - s]),
        "the last step is clean now, but each other one lands one index too high: the network is "
        "asked elsewhere.": last(lambda t, s: 1.0 if t < s else kept[t - s + 1]),
        "the last step stops at index 0, which is not yet the clean image.": last(
            lambda t, s: kept[max(t - s, 0)]
        ),
        "steps land one index too low.": last(
            lambda t, s: 1.0 if t < s else kept[max(t - s - 1, 0)]
        ),
        "nearly nothing is removed: every step lands one index below.": last(
            lambda t, s: kept[t - 1] if t else 1.0
        ),
        "the last step lands at 0, which is all noise; the clean image keeps all, 1.": last(
            lambda t, s: 0.0 if t < s else kept[t - s]
        ),
        "index 0 is a time of its own; the clean image comes only after it.": last(
            lambda t, s: kept[t - s] if t > s else 1.0
        ),
    }
    words = (
        f"with {steps} steps of {len(kept)} the result is wrong by "
        f"{np.abs(found - right).max():.3g}."
    )
    return right, words, tempting


def posterior_velocity(noisy, time, mean, deviation):
    """E[x - e | z] by adding up, on a fine grid of data around what is likely, how likely each
    would have led to z.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.linspace(-9, 9, 4001)[:, None, None]
        data = mean + deviation * steps
        noise = (noisy - time * data) / (1 - time)
        logarithms = -(steps**2 + noise**2) / 2
        weights = np.exp(logarithms - logarithms.max(0))
        return (weights * (data - noise)).sum(0) / weights.sum(0)


def gaussian(found, noisy, time, mean, deviation):
    left = 1 - time
    spread = time * deviation
    right = posterior_velocity(noisy, time, mean, deviation)
    away = noisy - time * mean
    variance = spread**2 + left**2
    tempting = {
        "that ignores z: it is the mean over all pairs; you need it given z.": np.broadcast_to(
            mean, noisy.shape
        ),
        "that is the velocity for a single data point at the "
        "mean: the deviation plays no part.": mean - noisy if left == 1 else (mean - noisy) / left,
        "that is E[x | z]: subtract E[e | z].": mean + time * deviation**2 / variance * away,
        "that is -E[e | z]: add E[x | z].": -left / variance * away,
        "noise and data are exchanged: the sign is wrong.": -right,
        "E[e | z] is added; the velocity is data minus noise.": mean
        + (time * deviation**2 + left) / variance * away,
        "z is compared with the mean of the data; at time t its mean is t times that.": mean
        + (time * deviation**2 - left) / variance * (noisy - mean),
        "variances add up, deviations do not: t^2 deviation^2 + (1 - t)^2.": mean
        + (time * deviation**2 - left) / (spread + left) ** 2 * away,
        "time runs backwards: it is 0 at the noise and 1 at the data.": posterior_velocity(
            noisy, left, mean, deviation
        ),
        "the data's mean plays no part in yours.": right
        - mean
        + (time * deviation**2 - left) / variance * time * mean,
        "the data's deviation plays no part in yours: it is right for a deviation of 1.": mean
        + (time - left) / (time**2 + left**2) * away,
        "the covariance has the wrong sign: as if it were noise minus data.": mean
        - (time * deviation**2 - left) / variance * away,
        "the deviation is used where its square belongs.": mean
        + (time * deviation - left) / (time**2 * deviation + left**2) * away,
    }
    place = np.unravel_index(np.argmax(np.abs(found - right)), right.shape)
    numbers = f"mean {short(np.broadcast_to(mean, right.shape)[place])}, z {short(noisy[place])}"
    words = (
        f"at time {time:.2g} with {numbers} it should be {right[place]:.4f}, not "
        f"{found[place]:.4f}."
    )
    return right, words, tempting


def edited(found, velocity, data, source, target, times, asked):
    """`asked` is how often the answer asked the field."""

    def walk(latents, label, way, at=lambda way: way[:-1], lengths=np.diff):
        for time, length in zip(at(way), lengths(way), strict=True):
            latents = latents + length * velocity(latents, time, label)
        return latents

    def there_and_back(**how):
        return walk(walk(data, source, back, **how), target, times, **how)

    def even(way):
        return np.full(len(way) - 1, (way[-1] - way[0]) / (len(way) - 1))

    back = times[::-1]
    noisy = walk(data, source, back)
    late = walk(data, source, back, at=lambda way: way[1:])
    others = np.linspace(0, 1, len(times))
    tempting = {
        "you come back under the source's label: on the way forward the target's belongs.": walk(
            noisy, source, times
        ),
        "the labels are exchanged: the data go back under the label that they have.": walk(
            walk(data, target, back), source, times
        ),
        "the way back is walked under the target's label, but the data are of the source's.": walk(
            walk(data, target, back), target, times
        ),
        "that is the way back alone: now walk forward under the target's label.": noisy,
        "the way forward begins at the data themselves: walk back to their noise first.": walk(
            data, target, times
        ),
        "on the way back time falls, so its steps are negative.": walk(
            walk(data, source, back, lengths=lambda way: -np.diff(way)), target, times
        ),
        "the way back goes through the times in growing order: it begins at 1.": walk(
            walk(data, source, times), target, times
        ),
        "time runs the other way in yours: 0 is the noise and 1 the data.": there_and_back(
            at=lambda way: 1 - way[:-1]
        ),
        "on the way back the field is asked at the time where the step ends; the latents are "
        "still where it begins.": walk(late, target, times),
        "both ways ask the field at the time where the step ends.": there_and_back(
            at=lambda way: way[1:]
        ),
        "steps are taken as equally long; the differences of the times say how long they are.": (
            there_and_back(lengths=even)
        ),
        "even times from 0 to 1 are walked: use those that are given.": walk(
            walk(data, source, others[::-1]), target, others
        ),
    }
    right = there_and_back()
    steps = 2 * (len(times) - 1)
    words = (
        f"the first of the data should end at {short(right[0])}; yours ends at {short(found[0])}."
    )
    if asked < steps:
        words = (
            f"the field is asked {asked} times, but there and back are {steps} steps: the noise "
            "has to be that of the data, so walk to it."
        )
    return right, words, tempting


def inpainted(found, velocity, data, known, noise, times):
    def line(time):
        return time * data + (1 - time) * noise

    def walk(pasted, mask=known, start=noise, way=times):
        latents = start
        for time, after in pairwise(way):
            latents = latents + (after - time) * velocity(latents, time)
            latents = np.where(mask, pasted(time, after), latents)
        return latents

    def clean(time, after):
        return data

    alone = walk(clean, mask=np.zeros_like(known))
    late = walk(lambda time, after: line(time))
    before = walk(lambda time, after: line(after), way=times[:-1])
    tempting = {
        "the mask is turned round: True marks what is known.": walk(
            lambda time, after: line(after), mask=~known
        ),
        "the clean data are pasted after every step: the field has to see them as noisy as its "
        "time says.": walk(clean),
        "the clean data stand in the known places from the start on, where the field expects "
        "noise.": walk(clean, start=np.where(known, data, noise)),
        "after a step the known numbers are put where they were before it, and at the end they "
        "are not the data.": late,
        "the end is right, but after each step the known numbers are put where they were before "
        "it: they lag behind.": np.where(known, data, late),
        "the known numbers are pasted at the end alone: the field never saw them.": np.where(
            known, data, alone
        ),
        "nothing is pasted: the known numbers are generated like the others.": alone,
        "the last step moves the known numbers off the data: paste once more after it.": before
        + (times[-1] - times[-2]) * velocity(before, times[-2]),
        "the shares are exchanged: at time 0 all is noise, at time 1 all is data.": walk(
            lambda time, after: line(1 - after)
        ),
        "the shares are exchanged on the way, and the data pasted at its end.": np.where(
            known, data, walk(lambda time, after: line(1 - after))
        ),
        "the data are pasted whole, and only their noise fades: they need a share as well.": walk(
            lambda time, after: data + (1 - after) * noise
        ),
    }
    right = walk(lambda time, after: line(after))
    row = np.argmax(np.where(known, np.abs(found - data), 0).max(axis=1))
    words = (
        f"the known numbers have to come out as they are; row {row} should hold "
        f"{short(data[row][known[row]])}, not {short(found[row][known[row]])}."
    )
    if np.allclose(found[known], data[known]):
        words = (
            f"the known numbers are right, the others wrong by {np.abs(found - right).max():.3g}: "
            "do the known ones keep to the line from the noise that is given?"
        )
    return right, words, tempting
