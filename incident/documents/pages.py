"""A document as a page: HTML that needs nothing but itself, or Markdown.

`html` and `markdown` are the two forms; the templates lay out, they say nothing. Whatever comes
from data is escaped: jinja2 does it in HTML, `_plain` in Markdown.
"""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from incident.documents.chapters import document
from incident.documents.report import Report

_MARKED = re.compile(r"([\\`*_\[\]<>#|~&!])")


def html(report: Report) -> str:
    """Return the report as one HTML page: its style and its pictures inside, no script at all."""
    found = _templates()
    style = Markup(found.get_template("page.css").render())  # noqa: S704 - our own file, no data
    return found.get_template("page.html.j2").render(document=document(report), style=style)


def markdown(report: Report) -> str:
    """Return the report as Markdown with tables, without the picture but with what it tells."""
    page = _templates().get_template("page.md.j2").render(document=document(report))
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("incident.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["plain"] = _plain
    found.filters["percent"] = _percent
    return found


def _plain(text: str) -> Markup:
    """Return text that Markdown shows as it is, on one line."""
    escaped = _MARKED.sub(r"\\\1", " ".join(text.split()))
    return Markup(escaped)  # noqa: S704 - escaped for Markdown, where HTML's escapes would be seen


def _percent(value: float) -> str:
    """Return a position across as SVG writes it."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"
