"""Files that belong to a web site around the scans, not to a manual: icons, logos, fonts, styles, scripts."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

SMALLEST_SIDE = 400
"""An image whose longer side is below this many pixels is an icon: no scan of a page is readable at that size."""

_FOLDERS = re.compile(r"fav-?icons?|icons?|fonts?|css|js", re.I)
_ICON_NAMES = re.compile(r"(favicon|apple-touch-icon|android-chrome|mstile|safari-pinned-tab|browserconfig)\b", re.I)
_SUFFIXES = frozenset(
    (
        ".css",
        ".scss",
        ".js",
        ".mjs",
        ".map",
        ".ico",
        ".svg",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".eot",
        ".webmanifest",
    )
)
_NAMES = frozenset({"cname", "robots.txt", "sitemap.xml", "browserconfig.xml", ".nojekyll", "manifest.json"})


def is_site_asset(path: str, size: tuple[int, int] | None = None) -> bool:
    """Tell by its path (POSIX) and, for an image, its size in pixels whether a file is part of a web site."""
    place = PurePosixPath(path)
    if any(_FOLDERS.fullmatch(folder) for folder in place.parts[:-1]):
        return True
    if place.suffix.lower() in _SUFFIXES or place.name.lower() in _NAMES or _ICON_NAMES.match(place.name):
        return True
    return size is not None and max(size) < SMALLEST_SIDE
