"""What every page gets last: a content security policy, and names for what a screen reader could not name."""

import base64
import hashlib
import re

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def list_scripts(html: str) -> list[str]:
    """The scripts that stand in the page itself."""
    return [script for script in _INLINE.findall(html) if script.strip()]


def set_policy(html: str) -> str:
    """The page with a policy: its own scripts and the files beside it run, and nothing comes from elsewhere."""
    scripts = list_scripts(html)
    hashes = sorted({base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts})
    allowed = " ".join(["'self' file:", *(f"'sha256-{one}'" for one in hashes)]) if "<script" in html else "'none'"
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'self' file: 'unsafe-inline'; "
        "img-src 'self' file: data:; font-src 'self' file: data:; base-uri 'none'; form-action 'self' file:"
    )
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    # Before anything that could run or load.
    return re.sub(r"<head>|<head [^>]*>", lambda found: f"{found[0]}\n    {tag}", html, count=1)


def name_toggles(html: str) -> str:
    """The page with a name for the arrows of the navigation, which the theme leaves without one."""
    arrow = '<span class="toctree-toggle"'
    return html.replace(f"<summary>{arrow}", f'<summary aria-label="Pages below">{arrow}')
