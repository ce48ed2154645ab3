// Checking what pages are: one page at a time, one key for each kind. Answers go to the server in a list that is sent
// whole until the server no longer asks for those pages, so that quick presses lose nothing.

import { cropOf } from "./crop.js";
import { element } from "./words.js";

const KEYS = {
  index: "i",
  procedure: "p",
  specification: "s",
  diagram: "d",
  troubleshooting: "t",
  text: "x",
  wiring: "w",
  pinout: "n",
  fuse_chart: "f",
  flowchart: "l",
  signal: "g",
  oscilloscope: "o",
  photo: "h",
  cover: "v",
  blank: "b",
};
const BACK = "z";
const plain = (name) => name.replaceAll("_", " ");

// Draw the first page that has no answer yet; gives the way to stop listening.
export function drawCheck(root, { pages, kinds }) {
  root.checked ??= { answers: new Map(), seen: [], again: null };
  for (const id of root.checked.answers.keys()) {
    if (!pages.some((page) => page.id === id)) root.checked.answers.delete(id);
  }
  const shown = () => root.checked.again ?? pages.find((page) => !root.checked.answers.has(page.id)) ?? null;
  const answer = (kind) => {
    const page = shown();
    if (!page) return;
    root.checked.answers.set(page.id, kind);
    root.checked.seen.push(page);
    root.checked.again = null;
    root.answer([...root.checked.answers]);
    draw();
  };
  const back = () => {
    root.checked.again = root.checked.seen.pop() ?? null;
    draw();
  };
  const draw = () => paint(root, shown(), kinds, { answer, back: root.checked.seen.length ? back : null });
  draw();
  return listen({ shown, kinds, answer, back });
}

function paint(root, page, kinds, acts) {
  root.dataset.page = page?.id ?? "";
  if (!page) {
    root.replaceChildren(element("p", "note", "Every page of this round has been looked at."));
    return;
  }
  const made = element("div", "check");
  const says = element("div", "says");
  const question = element("p", "question");
  question.append("This page shows: ", element("b", "", plain(page.kind)));
  const sure = element("p", "note", `${Math.round(page.confidence * 100)} % sure · ${page.where}`);
  const yes = choice("⏎", `Yes, ${plain(page.kind)}`, () => acts.answer(page.kind), "approve");
  const others = element("div", "kinds");
  others.setAttribute("role", "group");
  others.setAttribute("aria-label", "No, it shows");
  for (const kind of kinds) {
    if (kind !== page.kind) others.append(choice(KEYS[kind], plain(kind), () => acts.answer(kind)));
  }
  says.append(element("h2", "", page.title), question, sure, yes, element("p", "note", "No, it shows:"), others);
  if (acts.back) says.append(choice(BACK, "The page before", acts.back, "quiet"));
  made.append(cropOf(page, [], null), says);
  root.replaceChildren(made);
}

function choice(key, label, act, kind = "") {
  const made = element("button", kind);
  if (key) made.append(element("kbd", "", key.toUpperCase()), " ");
  made.append(label);
  made.onclick = act;
  return made;
}

// Keys of ours come before Streamlit's own C and R.
function listen({ shown, kinds, answer, back }) {
  const onKey = (event) => {
    const target = event.composedPath()[0];
    const isTyping = target instanceof Element && target.matches("input, textarea, select, [role=combobox]");
    if (isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !shown()) return;
    const kind = kinds.find((each) => KEYS[each] === event.key.toLowerCase());
    if (event.key === "Enter" && target instanceof Element && target.matches("button, a")) return;
    if (event.key === "Enter") answer(shown().kind);
    else if (event.key.toLowerCase() === BACK) back();
    else if (kind) answer(kind);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", onKey, { capture: true });
  return () => window.removeEventListener("keydown", onKey, { capture: true });
}
