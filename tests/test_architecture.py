"""The rules that keep the code as it is laid out: who may import whom, sizes, names, where SQL may stand."""

import ast
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "pipeline", "review_db", "exports")
TOP_LEVEL = {*PACKAGES, "data_src", "tests", "streamlit_config.toml", "pyproject.toml", "README.md", "Makefile"}
MADE_BY_USE = {"build", "config.yaml", "manualqa.egg-info"}

ALLOWED_IMPORTS = {
    "review_db": (),
    "exports": ("review_db",),
    "pipeline": ("review_db",),
    "app": ("review_db", "exports", "pipeline.checks"),
}
MAY_ALSO_IMPORT_EXPORTS = re.compile(r"pipeline\.(cli|worker|commands(\..+)?)$")
CHECKS_MAY_IMPORT = ("pipeline.checks", "review_db.records", "review_db.statuses", "rapidfuzz")

HOME_PACKAGES = {"streamlit": "app", "sqlite_utils": "review_db"}
SINGLE_HOMES = ("anthropic", "sentence_transformers", "rapidocr", "datasets", "huggingface_hub", "bs4", "pdf2image")
SLOW = {"anthropic", "sentence_transformers", "rapidocr", "datasets", "huggingface_hub", "cv2", "torch"}
SLOW_TO_HELP = SLOW | {"streamlit", "sqlite_utils", "pandas", "pyarrow", "onnxruntime", "transformers"}

FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc|stuff)(_|$)")
SQL_TEXT = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|pragma\s+\w+|"
    r"create\s+(table|view|index)\s|begin\b)",
    re.IGNORECASE | re.DOTALL,
)
DEFERRED = re.compile(r"\s*begin(\s+(deferred|transaction))*[\s;]*$", re.IGNORECASE)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


class Source(NamedTuple):
    """One Python file of the project."""

    path: Path
    module: str
    tree: ast.Module

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    return tuple(source(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))


@cache
def source(path: Path) -> Source:
    return Source(path, module_name(path), ast.parse(path.read_text("utf-8")))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(source: Source) -> tuple[tuple[str, ast.stmt], ...]:
    """Each imported module; `from package import module` counts as package.module."""
    return tuple(_imports(source))


def _imports(source: Source) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}:{node.lineno} imports relatively"
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def may_import(source: Source, name: str) -> bool:
    own = source.module.partition(".")[0]
    if within(source.module, "pipeline.checks"):
        return within(name, *CHECKS_MAY_IMPORT)
    if within(name, "exports") and MAY_ALSO_IMPORT_EXPORTS.match(source.module):
        return True
    return within(name, own, *ALLOWED_IMPORTS[own])


def test_packages_import_only_what_the_layout_allows():
    wrong = [
        f"{source}:{node.lineno} imports {name}"
        for source in sources(*PACKAGES)
        for name, node in imports(source)
        if within(name, *PACKAGES) and not may_import(source, name)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_checks_are_pure_and_rest_on_rapidfuzz_alone():
    wrong = [
        f"{source}:{node.lineno} imports {name}"
        for source in sources("pipeline/checks")
        for name, node in imports(source)
        if name.partition(".")[0] not in sys.stdlib_module_names and not within(name, *CHECKS_MAY_IMPORT)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_takes_a_private_name_of_another():
    wrong = [
        f"{source}:{node.lineno} imports {name}"
        for source in sources(*PACKAGES)
        for name, node in imports(source)
        if within(name, *PACKAGES) and re.search(r"\._[a-z]", name)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("library", "package"), HOME_PACKAGES.items())
def test_a_library_is_used_only_in_its_package(library, package):
    users = {str(s) for s in sources(*PACKAGES) for name, _ in imports(s) if within(name, library)}
    assert not {user for user in users if not user.startswith(package + "/")}


@pytest.mark.parametrize("library", SINGLE_HOMES)
def test_a_library_has_at_most_one_home(library):
    users = {str(s) for s in sources(*PACKAGES) for name, _ in imports(s) if within(name, library)}
    assert len(users) <= 1, users


def imported_at_load(tree: ast.Module) -> Iterator[str]:
    """What a module imports when it is loaded: not inside functions, not for type checkers only."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def test_slow_libraries_are_imported_inside_functions():
    wrong = [
        f"{source} imports {name} when it is loaded"
        for source in sources(*PACKAGES)
        for name in imported_at_load(source.tree)
        if name.partition(".")[0] in SLOW
    ]
    assert not wrong, "\n".join(wrong)


def test_help_loads_no_slow_library():
    asked = "from contextlib import suppress\nimport sys\nfrom pipeline.cli import main\n"
    asked += "with suppress(SystemExit):\n    main(['--help'])\nprint(*sys.modules, file=sys.stderr)"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not SLOW_TO_HELP & set(answer.stderr.split())


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell a process's seconds")
def test_help_is_there_at_once():
    def seconds_of_work() -> float:
        process = subprocess.Popen([sys.executable, "-m", "pipeline", "--help"], stdout=subprocess.DEVNULL, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        return usage.ru_utime + usage.ru_stime

    assert min(seconds_of_work() for _ in range(3)) <= 0.4


def test_modules_are_short_and_views_shorter():
    def most(source: Source) -> int:
        return 150 if within(source.module, "app.views") else 300

    lines = {source: len(source.path.read_text("utf-8").splitlines()) for source in sources(*PACKAGES)}
    wrong = [f"{source} has {count} lines" for source, count in lines.items() if count > most(source)]
    assert not wrong, "\n".join(wrong)


def test_functions_are_small():
    sizes = {f"{s}:{f.lineno} {f.name}": length(f) for s in sources(*PACKAGES) for f in functions(s)}
    assert not [f"{name} has {size} lines" for name, size in sizes.items() if size > 50]
    assert statistics.median(sizes.values()) <= 12


def test_names_say_what_a_module_is_for():
    assert not [str(s) for s in sources(*PACKAGES, "tests") if FORBIDDEN_NAMES.search(s.path.stem)]


def test_every_module_says_what_it_is_for():
    written = [source for source in sources(*PACKAGES) if source.tree.body]
    assert not [str(source) for source in written if not ast.get_docstring(source.tree)]


def public_functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def test_every_public_function_has_a_docstring():
    wrong = [
        f"{source}:{function.lineno} {function.name}"
        for source in sources(*PACKAGES)
        for function in public_functions(source.tree.body)
        if not ast.get_docstring(function)
    ]
    assert not wrong, "\n".join(wrong)


def texts(source: Source) -> Iterator[ast.Constant]:
    """Every string that is no docstring and no bare statement."""
    bare = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node


def test_sql_stands_only_in_review_db():
    wrong = [
        f"{source}:{text.lineno} {text.value[:60]!r}"
        for source in sources("app", "pipeline", "exports")
        for text in texts(source)
        if SQL_TEXT.match(text.value)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_write_begins_immediate():
    def only_reads(function: ast.AST) -> bool:
        calls = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
        return "rollback" in calls and "commit" not in calls

    wrong = [
        f"{source}:{function.lineno} {function.name}"
        for source in sources("review_db")
        for function in functions(source)
        for node in ast.walk(function)
        if (isinstance(node, ast.Attribute) and node.attr == "atomic")
        or (isinstance(node, ast.Constant) and DEFERRED.match(str(node.value)) and not only_reads(function))
    ]
    assert not wrong, "a deferred transaction fails under load: " + ", ".join(wrong)


def test_every_stage_has_a_test_file_of_its_name():
    stages = {path.stem for path in (ROOT / "pipeline/stages").glob("*.py")} - {"__init__"}
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    assert stages
    assert not stages - tested


def test_nothing_is_left_for_later():
    suffixes = {".py", ".js", ".css", ".html", ".md", ".toml", ".yaml", ".sql"}
    files = [path for folder in PACKAGES for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    files += [ROOT / name for name in ("README.md", "Makefile", "pyproject.toml") if (ROOT / name).exists()]
    assert not [path for path in files if UNFINISHED.search(path.read_text("utf-8"))]


def test_the_top_level_holds_only_what_belongs_there():
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert not found - TOP_LEVEL - MADE_BY_USE - {"__pycache__"}
