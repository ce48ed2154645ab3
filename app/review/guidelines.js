// The guidelines: the one text that is drawn as Markdown. Headings, lists, paragraphs, bold, emphasis and code become
// elements; everything else, markup and links included, stays the text that it is.

import { element } from "./words.js";

const INLINE = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`/gu;
const ITEM = /^\s*(?:[-*]|\d+[.)])\s+(.*)$/u;

export function drawGuidelines(place, text) {
  const blocks = text.split(/\n\s*\n/u).filter((block) => block.trim());
  place.replaceChildren(...blocks.flatMap(drawn));
}

function drawn(block) {
  const lines = block.split("\n").filter((line) => line.trim());
  const heading = lines[0].match(/^(#{1,4})\s+(.*)$/u);
  if (heading) {
    const rest = lines.slice(1).join("\n");
    return [inline(heading[1].length === 1 ? "h3" : "h4", heading[2]), ...(rest ? drawn(rest) : [])];
  }
  return [ITEM.test(lines[0]) ? list(lines) : inline("p", lines.map((line) => line.trim()).join(" "))];
}

// Items may go on over lines that begin with none of the signs.
function list(lines) {
  const made = element(/^\s*\d/u.test(lines[0]) ? "ol" : "ul");
  const items = [];
  for (const line of lines) {
    const item = line.match(ITEM);
    if (item) items.push(item[1]);
    else items.push(`${items.pop()} ${line.trim()}`);
  }
  made.append(...items.map((item) => inline("li", item)));
  return made;
}

function inline(tag, text) {
  const made = element(tag);
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, bold, slanted, code] = found;
    made.append(text.slice(from, found.index));
    made.append(bold ? element("b", "", bold) : slanted ? element("em", "", slanted) : element("code", "", code));
    from = found.index + whole.length;
  }
  made.append(text.slice(from));
  return made;
}
