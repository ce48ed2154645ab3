"""The line to the service: no more requests at once than allowed, none after a stop."""

import threading
import time

from pipeline.engines.claude.line import Line
from pipeline.ledger import NotSent
from tests.asking import Wire, a_request


class Slow:
    """Counts how many requests are on it at once."""

    def __init__(self):
        self.now, self.most, self.sent, self.lock = 0, 0, 0, threading.Lock()

    def send(self, body):
        with self.lock:
            self.now, self.sent = self.now + 1, self.sent + 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        with self.lock:
            self.now -= 1
        return NotSent("only a test")


def test_no_more_requests_are_on_the_line_than_allowed():
    slow = Slow()
    line = Line(slow, 3, lambda: False)
    threads = [threading.Thread(target=line.send, args=({},)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (slow.most, slow.sent) == (3, 12)
    assert 3 < line.most_open <= 3 + 4


def test_a_request_that_waits_when_the_run_stops_is_not_sent_and_not_billed():
    wire = Wire()
    assert isinstance(Line(wire, 1, lambda: True).send(a_request().body), NotSent)
    assert wire.sent == []
