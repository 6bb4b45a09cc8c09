"""What came of a changing call that did not fail. Every verb of this room returns one."""

from enum import StrEnum


class Effect(StrEnum):
    """Made by this call, already so (somebody did it, or a reply of ours was lost), or under way.

    Under way means that AWS is busy with what was asked, as far as one look can tell: look again.
    """

    MADE = "made"
    ALREADY = "already so"
    UNDERWAY = "under way"
