// Words of an answer: which of them stand on the scan, and what an edit changes.

const LONGEST_DIFF = 400;
const WORDS = /[\p{L}\p{N}]+(?:[.,]\p{N}+)*|\s+|[^\p{L}\p{N}\s]/gu; // "6.5" stays one word

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// The name of a type, reason or relation in words.
export const wordsOf = (name) => name.replaceAll("_", " ");

// The answer with a mark round every token that was looked for; untrusted text only ever becomes text nodes.
export function markedAnswer(answer, tokens) {
  const parts = document.createDocumentFragment();
  let from = 0;
  tokens.forEach(([token, found], index) => {
    const at = answer.indexOf(token, from);
    if (at < 0 || !token) return;
    parts.append(answer.slice(from, at));
    const mark = element("span", found ? "found" : "missing", token);
    mark.dataset.token = index;
    if (!found) mark.title = "Not found in the place on this page that the question asks about";
    parts.append(mark);
    from = at + token.length;
  });
  parts.append(answer.slice(from));
  return parts;
}

// What becomes of the text, word by word: kept words, taken-out words, new words.
export function wordDiff(before, after) {
  const a = (before.match(WORDS) ?? []).slice(0, LONGEST_DIFF);
  const b = (after.match(WORDS) ?? []).slice(0, LONGEST_DIFF);
  const parts = document.createDocumentFragment();
  for (const [kind, words] of runs(a, b)) {
    const text = words.join("");
    parts.append(kind === "same" ? text : element(kind === "out" ? "del" : "ins", "", text));
  }
  return parts;
}

// The same change as two texts side by side: what went is marked in the first, what came in the second.
export function twoSides(before, after) {
  const a = (before.match(WORDS) ?? []).slice(0, LONGEST_DIFF);
  const b = (after.match(WORDS) ?? []).slice(0, LONGEST_DIFF);
  const sides = { out: document.createDocumentFragment(), in: document.createDocumentFragment() };
  for (const [kind, words] of runs(a, b)) {
    const text = words.join("");
    if (kind === "same") Object.values(sides).forEach((side) => side.append(text));
    else sides[kind].append(element(kind === "out" ? "del" : "ins", "", text));
  }
  return [sides.out, sides.in];
}

function runs(a, b) {
  const common = table(a, b);
  const found = [];
  const add = (kind, word) => {
    if (found.at(-1)?.[0] === kind) found.at(-1)[1].push(word);
    else found.push([kind, [word]]);
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add("same", a[i]);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) {
      add("out", a[i]);
      i += 1;
    } else {
      add("in", b[j]);
      j += 1;
    }
  }
  return found;
}

// common[i][j]: length of the longest common run of words of a from i and b from j.
function table(a, b) {
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  return common;
}
