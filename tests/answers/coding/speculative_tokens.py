import numpy as np
from answers import right, wrong


def run(draft, target, tokens, uniforms, sample, **options):
    kept = []
    for place, token in enumerate(tokens):
        ratio = target[place, token] / draft[place, token]
        if options.get("inverted"):
            ratio = 1 / ratio
        if uniforms[place] < ratio:
            kept.append(token)
            continue
        if options.get("goes_on"):
            continue
        rest = np.maximum(target[place] - draft[place], 0)
        rest = options.get("after", lambda rest, *_: rest / rest.sum())(
            rest, target[place], draft[place]
        )
        return [*kept, sample(rest)]
    last = options.get("last", -1)
    return kept if last is None else [*kept, sample(target[last])]


@right
def with_ratios(draft, target, tokens, uniforms, sample):
    return run(draft, target, tokens, uniforms, sample)


@right
def all_at_once(draft, target, tokens, uniforms, sample):
    places = np.arange(len(tokens))
    refused = uniforms * draft[places, tokens] > target[places, tokens]
    kept = int(np.argmax(refused)) if refused.any() else len(tokens)
    rest = target[kept].copy()
    if kept < len(tokens):
        rest = np.clip(rest - draft[kept], 0, None)
        rest /= rest.sum()
    return tokens[:kept] + [sample(rest)]


@right
def with_an_empty_draft(draft, target, tokens, uniforms, sample):
    padded = np.vstack([draft, np.zeros_like(target[:1])])
    kept = 0
    while kept < len(tokens) and uniforms[kept] < min(
        1, target[kept, tokens[kept]] / draft[kept, tokens[kept]]
    ):
        kept += 1
    rest = np.maximum(target[kept] - padded[kept], 0)
    return np.array([*tokens[:kept], sample(rest / rest.sum())])


def faulty(**options):
    return lambda *given: run(*given, **options)


wrong("kept if u < target / draft", "inverted", faulty(inverted=True))
wrong("would then come twice", "from the target", faulty(after=lambda rest, target, draft: target))
wrong("sampled from the draft.", "from the draft", faulty(after=lambda rest, target, draft: draft))
wrong("no distribution", "as it is", faulty(after=lambda rest, *_: rest))
wrong("the target's last row", "row before", faulty(last=-2))
wrong(
    "max(target - draft, 0), divided",
    "absolute",
    faulty(after=lambda rest, t, d: np.abs(t - d) / np.abs(t - d).sum()),
)


@wrong("after them; you sampled 0")
def another_generator(draft, target, tokens, uniforms, sample):
    return run(draft, target, tokens, uniforms, lambda probabilities: int(probabilities.argmax()))


@wrong("and one sampled token follows")
def two_more(draft, target, tokens, uniforms, sample):
    found = with_ratios(draft, target, tokens, uniforms, sample)
    return [*found, found[-1]]


@wrong("the sampled token comes last")
def another_token(draft, target, tokens, uniforms, sample):
    *kept, last = with_ratios(draft, target, tokens, uniforms, sample)
    return [*kept, (last + 1) % 4]


@wrong("with uniforms [0.")
def keeps_on_after_a_refusal(draft, target, tokens, uniforms, sample):
    return run(draft, target, tokens, uniforms, sample, last=None)


EQUIVALENT = {
    "np.maximum(target[place] - draft[place], 0) -> "
    "np.maximum(0, target[place] - draft[place])": "symmetric",
    "uniforms[place] >= target[place, token] / draft[place, token] -> "
    "uniforms[place] > target[place, token] / draft[place, token]": "a tie has probability 0",
}
