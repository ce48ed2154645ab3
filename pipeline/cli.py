"""The command line: parse, open the workspace, call one function of pipeline.commands, turn errors into sentences."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.format_names import ABOUT

Options = argparse.Namespace
STAGES = ("inventory", "prepare", "classify", "generate-qa", "quality-control")
DONE, USER_ERROR, USAGE_ERROR, SOME_FAILED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: its help line, where its function lives and what options it takes."""

    name: str
    help: str
    function: str
    options: tuple[Callable[[argparse.ArgumentParser], None], ...] = ()


def _pipeline_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", type=Path, metavar="DIR", help="read scans from here instead of data_src")
    parser.add_argument("--section", metavar="GLOB", help="only pages of section folders with such a name")
    parser.add_argument("--page", metavar="ID", help="only this page")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N units in each stage")
    parser.add_argument(
        "--engine",
        choices=("auto", "offline", "claude", "claude-batch"),
        default="auto",
        help="who reads the pages; auto is offline without a key, claude with one, claude-batch for many pages",
    )
    parser.add_argument(
        "--concurrency", type=_positive, metavar="N", help="requests in flight (paid engines; default 16)"
    )
    parser.add_argument(
        "--pilot", type=_positive, metavar="N", help="ask about N pages one by one before a batch (else as configured)"
    )
    parser.add_argument("--budget", type=_dollars, metavar="USD", help="cap on spending a UTC day (paid engines)")
    parser.add_argument(
        "--resend-unknown", action="store_true", help="send calls again whose reply never came; they may cost twice"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--force", action="store_true", help="do again what is done")
    parser.add_argument("--yes", action="store_true", help="answer every confirmation with yes")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return number


def _dollars(text: str) -> float:
    amount = float(text)
    if not 0 <= amount < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no amount of money")
    return amount


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _listing_options(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--jsonl", action="store_true", help="one JSON object a line")
    form.add_argument("--csv", action="store_true", help="comma-separated values with a header")


def _batches_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cancel", action="store_true", help="stop those at work; what they answered by then is kept")


def _page_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", metavar="ID", help="only this page")


def _input_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a JSONL file, or - for standard input")


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="records as JSONL, or a release folder")
    parser.add_argument("--images", type=Path, metavar="DIR", help="the folder that image paths start from")
    parser.add_argument("--decisions", action="store_true", help="take a release's pairs with its decisions and splits")
    parser.add_argument("--later", action="store_true", help="leave reading and checking to `manualqa work`")


def _export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="the release folder itself, new or empty")
    parser.add_argument("--formats", default="", metavar="NAMES", help="all, or a comma list of the formats below")
    parser.add_argument(
        "--include",
        choices=("approved", "all"),
        default="approved",
        help="approved pairs, or approved and pending ones with their status",
    )
    parser.add_argument(
        "--image-size", type=_positive, metavar="N", help="shrink images to N pixels on their long edge"
    )
    parser.add_argument(
        "--crops", action="store_true", help="the part of the page that shows the answer as a second image"
    )
    parser.add_argument("--evidence", action="store_true", help="quote and boxes of the evidence in every record")
    parser.add_argument(
        "--conversations",
        action="store_true",
        help="the pairs of a page as one dialogue, in formats that hold dialogues",
    )
    parser.add_argument("--json", action="store_true", help="print {path, counts} as JSON")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "formats:\n" + "\n".join(f"  {name:14} {about}" for name, about in ABOUT.items())


def _folder_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="a release folder")


def _two_releases(parser: argparse.ArgumentParser) -> None:
    for name, what in (("earlier", "RELEASE_A"), ("later", "RELEASE_B")):
        parser.add_argument(name, metavar=what, help="a release's folder, name or number, or latest")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line, with both sides")


def _strict_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--strict", action="store_true", help="warnings fail too")


def _publish_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("repository", nargs="?", metavar="REPO", help="owner/name on the Hugging Face Hub")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--public", action="store_true", help="let everybody see it; asks for the repository's name again")
    who.add_argument("--private", action="store_true", help="let only its owner see it (what happens without options)")
    parser.add_argument("--dry-run", action="store_true", help="list the files and their sizes, and send nothing")
    _yes_option(parser)


def _regenerate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page_id", metavar="PAGE_ID")
    parser.add_argument("--reason", metavar="R", help="what is wrong with the page's pairs")
    parser.add_argument("--feedback", metavar="TEXT", help="what to do better")


def _work_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until-idle", action="store_true", help="end when no job waits")


def _review_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8501, metavar="N", help="port on this machine (default 8501)")


def _yes_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="answer every confirmation with yes")


def _help_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", metavar="STAGE", nargs="?", help="a stage's name")


def _restore_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup")
    _yes_option(parser)


COMMANDS = (
    Command("run", "read the scans and propose checked pairs: every stage below", "running:run", (_pipeline_options,)),
    Command("inventory", "list the source files", "running:inventory", (_pipeline_options,)),
    Command("prepare", "render PDFs, validate images, read words", "running:prepare", (_pipeline_options,)),
    Command("classify", "tell what each page is, read index pages", "running:classify", (_pipeline_options,)),
    Command("generate-qa", "propose question-answer pairs", "running:generate_qa", (_pipeline_options,)),
    Command(
        "quality-control", "check, filter, dedupe and rank the pairs", "running:quality_control", (_pipeline_options,)
    ),
    Command("quick", "run from classify on", "running:quick", (_pipeline_options,)),
    Command("refilter", "run quality-control again", "running:refilter", (_pipeline_options,)),
    Command("regen-qa", "generate again; approved and edited pairs stay", "running:regen_qa", (_pipeline_options,)),
    Command("all", "run, then finalize if anything is approved", "running:run_all", (_pipeline_options,)),
    Command(
        "estimate",
        "pages, calls and dollars before any is spent",
        "estimating:estimate",
        (_pipeline_options, _listing_options, _json_option),
    ),
    Command("status", "how far everything is", "upkeep:status", (_json_option,)),
    Command("files", "every source file and what became of it", "listing:files", (_listing_options,)),
    Command("pages", "every page", "listing:pages", (_listing_options,)),
    Command("words", "the words read, in reading order", "listing:words", (_page_option, _listing_options)),
    Command("pairs", "every pair with its evidence", "listing:pairs", (_listing_options,)),
    Command("index", "repair codes and the pages that cover them", "listing:index", (_listing_options,)),
    Command("calls", "every paid request", "listing:calls", (_listing_options,)),
    Command(
        "batches",
        "every batch of requests, and how to stop those at work",
        "batches:batches",
        (_batches_options, _listing_options),
    ),
    Command("events", "every decision", "listing:events", (_listing_options,)),
    Command("funnel", "page by page, what became of the pairs proposed", "listing:funnel", (_listing_options,)),
    Command("decide", "apply decisions from JSONL", "deciding:decide", (_input_argument,)),
    Command("regenerate", "ask for a page's pairs to be made again", "jobs:regenerate", (_regenerate_options,)),
    Command("work", "do the jobs that wait", "jobs:work", (_work_options,)),
    Command("import", "take pairs from a JSONL dataset", "importing:import_file", (_import_options,)),
    Command("compare", "tell whether two pairs say the same", "comparing:compare", (_input_argument,)),
    Command("export", "write a release of the approved pairs", "releasing:export", (_export_options,)),
    Command("emit", "export with defaults", "releasing:emit"),
    Command("validate", "pass or fail of the newest release", "releasing:validate", (_strict_option,)),
    Command("finalize", "emit and validate", "releasing:finalize", (_strict_option,)),
    Command("verify", "name every altered file of a release", "releasing:verify", (_folder_argument,)),
    Command("releases", "every release that was made", "released:releases", (_listing_options,)),
    Command("diff", "what two releases differ in, pair by pair", "released:diff", (_two_releases,)),
    Command("publish", "send the newest release to the Hugging Face Hub", "publishing:publish", (_publish_options,)),
    Command("upload", "publish to the configured repository", "publishing:publish", (_publish_options,)),
    Command("review", "open the review app", "reviewing:review", (_review_options,)),
    Command("config", "every setting in force and where it came from", "upkeep:config"),
    Command("help", "a stage's specification", "upkeep:explain", (_help_argument,)),
    Command("doctor", "integrity, versions, and what is missing on this machine", "upkeep:doctor"),
    Command("backup", "copy the database to review_db/backups", "upkeep:backup"),
    Command("restore", "put a backup in the database's place", "upkeep:restore", (_restore_argument,)),
    Command("clean", "delete caches only", "upkeep:clean"),
    Command(
        "clean-all", "delete caches, releases and the database, after a backup", "upkeep:clean_all", (_yes_option,)
    ),
)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; every subcommand also takes --workspace and --config."""
    parser = argparse.ArgumentParser(
        prog="manualqa", description="Turn scanned service manuals into reviewed question-answer data."
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.name, help=command.help, description=command.help)
        subparser.add_argument("--workspace", type=Path, metavar="DIR", help="where database, caches and releases lie")
        subparser.add_argument("--config", type=Path, metavar="FILE", help="settings on top of the workspace's own")
        for add_options in command.options:
            add_options(subparser)
        subparser.set_defaults(function=command.function)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 you can fix it, 2 usage, 3 some units failed."""
    options = build_parser().parse_args(arguments)
    module_name, _, function_name = options.function.partition(":")
    module = importlib.import_module(f"pipeline.commands.{module_name}")
    try:
        return int(getattr(module, function_name)(options))
    except KeyboardInterrupt:
        print("stopped; what was stored is kept, and the same command goes on from here", file=sys.stderr)
        return USER_ERROR
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if not hasattr(error, "hint"):  # every error that a person can mend carries a hint; the rest are bugs
            raise
        print(f"error: {error}" + (f"\nhint: {error.hint}" if error.hint else ""), file=sys.stderr)
        return USER_ERROR


if __name__ == "__main__":
    sys.exit(main())
