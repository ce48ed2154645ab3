"""The limits in dollars that a call counts against, and what is said of a call that could pass one."""

from __future__ import annotations

from pipeline.paid_requests import Policy
from pipeline.refusals import BudgetReachedError, PageBudgetError
from review_db.calls import Cap

RAISE_IT = "raise it with --budget or under `generation` in config.yaml, or go on tomorrow; nothing is lost"


def caps_of(policy: Policy, run_key: str, page_id: str | None, day: str) -> list[Cap]:
    """The caps of the day, the run and the page."""
    caps = [
        Cap(f"day:{day}", policy.day_usd, f"the budget of ${policy.day_usd:.2f} for {day} (UTC)"),
        Cap(f"run:{run_key}", policy.run_usd, f"the budget of ${policy.run_usd:.2f} a run"),
    ]
    page = Cap(f"page:{run_key}:{page_id}", policy.page_usd, f"the budget of ${policy.page_usd:.2f} a page")
    return [*caps, page] if page_id else caps


def refusal_for(cap: Cap, usd: float, spent: float) -> BudgetReachedError | PageBudgetError:
    """Why a call of so many dollars was not made: it could pass this cap."""
    text = (
        f"the next call could cost ${usd:.4f} and pass {cap.name}, of which ${spent:.4f} is spent or reserved; "
        "it was not made"
    )
    return PageBudgetError(text) if cap.scope.startswith("page:") else BudgetReachedError(text, RAISE_IT)
