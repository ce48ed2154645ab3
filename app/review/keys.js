// Keyboard: one listener in the capture phase, so that Streamlit's own C (clear cache) and R (rerun) stay quiet.

export const KEYS = [
  ["a", "approve", "Approve"],
  ["x", "reject", "Reject, then a reason 1–9 (X again: the last reason)"],
  ["e", "edit", "Edit question and answer"],
  ["s", "skip", "Skip: it comes back last"],
  ["u", "undo", "Undo the last decision, as often as you like"],
  ["f", "flag", "Flag for a second look"],
  ["c", "change", "Change a decision; put back a pair that was set aside"],
  ["g", "regenerate", "Regenerate the pairs of this page, or correct the page"],
  ["m", "newPair", "New pair on this page: one that the model missed"],
  ["h", "history", "History of the pair: who wrote and decided what"],
  ["l", "context", "Look around: pairs of the page, pages beside it, index, pairs alike"],
  ["i", "guidelines", "The guidelines: what makes a pair good"],
  ["j", "nextPair", "Next pair of the page"],
  ["k", "previousPair", "Previous pair of the page"],
  ["n", "nextPage", "Next page"],
  ["p", "previousPage", "Previous page"],
  ["v", "evidence", "Go through the evidence on the scan"],
  ["b", "draw", "Mark the evidence yourself: drag on the scan, or pick words"],
  ["o", "others", "Show the evidence of the page’s other pairs"],
  ["r", "rotate", "Turn the scan"],
  ["+", "zoomIn", "Zoom in (or the wheel)"],
  ["-", "zoomOut", "Zoom out"],
  ["0", "fitPage", "Whole page"],
  ["w", "fitWidth", "Page width"],
  ["t", "keepTheirs", "After a conflict: keep it as it is now"],
  ["d", "decideAgain", "After a conflict: decide again"],
  ["q", "choices", "What to review: the order, filters, work shared out"],
  ["/", "search", "Search questions and answers"],
  ["?", "help", "This list, and to change the keys"],
];
const STREAMLITS = /^[cr]$/i;

function isTyping(target) {
  return target instanceof Element && (target.matches("input, textarea, select") || target.isContentEditable);
}

// What a key press asks for: an action's name, "digit" with its number, or null.
function meaning(event, target, keymap) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return ["save"];
  if (event.key === "Escape") return ["cancel"];
  if (isTyping(target) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (/^[1-9]$/.test(event.key)) return ["digit", Number(event.key)];
  const action = keymap.actionOf(event.key);
  return action ? [action] : null;
}

// Call `act(action, number)` for every key of ours; it returns whether the key was used. Gives the way to stop.
export function listen(act, keymap) {
  const onKey = (event) => {
    if (keymap.capture) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!event.repeat) keymap.capture(event);
      return;
    }
    const asked = meaning(event, event.composedPath()[0], keymap);
    if (!asked) {
      // Streamlit sees only the shadow root's host, not that someone types there; nor may it have a key set free.
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isPlain && STREAMLITS.test(event.key)) event.stopImmediatePropagation();
      return;
    }
    const owned = asked[0] !== "cancel" && asked[0] !== "save" && asked[0] !== "digit";
    const used = event.repeat ? owned : act(...asked);
    if (used || owned) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  window.addEventListener("keydown", onKey, { capture: true });
  return () => window.removeEventListener("keydown", onKey, { capture: true });
}
