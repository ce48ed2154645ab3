"""A reviewer without a browser: real websockets that carry the messages which the review component sends."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ENOUGH_PAIRS = 16
MOST_KNOWN_PAGES = 40
COUNTS_EVERY_SECONDS = 10.0
PATIENCE_SECONDS = 20.0
COMPONENT = "review"


@dataclass
class WebsocketReviewer:
    """One visit. `seen` are the pairs that were sent to it, `confirmed` uid -> (pair, seconds until confirmed).

    Envelopes go by the screen's own line, or through Streamlit's component as they do while there is no line.
    """

    address: str
    name: str
    through_component: bool = False
    tab: str = field(default_factory=lambda: uuid.uuid4().hex)
    seen: set[str] = field(default_factory=set)
    confirmed: dict[str, tuple[str, float]] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._n = 0
        self._queue: list[str] = []
        self._revisions: dict[str, int] = {}
        self._pages: list[str] = []
        self._component = self._fragment = ""
        self._counted_at = float("-inf")
        address = self.address.replace("http://", "ws://")
        self._socket = connect(f"{address}/_stcore/stream", subprotocols=["streamlit"], max_size=None, compression=None)
        ticket = self._rerun(BackMsg())["ticket"]
        self._line: ClientConnection = connect(f"{address}/review-line", max_size=None, origin=self.address)
        self._line.send(ticket)
        self._exchange([], {"more": True, "counts": True})

    def decide(self) -> bool:
        """Approve the first pair at hand and wait until it is confirmed; False when no pair is left."""
        if not self._queue:
            self._exchange([], {"more": True})
        if not self._queue:
            return False
        pair = self._queue.pop(0)
        uid = uuid.uuid4().hex
        began = time.perf_counter()
        entry = {"uid": uid, "at": time.time() * 1000, "pair": pair, "rev": self._revisions[pair], "verdict": "approve"}
        wishes: dict[str, Any] = {"more": True} if len(self._queue) < ENOUGH_PAIRS else {}
        if time.monotonic() - self._counted_at > COUNTS_EVERY_SECONDS:
            self._counted_at = time.monotonic()
            wishes["counts"] = True
        for result in self._exchange([entry], wishes).get("results", []):
            if result.get("uid") == uid and result.get("ok"):
                self.confirmed[uid] = (pair, time.perf_counter() - began)
            elif result.get("uid") == uid:
                self.refused.append(result)
        return True

    def close(self) -> None:
        """Leave."""
        self._line.close()
        self._socket.close()

    def _exchange(self, outbox: list[dict[str, Any]], wishes: dict[str, Any]) -> dict[str, Any]:
        """Send one envelope as the component's transport does, and take its reply."""
        self._n += 1
        held = {pair: self._revisions[pair] for pair in self._queue}
        standing = {"reviewer": self.name, "held": held, "known": self._pages[-MOST_KNOWN_PAGES:], "passed": []}
        envelope = {**standing, **wishes, "n": self._n, "tab": self.tab, "outbox": outbox}
        reply = self._by_component(envelope) if self.through_component else self._by_line(envelope)
        self._take(reply)
        return reply

    def _by_line(self, envelope: dict[str, Any]) -> dict[str, Any]:
        self._line.send(json.dumps(envelope))
        reply: dict[str, Any] = json.loads(self._line.recv(timeout=PATIENCE_SECONDS))
        return reply

    def _by_component(self, envelope: dict[str, Any]) -> dict[str, Any]:
        message = BackMsg()
        message.rerun_script.fragment_id = self._fragment
        states = message.rerun_script.widget_states.widgets
        states.add(id=self._component, json_value="{}")
        trigger = json.dumps([{"event": "msg", "value": envelope}])
        states.add(id=f"$$STREAMLIT_INTERNAL_KEY_{self._component}__events", json_trigger_value=trigger)
        reply: dict[str, Any] = self._rerun(message)["reply"]
        return reply

    def _rerun(self, message: BackMsg) -> dict[str, Any]:
        """Run the script (or the fragment) and return the data that the component got for the newest envelope."""
        message.rerun_script.query_string = f"reviewer={self.name}"
        self._socket.send(message.SerializeToString())
        found: dict[str, Any] = {}
        while True:
            received = ForwardMsg.FromString(self._socket.recv(timeout=PATIENCE_SECONDS))
            kind = received.WhichOneof("type")
            if kind == "delta" and received.delta.new_element.WhichOneof("type") == "bidi_component":
                found = self._mounted(received) or found
            newest = (found.get("reply") or {}).get("n", 0)
            if kind == "script_finished" and (newest == self._n or not self._n):
                return found

    def _mounted(self, received: ForwardMsg) -> dict[str, Any]:
        element = received.delta.new_element.bidi_component
        if COMPONENT not in element.id:
            return {}
        self._component, self._fragment = element.id, received.delta.fragment_id
        data: dict[str, Any] = json.loads(element.json or element.mixed.json)
        return data

    def _take(self, reply: dict[str, Any]) -> None:
        if reply.get("error"):
            self.errors.append(str(reply["error"]))
        self._pages += [page["id"] for page in reply.get("pages", [])]
        self._revisions |= {pair["id"]: pair["rev"] for pair in reply.get("pairs", [])}
        self.seen |= {pair["id"] for pair in reply.get("pairs", [])}
        if "queue" in reply:
            self._queue = [pair for pair in self._queue if pair in reply["queue"]] + [
                pair for pair in reply["queue"] if pair not in self._queue and pair in self._revisions
            ]
