// Tokens of the answer and their words on the scan: one is shown where the other is looked at, by pointer or by keys.

// `point(index)` shows a token's word (null: none), `bring(index)` moves the scan to it.
export function linkTokens(answer, { point, bring }) {
  const tokens = [...answer.querySelectorAll("[data-token]")];
  const indexOf = (token) => Number(token.dataset.token);
  tokens.forEach((token, at) => {
    token.tabIndex = at === 0 ? 0 : -1; // one stop for Tab, the arrow keys go on from there
    token.onpointerenter = () => point(indexOf(token));
    token.onpointerleave = () => point(null);
    token.onfocus = () => {
      bring(indexOf(token));
      point(indexOf(token));
    };
    token.onblur = () => point(null);
    token.onclick = () => token.focus();
    token.onkeydown = (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = by && tokens[at + by];
      if (!next) return;
      event.preventDefault();
      token.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    };
  });
}

export function lightToken(answer, index) {
  for (const token of answer.querySelectorAll("[data-token]")) {
    token.classList.toggle("lit", token.dataset.token === String(index));
  }
}
