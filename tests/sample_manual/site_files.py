"""What lies beside the scans in a folder that was once a web page: none of it is a page of the manual."""

import io
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from PIL import Image, ImageDraw

MANIFEST = (
    '{"name":"","short_name":"","icons":[{"src":"/android-chrome-192x192.png","sizes":"192x192",'
    '"type":"image/png"}],"theme_color":"#ffffff","background_color":"#ffffff","display":"standalone"}\n'
)

CSS = """body {
    background-color: white;
    font-family: monospace;
    padding: 2% 10% 10% 10%;
    min-width: 500px;
}

a.sectionTitle { color: #223; text-decoration: none; }
table#techTable td { vertical-align: top; padding-right: 2em; }
.tableCellA { white-space: nowrap; }
.blockText { max-width: 60em; margin-top: 2em; }
"""

PAGE = """<!DOCTYPE html>
<html>
<head>
<link rel="icon" type="image/png" sizes="32x32" href="{up}favicon/favicon-32x32.png">
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>Veldmar Service Manual - {title}</title>
<link rel="stylesheet" href="{up}style.css">
</head>
<body>
\t<h1>Veldmar Service Manual</h1>
\t\t\t<h2>{title}</h2>
{links}
</body>
</html>
"""


def files(pages: Sequence[str]) -> dict[str, bytes]:
    """Relative path and content of every by-file; `pages` are the relative paths of the scans."""
    made = {
        "style.css": CSS.encode(),
        "index.html": _main_index(pages).encode(),
        "favicon/site.webmanifest": MANIFEST.encode(),
        "favicon/favicon.ico": _icon_file(),
    }
    for size, name in ((192, "android-chrome-192x192"), (32, "favicon-32x32"), (16, "favicon-16x16")):
        made[f"favicon/{name}.png"] = _png(size)
    clutch = [page for page in pages if page.startswith("21 - ")]
    made["21 - Clutch/index.html"] = _folder_index("Section 21 - Clutch", clutch).encode()
    return made


def _main_index(pages: Sequence[str]) -> str:
    folders = [folder for folder, _ in groupby(sorted(p.split("/")[0] for p in pages if "/" in p))]
    links = [f'\t├── <a href="./{quote(name)}/" class="sectionTitle">{name}</a><br>' for name in folders]
    links.append('\t└── <a href="./tarn-techspec.html" class="sectionTitle">Tarn Tech Specs</a><br>')
    return PAGE.format(up="./", title="Main Index", links="\n".join(links))


def _folder_index(title: str, pages: Sequence[str]) -> str:
    names = [page.split("/")[1] for page in pages]
    links = [f'\t├── <a href="./{quote(name)}" target="_blank">{name}</a><br>' for name in names]
    return PAGE.format(up="../", title=title, links="\n".join(links))


def _badge(size: int) -> Image.Image:
    """The maker's badge: a mountain in a ring."""
    large = Image.new("RGBA", (384, 384), (0, 0, 0, 0))
    draw = ImageDraw.Draw(large)
    draw.ellipse((8, 8, 376, 376), fill=(24, 40, 72, 255))
    draw.ellipse((86, 86, 298, 298), fill=(255, 255, 255, 255))
    draw.polygon([(100, 250), (166, 130), (212, 210), (240, 170), (284, 250)], fill=(24, 40, 72, 255))
    return large.resize((size, size), Image.Resampling.LANCZOS)


def _png(size: int) -> bytes:
    buffer = io.BytesIO()
    _badge(size).save(buffer, "PNG")
    return buffer.getvalue()


def _icon_file() -> bytes:
    buffer = io.BytesIO()
    _badge(48).save(buffer, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return buffer.getvalue()
