import numpy as np
from answers import right, wrong


def placed(times):
    return np.asarray(times)[:, None, None, None]


@right
def on_the_line(velocity, images, noise, times):
    target = noise - images
    return ((velocity(images + placed(times) * target, times) - target) ** 2).mean()


@right
def with_full_times(velocity, images, noise, times):
    share = np.broadcast_to(placed(times), images.shape)
    found = velocity(share * noise + (1 - share) * images, placed(times))
    return np.square(images + found - noise).sum() / images.size


@right
def image_by_image(velocity, images, noise, times):
    x = np.stack([(1 - t) * a + t * b for a, b, t in zip(images, noise, times)])
    return np.mean(
        [np.mean((v - b + a) ** 2) for v, a, b in zip(velocity(x, times), images, noise)]
    )


def faulty(path=None, target=lambda images, noise: noise - images, reduce=np.mean):
    path = path or (lambda images, noise, times: images + placed(times) * (noise - images))

    def answer(velocity, images, noise, times):
        return reduce((velocity(path(images, noise, times), times) - target(images, noise)) ** 2)

    return answer


wrong("the path runs backwards", "backwards", faulty(lambda a, b, t: b + placed(t) * (a - b)))
wrong("spread over the channels", "last axis", faulty(lambda a, b, t: (1 - t) * a + t * b))
wrong(
    "a straight line",
    "by variance",
    faulty(lambda a, b, t: (1 - placed(t)) ** 0.5 * a + placed(t) ** 0.5 * b),
)
wrong("does not see (1 - t) images", "noise alone", faulty(lambda a, b, t: b))
wrong("the target has the wrong sign", "to the image", faulty(target=lambda a, b: a - b))
wrong("the target is the noise", "noise", faulty(target=lambda a, b: b))
wrong("summed over pixels", "sum", faulty(reduce=lambda e: e.sum(axis=(1, 2, 3)).mean()))
wrong("the mean square of velocity", "a root", faulty(reduce=lambda e: np.sqrt(e.mean())))


@wrong("the network is called 3 times")
def once_for_each_image(velocity, images, noise, times):
    losses = []
    for place in range(len(times)):
        one = slice(place, place + 1)
        losses.append(on_the_line(velocity, images[one], noise[one], times[one]))
    return np.mean(losses)


@wrong("velocity was called with 1 times")
def with_one_time(velocity, images, noise, times):
    return np.mean(velocity(images, times[:1]) ** 2)


EQUIVALENT = {
    "1 -> 2 (4)": "NumPy takes -2 for -1 in a reshape",
    "velocity(x, times) - (noise - images) -> noise - images - velocity(x, times)": "squared",
}
