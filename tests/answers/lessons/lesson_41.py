import numpy as np

from answers.lessons import right, wrong


def bytes_with(network, tokens, size, heads="key-value heads", kept=2):
    head = network["width"] // network["query heads"]
    return kept * network["blocks"] * network[heads] * head * tokens * size


GIVEN = {
    "chinese_tokens": [
        wrong("Which language was that", "a"),
        wrong("frequent enough to be merged", "b"),
    ],
    "cache_bytes": [
        right(bytes_with),
        right(
            lambda network, tokens, size: (
                (2 * network["blocks"] * tokens * size * network["width"] / network["query heads"])
                * network["key-value heads"]
            )
        ),
        wrong(
            "half of it is missing",
            lambda network, tokens, size: bytes_with(network, tokens, size, kept=1),
        ),
        wrong(
            "query heads are not kept",
            lambda network, tokens, size: bytes_with(network, tokens, size, heads="query heads"),
        ),
        wrong(
            "these are the numbers", lambda network, tokens, size: bytes_with(network, tokens, 1)
        ),
        wrong("multiply:", lambda network, tokens, size: network["blocks"] * tokens * size),
        wrong("twice the tokens", lambda network, tokens, size: bytes_with(network, 7, size)),
        wrong("numbers of 2 bytes", lambda network, tokens, size: bytes_with(network, tokens, 4)),
    ],
    "chunk_mask": [
        right(lambda cached, new: np.tri(new, cached + new, k=cached)),
        right(
            lambda cached, new: np.arange(cached + new)[None, :] <= cached + np.arange(new)[:, None]
        ),
        wrong("the colleague's mask", lambda cached, new: np.tri(new, cached + new)),
        wrong("what comes after it", lambda cached, new: np.ones((new, cached + new), bool)),
        wrong(
            "do not see themselves",
            lambda cached, new: np.tri(new, cached + new, k=cached - 1),
        ),
        wrong(
            "nothing of the cache",
            lambda cached, new: np.pad(np.tri(new), ((0, 0), (cached, 0))),
        ),
        wrong("are exchanged", lambda cached, new: 1 - np.tri(new, cached + new, k=cached)),
        wrong("row i stands at", lambda cached, new: np.tri(new, cached + new, k=new)),
        wrong("nothing cached", lambda cached, new: np.tri(new, cached + new, k=max(cached, 1))),
    ],
    "writing_takes": [wrong("come from memory", "a"), wrong("computes each row once", "c")],
    "answer_loss": [
        right(lambda nats, is_answer: (nats * is_answer).sum() / is_answer.sum()),
        wrong("the questions count", lambda nats, is_answer: nats.mean()),
        wrong("divide by all tokens", lambda nats, is_answer: (nats * is_answer).mean()),
        wrong("that is the sum", lambda nats, is_answer: nats[is_answer].sum()),
        wrong(
            "conversations' means",
            lambda nats, is_answer: ((nats * is_answer).sum(axis=1) / is_answer.sum(axis=1)).mean(),
        ),
        wrong("the mean is 3", lambda nats, is_answer: np.median(nats[is_answer])),
    ],
    "best_subject": [
        wrong("Mongolia", "a"),
        wrong("copies the word", "b"),
        wrong("not letters", "d"),
    ],
}
