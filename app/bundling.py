"""Join our scripts' modules into one module, so that a first visit asks for one file instead of forty.

Each module becomes a function that gives what it exports, called once, those it imports before it; names stay apart as
they do between modules. Our own scripts are written for it: named imports from "./FILE.js" and exports in front of a
declaration. Anything else is refused when the server starts, never joined wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(entry: str, modules: Mapping[str, str]) -> str:
    """One module that exports what the module named `entry` does; `modules` are the texts by file name.

    Raises ValueError for an import or export of another form, an import of what is not exported, or modules that
    import one another in a circle.
    """
    order: list[str] = []
    _follow(entry, modules, order, ())
    parts = [_wrapped(name, modules[name]) for name in order]
    exported = ", ".join(_exports(modules[entry]))
    return "\n".join([*parts, f"export const {{ {exported} }} = {_variable(entry)};\n"])


def _follow(name: str, modules: Mapping[str, str], order: list[str], above: tuple[str, ...]) -> None:
    """Append a module to `order`, behind all that it imports."""
    if name in above:
        raise ValueError(f"{' -> '.join((*above, name))}: modules import one another in a circle")
    for names, imported in _IMPORT.findall(modules[name]):
        if missing := set(re.findall(r"(\w+)(?: as \w+)?", names)) - set(_exports(modules[imported])):
            raise ValueError(f"{name}: {imported} does not export {', '.join(sorted(missing))}")
        if imported not in order:
            _follow(imported, modules, order, (*above, name))
    order.append(name)


def _wrapped(name: str, text: str) -> str:
    exported = ", ".join(_exports(text))
    body = _IMPORT.sub(lambda found: f"const {{{_renamed(found[1])}}} = {_variable(found[2])};", text)
    body = _EXPORT_LIST.sub("", _EXPORT.sub("", body))
    if left := _LEFT_OVER.search(body):
        raise ValueError(f"{name}: cannot join `{left[0]}`")
    return f"// {name}\nconst {_variable(name)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _exports(text: str) -> list[str]:
    listed = [name.strip() for group in _EXPORT_LIST.findall(text) for name in group.split(",")]
    return [*_EXPORT.findall(text), *listed]


def _renamed(names: str) -> str:
    """`a, b as c` as a pattern that takes an object apart: `a, b: c`."""
    return re.sub(r"\s+as\s+", ": ", names)


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name)
