import keras
import tensorflow as tf
from answers import right, wrong
from keras import ops

MANY = True


def loss_of_d(discriminator, real, fake):
    return ops.mean(ops.softplus(-discriminator(real))) + ops.mean(
        ops.softplus(discriminator(fake))
    )


def update(optimizer, tape, loss, variables):
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def stateless(generator, latents):
    return generator.stateless_call(
        generator.trainable_variables, generator.non_trainable_variables, latents, training=True
    )[0]


def d_step(generator, discriminator, optimizer, real, latents):
    fake = stateless(generator, latents)
    with tf.GradientTape() as tape:
        loss = loss_of_d(discriminator, real, fake)
    return update(optimizer, tape, loss, discriminator.trainable_variables)


def g_step(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        loss = ops.mean(ops.softplus(-discriminator(generator(latents, training=True))))
    return update(optimizer, tape, loss, generator.trainable_variables)


def d_step_that_restores(generator, discriminator, optimizer, real, latents):
    statistics = [variable.numpy() for variable in generator.non_trainable_variables]
    fake = generator(latents, training=True)
    for variable, value in zip(generator.non_trainable_variables, statistics, strict=True):
        variable.assign(value)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([variable.value for variable in discriminator.trainable_variables])
        loss = loss_of_d(discriminator, real, fake)
    return float(update(optimizer, tape, loss, discriminator.trainable_variables))


def g_step_that_thaws(generator, discriminator, optimizer, latents):
    discriminator.trainable = False
    try:
        return g_step(generator, discriminator, optimizer, latents)
    finally:
        discriminator.trainable = True


def d_step_with_a_copy(generator, discriminator, optimizer, real, latents):
    copy = keras.models.clone_model(generator)
    copy.set_weights(generator.get_weights())
    with tf.GradientTape() as tape:
        loss = loss_of_d(discriminator, real, copy(latents, training=True))
    return update(optimizer, tape, loss, discriminator.trainable_variables)


right("two lists, stateless", (d_step, g_step))
right("restored statistics, thawed discriminator", (d_step_that_restores, g_step_that_thaws))
right("a copy draws the fakes", (d_step_with_a_copy, g_step))


def d_step_that_records(generator, discriminator, optimizer, real, latents):
    with tf.GradientTape() as tape:
        loss = loss_of_d(discriminator, real, tf.stop_gradient(generator(latents, training=True)))
    return update(optimizer, tape, loss, discriminator.trainable_variables)


def d_step_of_another_generator(generator, discriminator, optimizer, real, latents):
    with tf.GradientTape() as tape:
        loss = loss_of_d(discriminator, real, generator(latents, training=False))
    return update(optimizer, tape, loss, discriminator.trainable_variables)


def d_step_on_everything(generator, discriminator, optimizer, real, latents):
    with tf.GradientTape() as tape:
        loss = loss_of_d(discriminator, real, stateless(generator, latents))
    return update(
        optimizer, tape, loss, discriminator.trainable_variables + generator.trainable_variables
    )


def d_step_on_real_only(generator, discriminator, optimizer, real, latents):
    with tf.GradientTape() as tape:
        loss = ops.mean(ops.softplus(-discriminator(real)))
    return update(optimizer, tape, loss, discriminator.trainable_variables)


def d_step_and_a_nudge(generator, discriminator, optimizer, real, latents):
    loss = d_step(generator, discriminator, optimizer, real, latents)
    for variable in discriminator.trainable_variables:
        variable.assign_add(ops.ones_like(variable) * 0.01)
    return loss


def g_step_that_freezes(generator, discriminator, optimizer, latents):
    discriminator.trainable = False
    return g_step(generator, discriminator, optimizer, latents)


def g_step_on_everything(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        loss = ops.mean(ops.softplus(-discriminator(generator(latents, training=True))))
    return update(
        optimizer, tape, loss, generator.trainable_variables + discriminator.trainable_variables
    )


def g_step_that_records_nothing(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        loss = ops.mean(ops.softplus(-discriminator(stateless(generator, latents))))
    return update(optimizer, tape, loss, generator.trainable_variables)


def g_step_of_nobody(generator, discriminator, optimizer, latents):
    return ops.mean(ops.softplus(-discriminator(stateless(generator, latents))))


wrong("records the batch", "statistics recorded", (d_step_that_records, g_step))
wrong("drawn with training=False", "inference statistics", (d_step_of_another_generator, g_step))
wrong("D's step moves G, by", "one list for both", (d_step_on_everything, g_step))
wrong("G's step moves D, by", "freeze deleted, list kept", (d_step, g_step_on_everything))
wrong(
    "D's step does not move D, in the second round",
    "frozen for ever",
    (d_step, g_step_that_freezes),
)
wrong("G's step does not move G, in the first round", "nothing applied", (d_step, g_step_of_nobody))
wrong(
    "G's step records no BatchNorm statistics",
    "stateless for both",
    (d_step, g_step_that_records_nothing),
)
wrong("D's loss is", "only real images", (d_step_on_real_only, g_step))
wrong(
    "not by one step of the optimizer along the gradient",
    "a nudge besides",
    (d_step_and_a_nudge, g_step),
)

EQUIVALENT = {}
