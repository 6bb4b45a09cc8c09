"""Lengths of time as people say them; every room that tells one speaks with it."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def seconds_text(seconds: float) -> str:
    """Return `4 s`, `5 min 10 s`, `12 h` or `1 d 2 h`: the two largest units that count."""
    whole = round(seconds)
    sizes = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s"))
    parts = []
    for size, unit in sizes:
        count, whole = divmod(whole, size)
        parts.append((count, unit))
    first = next((index for index, (count, _) in enumerate(parts) if count), len(parts) - 1)
    shown = [f"{count} {unit}" for count, unit in parts[first : first + 2] if count]
    return " ".join(shown) or "0 s"
