"""How long before a change subscribers are told, read and checked.

`stacks.settings` calls `read_notice`; the manifest carries the answer to `maintenance`.
"""

import re

from holidays import list_supported_countries

from continuity.notice_period import COUNTRY, NoticePeriod
from continuity.reading import Reader

KEY = "notice"


def read_notice(reader: Reader) -> NoticePeriod:
    """Read `notice` of a zone: `business_days`, `emergency` and `countries`, or nothing."""
    usual = NoticePeriod()
    if not reader.has(KEY):
        return usual
    section = reader.section(KEY)
    days = section.integer("business_days", usual.business_days, high=30)
    emergency = section.duration("emergency", f"{usual.emergency_s}s")
    countries = tuple(dict.fromkeys(section.texts("countries", ())))
    for country in countries:
        if problem := _problem(country):
            section.note("countries", problem)
    section.finish()
    return NoticePeriod(days, int(emergency.total_seconds()), countries)


def _problem(country: str) -> str:
    """Say why nobody knows the holidays of a country, or of a part of it."""
    if re.fullmatch(COUNTRY, country) is None:
        return f"{country!r} is no country of ISO 3166, such as PT, or part of one, such as ES-CT"
    name, _, part = country.partition("-")
    known = list_supported_countries()
    if name not in known:
        return f"the holidays of {name} are not known"
    if part and part not in known[name]:
        return f"{name} has no part {part} whose holidays are known"
    return ""
