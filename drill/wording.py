"""Seconds as people say them; `drill.text` and `drill.verdict` speak with it."""

from continuity.wording import seconds_text

__all__ = ["seconds_text"]
