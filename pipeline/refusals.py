"""Why a paid call was not made or not answered: the errors, and what each error status of the service means."""

from __future__ import annotations

import json
import re
from typing import Any

from pipeline.errors import PipelineError
from pipeline.paid_requests import NotSent, Outcome, Received
from pipeline.stage import UnitError

STOP_HINT = "the run stopped and marked no page failed; the same command goes on once this is mended"
STOPS = {
    401: "the key is not valid: set ANTHROPIC_API_KEY; " + STOP_HINT,
    402: "the account has no credit; " + STOP_HINT,
    403: "the key may not do this; " + STOP_HINT,
    404: "check the model's name under `api` in config.yaml, and ANTHROPIC_BASE_URL if it is set; " + STOP_HINT,
}
STOP_CODES = {
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "linked_organization_spend_limit_reached",
    "linked_organization_billing_unavailable",
    "organization_on_hold",
}
SPENT = re.compile(r"usage limits|spend(ing)?[ _]limit|credit balance", re.IGNORECASE)
SIZE_CODES = {"image_dimensions_too_large", "request_body_too_large_after_decoding"}
TOO_LARGE = re.compile(r"\bimages?\b.*\b(exceeds?|too large|larger than|at most)\b", re.IGNORECASE | re.DOTALL)
MESSAGE_CHARACTERS = 300


class StopRunError(PipelineError):
    """No page of this run can go on: the key, the credit, the model or the service's own limit is the reason."""


class BudgetReachedError(StopRunError):
    """The next call could pass a cap; it was not made."""


class StoppedError(PipelineError):
    """A person stopped the run; this call was not made."""


class PostponedError(PipelineError):
    """The service asks for a longer pause than this process may wait; `seconds` says how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the service asks for a pause of {seconds:.0f} seconds", "the work goes on by itself then")
        self.seconds = seconds


class UnknownOutcomeError(UnitError):
    """A call whose reply never came: it may have been billed, so it is not sent again by itself."""


class PageBudgetError(UnitError):
    """The next call could pass the cap of this page."""


class TooLargeError(UnitError):
    """The service says that the request is too large; a smaller image may do."""


def meaning_of(reply: Received) -> StopRunError | UnitError | None:
    """What an error status means for the run or the page; None where the same request may pass a little later.

    The service answers 400, not 429, when a spend limit that its owner set is reached.
    """
    code, message = _code(_error(reply)), f"the service says {reason_of(reply)}"
    if reply.status < 400 or reply.status in STOPS or reply.status == 405:
        return StopRunError(message, STOPS.get(reply.status, STOPS[404]))
    if code in STOP_CODES or (reply.status in (400, 429) and SPENT.search(message)):
        return StopRunError(message, "raise the limit or wait until it is renewed; " + STOP_HINT)
    if reply.status == 413 or code in SIZE_CODES or (reply.status == 400 and TOO_LARGE.search(message)):
        return TooLargeError(f"the page is too large for the service; {message}")
    return None if may_pass(reply) else UnitError(message)


def may_pass(reply: Received) -> bool:
    """Whether the same request may pass later: the service's own word for it, else its status."""
    word = reply.headers.get("x-should-retry")
    if word in ("true", "false"):
        return word == "true"
    return reply.status in (408, 409, 429) or reply.status >= 500


def given_up(outcome: Outcome, attempts: int) -> StopRunError | UnitError:
    """What it means that the last of several attempts was refused too: limits and lost lines concern every page."""
    if isinstance(outcome, NotSent):
        return StopRunError(
            f"{attempts} attempts failed: {outcome.reason}",
            "check the network, and ANTHROPIC_BASE_URL if it is set; " + STOP_HINT,
        )
    reason = f"the service refused the request {attempts} times: {reason_of(outcome)}"
    if isinstance(outcome, Received) and outcome.status == 429:
        return StopRunError(reason, "lower requests_a_minute under `api` in config.yaml, or go on later; " + STOP_HINT)
    return UnitError(reason)


def reason_of(outcome: Outcome) -> str:
    """What came of a request, in a few words."""
    if not isinstance(outcome, Received):
        return outcome.reason
    return f"{outcome.status}: {api_message(outcome) or 'nothing else'}"


def api_message(reply: Received) -> str:
    """The sentence of an error reply, else the beginning of whatever it holds."""
    message = _error(reply).get("message")
    text = message if isinstance(message, str) else reply.body[:MESSAGE_CHARACTERS].decode(errors="replace")
    return text[:MESSAGE_CHARACTERS].encode(errors="replace").decode()


def _error(reply: Received) -> dict[str, Any]:
    try:
        error = json.loads(reply.body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return error if isinstance(error, dict) else {}


def _code(error: dict[str, Any]) -> str:
    details = error.get("details")
    return str(details.get("error_code", "")) if isinstance(details, dict) else ""
