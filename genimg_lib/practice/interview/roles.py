"""Interviews by role and by style: what is asked of whom.

A role says which topics come up, a style which kinds of question. Neither is a claim about one
company: job advertisements name the topics, and a candidate finds out the style by asking.
"""

from dataclasses import dataclass

from genimg_lib.practice.interview import bank, mock
from genimg_lib.practice.interview.bank import Question, checked

LONG = 40  # minutes: an interview of this length has the functions of its role


@dataclass(frozen=True)
class Role:
    """Who is asked: a name in each language, topics, and functions to write in a long interview."""

    en: str
    zh: str
    topics: tuple[str, ...]
    code: int


@dataclass(frozen=True)
class Style:
    """How one is asked: a name in each language, the types of question, and functions on top of
    those of the role.
    """

    en: str
    zh: str
    types: tuple[str, ...]
    code: int = 0


ROLES = {
    "any": Role("any role", "不限岗位", (), 0),
    "research-engineer": Role(
        "research engineer",
        "研究工程师",
        (
            "diffusion",
            "few_steps",
            "flow_transformers",
            "latents",
            "samplers",
            "systems",
            "tokens",
            "training_at_scale",
            "data_curation",
            "post_training",
            "video",
        ),
        1,
    ),
    "applied-scientist": Role(
        "applied scientist",
        "应用科学家",
        (
            "autoregression",
            "diffusion",
            "editing",
            "evaluation",
            "evaluation_today",
            "gan_training",
            "guidance_and_control",
            "post_training",
            "unified_models",
            "vae_bound",
            "vae_practice",
        ),
        1,
    ),
    "serving": Role(
        "serving engineer",
        "推理服务工程师",
        (
            "serving",
            "systems",
            "few_steps",
            "samplers",
            "autoregression",
            "language_models",
            "products",
        ),
        1,
    ),
    "product": Role(
        "product",
        "产品",
        (
            "products",
            "safety_and_law",
            "evaluation",
            "evaluation_today",
            "editing",
            "guidance_and_control",
            "systems",
            "data_curation",
        ),
        0,
    ),
}
STYLES = {
    "any": Style("any style", "不限风格", ()),
    "lab": Style("research lab: why is it so", "研究实验室：为什么", ("derivation", "concept")),
    "large": Style(
        "large company: design, and code on top",
        "大公司：设计，并加一道编程",
        ("design", "concept"),
        1,
    ),
    "startup": Style(
        "start-up: what broke, what do you ship",
        "创业公司：哪里坏了，交付什么",
        ("debugging", "design", "explain"),
    ),
}


def plan(
    level: str,
    minutes: int,
    *,
    role: str = "any",
    style: str = "any",
    topics=(),
    code: int | None = None,
    seed: int | None = None,
) -> list[Question]:
    """Questions for an interview of a role in a style, as `mock.plan`.

    `topics` replace those of the role. `code`: how many functions to write; None: those of role and
    style, if the interview is long enough. A level at which the topics have too few questions of
    the style is filled with other types.
    """
    chosen, how = ROLES[checked("role", role, ROLES)], STYLES[checked("style", style, STYLES)]
    if code is None:
        code = chosen.code + how.code if minutes >= LONG else 0
    return mock.plan(
        level, minutes, topics=topics or chosen.topics, types=how.types, code=code, seed=seed
    )


def titles(language: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(title, name) of every role, and of every style, for a menu."""
    return tuple(
        [(getattr(item, language), name) for name, item in items.items()]
        for items in (ROLES, STYLES)
    )


def unknown_topics() -> set[str]:
    """Topics of roles that the bank does not have."""
    return {topic for role in ROLES.values() for topic in role.topics} - set(bank.load().topics)
