// Pairs with their pieces of scan, to be judged at a glance.

import { cropOf } from "./crop.js";
import { element, markedAnswer } from "./words.js";

export function drawSamples(root, { samples, note }) {
  if (!samples.length) {
    root.replaceChildren(element("p", "note", note));
    return;
  }
  const list = element("div", "samples");
  for (const pair of samples) list.append(sample(pair, root));
  root.replaceChildren(list);
}

function sample(pair, root) {
  const made = element("article", "sample");
  const texts = element("div", "texts");
  const answer = element("p", "answer");
  answer.append(markedAnswer(pair.answer, pair.tokens));
  const where = [pair.page.title, pair.page.printed && `p. ${pair.page.printed}`, pair.type.replaceAll("_", " ")];
  if (pair.status === "set_aside") where.push(`set aside: ${(pair.reason ?? "").replace(":", ": ").replaceAll("_", " ")}`);
  const facts = element("p", "where", `${where.filter(Boolean).join(" · ")} · risk ${Math.round(pair.risk * 100)} %`);
  const open = element("button", "", "Open");
  open.setAttribute("aria-label", `Open in the review: ${pair.question}`);
  open.onclick = () => root.choose(pair.id, "review");
  texts.append(element("b", "", pair.question), answer, facts, open);
  made.append(cropOf(pair.page, pair.boxes, pair.quote), texts);
  return made;
}
