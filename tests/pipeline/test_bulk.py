"""The passes of a stage in bulk: who is asked alone, who together, and that nobody is forgotten."""

import pytest

from pipeline.bulk import run_in_bulk
from pipeline.engines.choice import Bulk
from pipeline.progress import Progress
from pipeline.refusals import StopRunError
from pipeline.stage import LaterError, Stage, UnitError
from review_db import stage_outcomes

NAMES = [f"p{number}" for number in range(10)]


class Service:
    """Answers at once what is asked alone, after a fetch what is asked together; `at_work` is in an earlier batch."""

    def __init__(self, at_work=(), verdict=None):
        self.at_work, self.verdict = set(at_work), verdict
        self.alone, self.collected, self.answered, self.fetches = [], [], set(), 0

    def ask_alone(self, name):
        if name in self.at_work:
            raise LaterError(name)
        self.alone.append(name)

    def ask_together(self, name):
        if name == "p3":
            raise UnitError("no")
        if name not in self.answered:
            self.collected.append(name)
            raise LaterError(name)

    def fetch(self, progress):
        self.fetches += 1
        found = set(self.collected) | self.at_work
        anything, self.answered = bool(found - self.answered), self.answered | found
        return anything

    def run(self, db, *, above=0, pilot=0, limit=None, force=False):
        def stage(ask):
            return Stage("s", lambda: NAMES, str, str, ask, lambda db, unit, result: None)

        bulk = Bulk(None, 1, above, pilot, lambda: set(self.at_work), self.fetch, lambda: self.verdict)
        alone, together = stage(self.ask_alone), stage(self.ask_together)
        return run_in_bulk(alone, together, bulk, db, Progress.silent(), force=force, limit=limit)


def done(db):
    return set(stage_outcomes.finished_units(db, "s"))


def test_all_are_asked_together_and_a_failure_is_one_page(fresh_db):
    service = Service()
    summary = service.run(fresh_db)
    assert (summary.done, [name for name, _ in summary.failures], summary.waiting) == (9, ["p3"], [])
    assert sorted(service.collected) == sorted(set(NAMES) - {"p3"})


def test_few_pages_are_asked_alone(fresh_db):
    service = Service()
    assert service.run(fresh_db, above=10).done == 10
    assert (service.fetches, len(service.alone)) == (0, 10)


def test_the_pilot_comes_from_all_over_the_pages_and_is_not_asked_again(fresh_db):
    service = Service()
    service.run(fresh_db, above=3, pilot=3)
    assert service.alone == ["p0", "p3", "p6"]
    assert done(fresh_db) == set(NAMES)
    assert set(service.collected).isdisjoint(service.alone)


def test_a_bad_pilot_collects_nothing(fresh_db):
    service = Service(verdict="none of them can be read")
    with pytest.raises(StopRunError, match="none of them"):
        service.run(fresh_db, pilot=2)
    assert service.collected == []
    assert len(done(fresh_db)) == 2


def test_what_an_earlier_run_sent_is_waited_for_without_being_made_ready_again(fresh_db):
    service = Service(at_work=["p0", "p1", "p2"])
    service.run(fresh_db, pilot=2)
    assert service.alone == []
    assert set(service.collected).isdisjoint(service.at_work)
    assert done(fresh_db) == set(NAMES) - {"p3"}


def test_a_page_of_the_pilot_that_is_in_a_batch_is_waited_for_like_the_others(fresh_db):
    service = Service(at_work=["p0"])
    summary = service.run(fresh_db, pilot=2, force=True)
    assert summary.waiting == []
    assert done(fresh_db) == set(NAMES) - {"p3"}


def test_what_another_process_holds_is_left_waiting(fresh_db):
    service = Service()
    service.fetch = lambda progress: False
    assert len(service.run(fresh_db, limit=3).waiting) == 3
    assert done(fresh_db) == set()
