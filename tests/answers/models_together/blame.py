import numpy as np
from answers import right, wrong


@right
def with_argmax(right_steps):
    failed = ~right_steps
    broken = failed.any(axis=1)
    links = np.arange(right_steps.shape[1])
    first = (failed.argmax(axis=1)[:, None] == links) & broken[:, None]
    others = np.array([np.delete(right_steps, k, axis=1).all(axis=1).mean() for k in links])
    success = 1 - broken.mean()
    return success, first.mean(axis=0), others - success


@right
def with_products(right_steps):
    until = np.cumprod(right_steps, axis=1)
    before = np.hstack([np.ones((len(until), 1)), until])
    success = until[:, -1].mean()
    repaired = [
        np.where(np.arange(right_steps.shape[1]) == k, True, right_steps).all(axis=1).mean()
        for k in range(right_steps.shape[1])
    ]
    return [success, (before[:, :-1] - before[:, 1:]).mean(axis=0), np.array(repaired) - success]


@right
def row_by_row(right_steps):
    n, links = right_steps.shape
    first, only = [0] * links, [0] * links
    for row in right_steps.tolist():
        if False in row:
            first[row.index(False)] += 1
            if row.count(False) == 1:
                only[row.index(False)] += 1
    return 1 - sum(first) / n, np.array(first) / n, np.array(only) / n


def but(place, change):
    def answer(right_steps):
        parts = list(row_by_row(right_steps))
        parts[place] = change(right_steps)
        return tuple(parts)

    return answer


wrong("independently of each other", "a product", but(0, lambda r: r.mean(axis=0).prod()))
wrong("the share of single steps", "of steps", but(0, lambda r: r.mean()))
wrong("success is", "the last link", but(0, lambda r: r[:, -1].mean()))
wrong("blame only the first", "each failure", but(1, lambda r: (~r).mean(axis=0)))
wrong("if a later link fails", "the first faults", but(2, lambda r: row_by_row(r)[1]))
wrong(
    "the gain is what it adds",
    "not subtracted",
    but(2, lambda r: row_by_row(r)[2] + row_by_row(r)[0]),
)
wrong(
    "the gain of independent links",
    "from shares",
    but(2, lambda r: r.mean(axis=0).prod() * (1 / r.mean(axis=0) - 1)),
)
wrong("return three things", "no gain", lambda r: row_by_row(r)[:2])

EQUIVALENT = {
    "1 -> -1 (3)": "the last of two axes",
    "1 -> -1 (4)": "the last of two axes",
}
