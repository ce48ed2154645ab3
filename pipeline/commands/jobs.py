"""`manualqa regenerate` and `manualqa work`: ask for work, and do what was asked for."""

from __future__ import annotations

import argparse

from pipeline.commands.context import opened, remember
from pipeline.worker import work_through
from review_db import facts, jobs, pages


def regenerate(options: argparse.Namespace) -> int:
    """Queue a job that makes a page's pairs again."""
    with opened(options) as context:
        page = pages.page_by_id(context.db, options.page_id)
        payload: dict[str, object] = {
            "page_id": page.page_id,
            "reason": options.reason,
            "feedback": options.feedback,
        }
        job_id = jobs.ask(context.db, "regenerate", payload, "command line")
    print(f"job {job_id} waits; `manualqa work --until-idle` does it, and so does the open app")
    return 0


def work(options: argparse.Namespace) -> int:
    """Do waiting jobs one after the other; exit code 3 when any failed."""
    with opened(options) as context:
        if not facts.current_settings(context.db):  # the app was opened before any run
            remember(context)
        failed = work_through(context.db, context.workspace, context.settings, until_idle=options.until_idle)
    return 3 if failed else 0
