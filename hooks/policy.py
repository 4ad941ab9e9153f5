"""What a browser may do on a published page: run the theme's own scripts, ask its own site."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Any

from mkdocs.plugins import event_priority

INLINE = ("base", "palette", "content")  # the theme's partials that bring scripts in the page
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@event_priority(-100)  # after the templates' cache is set
def on_env(env: Any, config: Any, **_: Any) -> Any:
    """Hand the templates the policy, but for pages that it would break.

    `mkdocs serve` adds a script that is new at every build; from disk, where a site has no
    address, the search runs in a frame that is written by a script.
    """
    if config.site_url and not config.extra["serves"]:
        env.globals["policy"] = policy(_scripts(env, config))
    return env


def policy(scripts: Iterable[str]) -> str:
    """A Content-Security-Policy that lets these inline scripts run and no other.

    Styles may stand in attributes: tables align their columns and Hangul keeps its width in
    outputs with them. A style element may not, nor anything of another host.
    """
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *hashes]),
        "style-src": "'self'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{rule} {sources}" for rule, sources in rules.items())


def _scripts(env: Any, config: Any) -> list[str]:
    """The theme's inline scripts: taken from the theme, never from a page."""
    context = {"config": config, "features": config.theme["features"]}
    partials = [env.get_template(f"partials/javascripts/{name}.html") for name in INLINE]
    return [s for partial in partials for s in SCRIPT.findall(partial.render(context))]
