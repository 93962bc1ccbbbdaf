import numpy as np
from answers import right, wrong


@right
def by_sorting(scores, owner, k):
    """Right ones behind all that are equal."""
    to_text = 0
    for image, row in enumerate(scores):
        own = row[owner == image].max()
        others = np.sort(row[owner != image])[::-1]
        to_text += len(others) < k or others[k - 1] < own
    to_image = [np.sum(np.delete(scores[:, j], i) >= scores[i, j]) < k for j, i in enumerate(owner)]
    return to_text / len(scores), np.mean(to_image)


@right
def with_ranks(scores, owner, k):
    mine = owner == np.arange(len(scores))[:, None]
    of_image = np.where(mine, scores, -np.inf).max(axis=1)
    rank = 1 + (np.where(mine, -np.inf, scores) >= of_image[:, None]).sum(axis=1)
    of_caption = scores[mine.argmax(axis=0), np.arange(scores.shape[1])]
    rank_back = (scores >= of_caption).sum(axis=0)
    return np.array([np.mean(rank <= k), np.mean(rank_back <= k)])


@right
def in_plain_python(scores, owner, k):
    images, captions = scores.shape
    best = [max(scores[i, j] for j in range(captions) if owner[j] == i) for i in range(images)]
    found = [
        sum(scores[i, j] >= best[i] for j in range(captions) if owner[j] != i) < k
        for i in range(images)
    ]
    hits = [
        sum(scores[i, j] >= scores[owner[j], j] for i in range(images) if i != owner[j]) < k
        for j in range(captions)
    ]
    return sum(found) / images, sum(hits) / captions


def parts(scores, owner):
    own = owner == np.arange(len(scores))[:, None]
    return own, np.where(own, -np.inf, scores), scores[owner, np.arange(len(owner))]


@wrong("the two directions are exchanged")
def exchanged(scores, owner, k):
    return with_ranks(scores, owner, k)[::-1]


@wrong("ties count for the model")
def kind_to_ties(scores, owner, k):
    own, foreign, mine = parts(scores, owner)
    best = np.where(own, scores, -np.inf).max(axis=1)
    ahead = (foreign > best[:, None]).sum(axis=1)
    return np.mean(ahead < k), np.mean((scores > mine).sum(axis=0) < k)


@wrong("here each of them has to be found")
def own_captions_compete(scores, owner, k):
    _, _, mine = parts(scores, owner)
    ahead = (scores[owner] >= mine[:, None]).sum(axis=1)
    return np.mean(ahead <= k), with_ranks(scores, owner, k)[1]


@wrong("the share is one of images")
def by_caption(scores, owner, k):
    _, foreign, mine = parts(scores, owner)
    ahead = (foreign[owner] >= mine[:, None]).sum(axis=1)
    return np.mean(ahead < k), with_ranks(scores, owner, k)[1]


@wrong("one place too many")
def one_more(scores, owner, k):
    return with_ranks(scores, owner, k + 1)


@wrong("the two recalls should be")
def the_rest(scores, owner, k):
    return 1 - with_ranks(scores, owner, k)


@wrong("equal scores for all pairs find nothing")
def by_place(scores, owner, k):
    if np.ptp(scores):
        return with_ranks(scores, owner, k)
    return np.mean(owner < k), np.mean(owner < k)


@wrong("return two things")
def one_way(scores, owner, k):
    return with_ranks(scores, owner, k)[0]


EQUIVALENT = {
    "1 -> -1": "the last of two axes",
    "1 -> -1 (2)": "the last of two axes",
}
