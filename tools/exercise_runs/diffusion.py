"""Exercise 50.5: rows of digits from the shipped diffusion weights, and its velocity error."""

import numpy as np
from _shared import ink_rows, mnist, rendered, save_exercise_picture
from matplotlib import pyplot as plt

from genimg_lib.evaluation import pretrained

LABELS = np.repeat([2, 4, 7], 4).astype("int32")
STEPS = 20


def velocity_taken_for_noise(model, z):
    """The sampler believes that the network predicts noise."""
    for index in range(STEPS):
        t = index / STEPS
        s = (index + 1) / STEPS
        noise = np.asarray(model.velocity(z, np.float32(t), LABELS))
        data = (z - (1 - t) * noise) / max(t, 1 / STEPS)
        z = (s * data + (1 - s) * noise).astype("float32")
    return z


def euler(model, z, labels=LABELS):
    """The sound sampler: latents of mean 0 and deviation 1."""
    for index in range(STEPS):
        z = z + np.asarray(model.velocity(z, np.float32(index / STEPS), labels)) / STEPS
    return z


def velocity_errors(model, times):
    """Mean squared error of the velocity on held-out images, with and without the label: two
    arrays like `times`.
    """
    images = mnist().test_images
    labels = mnist().test_labels
    chosen = np.random.default_rng(0).permutation(len(images))[:4000]
    random = np.random.default_rng(1)
    means, log_variances = model.vae.encode(images[chosen])
    latents = means + np.exp(log_variances / 2) * random.normal(size=means.shape)
    latents = ((latents - model.latent_mean) / model.latent_scale).astype("float32")
    noise = random.normal(size=latents.shape).astype("float32")
    errors = []
    for known in (labels[chosen].astype("int32"), np.full(len(chosen), 10, "int32")):
        for t in times.astype("float32"):
            predicted = np.asarray(model.velocity(t * latents + (1 - t) * noise, t, known))
            errors.append(np.mean((predicted - (latents - noise)) ** 2))
    return np.reshape(errors, (2, len(times)))


def draw(rows, times, errors):
    """A figure: the rows of digits on the left, both curves on the right."""
    figure, (pictures, axis) = plt.subplots(
        1, 2, figsize=(9, 2.9), layout="constrained", gridspec_kw={"width_ratios": (1.9, 1)}
    )
    pictures.imshow(ink_rows(rows), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    pictures.set(
        xticks=30 * np.array([1.9, 5.9, 9.9]),
        xticklabels=["2", "4", "7"],
        yticks=15 + 30 * np.arange(len(rows)),
    )
    pictures.set_yticklabels("ABCDE")
    pictures.set_title("asked for four 2s, four 4s, four 7s", fontsize=10)
    pictures.tick_params(length=0)
    for curve, style, name in zip(errors, ("-", "--"), "PQ", strict=True):
        axis.plot(times, curve, style, color="black", label=name)
    axis.set(xlabel="time: 0 is noise, 1 is data", ylim=(0, None))
    axis.set_title("velocity error on held-out images", fontsize=10)
    axis.grid(alpha=0.3)
    axis.legend()
    return figure


def panels(model) -> list[np.ndarray]:
    """The rows A to E: labels ignored, velocity taken for noise, one step, a scale of other
    latents, and as it should be.
    """
    noise = np.random.default_rng(3).normal(size=(len(LABELS), model.vae.latent_dim))
    noise = noise.astype("float32")

    def decoded(latents):
        return model.vae.decode(latents * model.latent_scale + model.latent_mean)

    return [
        decoded(euler(model, noise, np.full_like(LABELS, model.num_classes))),
        decoded(velocity_taken_for_noise(model, noise)),
        model.generate(len(LABELS), LABELS, seed=3, steps=1),
        model.vae.decode(0.18215 * euler(model, noise)),
        decoded(euler(model, noise)),
    ]


def main() -> None:
    model = pretrained.load("diffusion")
    rows = panels(model)
    times = np.linspace(0, 1, 21)
    errors = velocity_errors(model, times)
    print("with label:", np.round(errors[0][::4], 2), "without:", np.round(errors[1][::4], 2))
    picture = rendered(draw(rows, times, errors), dpi=100).convert("L")
    save_exercise_picture(picture, "diffusion_rows.png", colours=8)
