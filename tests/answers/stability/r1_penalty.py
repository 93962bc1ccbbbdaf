import tensorflow as tf
from answers import right, wrong
from keras import ops


def gradients(critic, images, reduce=tf.reduce_sum):
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = reduce(critic(images))
    return tape.gradient(total, images)


@right
def with_a_norm(critic, images):
    flat = tf.reshape(gradients(critic, images), (len(images), -1))
    return tf.square(tf.norm(flat, axis=1))


@right
def without_a_sum(critic, images):
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = critic(images)
    return ops.sum(ops.square(tape.gradient(logits, images)), axis=(1, 2, 3))


@right
def one_image_after_the_other(critic, images):
    return tf.stack([tf.reduce_sum(gradients(critic, image[None]) ** 2) for image in images])


@wrong("that is the norm; R1 is its square")
def norm(critic, images):
    return tf.sqrt(with_a_norm(critic, images))


@wrong("that is WGAN-GP's penalty")
def one_centred(critic, images):
    return (norm(critic, images) - 1.0) ** 2


@wrong("sum the logits, do not average them")
def mean_of_logits(critic, images):
    return tf.reduce_sum(gradients(critic, images, tf.reduce_mean) ** 2, axis=(1, 2, 3))


@wrong("averaged over pixels")
def mean_of_squares(critic, images):
    return tf.reduce_mean(gradients(critic, images) ** 2, axis=(1, 2, 3))


@wrong("that is the gradient of softplus(-logit)")
def of_the_loss(critic, images):
    return with_a_norm(lambda x: tf.nn.softplus(-critic(x)), images)


@wrong("the logit itself is squared")
def no_gradient_at_all(critic, images):
    return critic(images) ** 2


@wrong("its squared gradient is")
def halved(critic, images):
    return with_a_norm(critic, images) / 2


@wrong("no gradient reaches the critic's weights")
def as_numbers(critic, images):
    return tf.constant(with_a_norm(critic, images).numpy())


@wrong("is something stopped, or converted")
def half_stopped(critic, images):
    slopes = gradients(critic, images)
    return tf.reduce_sum(slopes * tf.stop_gradient(slopes), axis=(1, 2, 3))


@wrong("the penalty has shape ()")
def averaged(critic, images):
    return tf.reduce_mean(with_a_norm(critic, images))


@wrong("in not_watched")
def not_watched(critic, images):
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(critic(images))
    return tf.reduce_sum(tape.gradient(total, images) ** 2, axis=(1, 2, 3))


@wrong("image 3 costs")
def first_image_for_all(critic, images):
    return tf.repeat(with_a_norm(critic, images)[:1], len(images))


EQUIVALENT = {"2 -> -2 (2)": "of four axes, -2 is 2"}
