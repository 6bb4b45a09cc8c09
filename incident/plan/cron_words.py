"""AWS's cron expressions as people say them: `00:00, 02:00 and 04:00 every day`. Pure.

`incident.plan.backups` and `upkeep` tell schedules with it. What it cannot say it repeats as it is:
a plan must not guess.
"""

import re

_DAYS = {
    "MON": "Monday",
    "TUE": "Tuesday",
    "WED": "Wednesday",
    "THU": "Thursday",
    "FRI": "Friday",
    "SAT": "Saturday",
    "SUN": "Sunday",
}
_ORDER = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
_CRON = re.compile(r"cron\((\S+) (\S+) [*?] \* (\S+) \*\)")


def cron_words(expression: str) -> str:
    """Return when an expression fires, in words; itself where its form is not one of ours."""
    found = _CRON.fullmatch(expression)
    if found is None:
        return expression
    minutes, hours, days = found.groups()
    times, on = _times(minutes, hours), _on(days)
    return f"{times} {on}" if times and on else expression


def _times(minutes: str, hours: str) -> str:
    if not re.fullmatch(r"\d+(,\d+)*", hours):
        return ""
    found = [int(hour) for hour in hours.split(",")]
    if re.fullmatch(r"\d+", minutes):
        return _listed([f"{hour:02}:{int(minutes):02}" for hour in found])
    every = re.fullmatch(r"(\d+)/([1-9]\d*)", minutes)
    if every is None or found != list(range(found[0], found[-1] + 1)):
        return ""
    first, step = map(int, every.groups())
    last = first + step * ((59 - first) // step)
    return f"every {step} minutes from {found[0]:02}:{first:02} to {found[-1]:02}:{last:02}"


def _on(days: str) -> str:
    if days in {"*", "?"}:
        return "every day"
    numbered = re.fullmatch(r"([A-Z]{3})#([1-5])", days)
    if numbered is not None:
        name, number = numbered.groups()
        return f"on the {_ORDER[number]} {_DAYS[name]} of the month" if name in _DAYS else ""
    names = days.split(",")
    return f"on {_listed([_DAYS[one] for one in names])}" if set(names) <= set(_DAYS) else ""


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
