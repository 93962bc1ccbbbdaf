import numpy as np
from answers import right, wrong


def mixed(conditional, guided, rescale, over=(1, 2, 3), size=np.std):
    ratio = size(conditional, axis=over, keepdims=True) / size(guided, axis=over, keepdims=True)
    return rescale * guided * ratio + (1 - rescale) * guided


@right
def as_written(conditional, unconditional, scale, rescale):
    guided = (1 - scale) * unconditional + scale * conditional
    return mixed(conditional, guided, rescale)


@right
def image_by_image(conditional, unconditional, scale, rescale):
    results = []
    for c, u in zip(conditional, unconditional):
        guided = u + scale * (c - u)
        results.append(guided + rescale * (guided * np.std(c) / np.std(guided) - guided))
    return np.stack(results)


@right
def in_float32(conditional, unconditional, scale, rescale):
    return as_written(conditional.astype("f4"), unconditional.astype("f4"), scale, rescale)


def faulty(guide=lambda c, u, s: u + s * (c - u), **options):
    def answer(conditional, unconditional, scale, rescale):
        guided = guide(conditional, unconditional, scale)
        reference = unconditional if options.get("other") else conditional
        keys = {key: value for key, value in options.items() if key != "other"}
        return mixed(reference, guided, rescale, **keys)

    return answer


def root_mean_square(x, **keywords):
    return np.sqrt(np.mean(x**2, **keywords))


wrong("starts at the conditional", "from c", faulty(lambda c, u, s: c + s * (c - u)))
wrong("two branches are exchanged", "backwards", faulty(lambda c, u, s: c + s * (u - c)))
wrong("with scale 3 and rescale 0", "a mean", faulty(lambda c, u, s: (c + s * u) / (1 + s)))
wrong("rescale is ignored", "plain", lambda c, u, s, r: u + s * (c - u))
wrong("one spread for the whole batch", "batch", faulty(over=None))
wrong("one spread for each channel", "channels", faulty(over=(1, 2)))
wrong("not of the unconditional", "other branch", faulty(other=True))
wrong("not the root of the mean square", "without a mean", faulty(size=root_mean_square))
wrong("0.3 of it as it is", "all of it", lambda c, u, s, r: as_written(c, u, s, float(r > 0)))
wrong("has shape", "flattened", lambda c, u, s, r: as_written(c, u, s, r).ravel())
