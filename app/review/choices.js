// What is queued: an order and filters, as they stand in the address and as they are said in words.

import { words } from "./card.js";

export const ORDERS = [
  ["risk", "Risk", "most doubtful pages first"],
  ["page", "Page order", "as the manual goes"],
  ["random", "Random", "pages drawn by lot, the same for you every time"],
  ["flagged", "Flagged", "flagged for a second look"],
  ["regenerated", "Regenerated", "pages made again lately"],
  ["mine", "Mine", "what you decided, newest first"],
  ["assigned", "Assigned", "what was given to you, then what is nobody’s"],
  ["second", "Second opinion", "what others decided, their verdict hidden until you judge"],
];
export const FILTERS = [
  ["section", "Section", "Every section"],
  ["type", "Question type", "Every type"],
  ["flag", "Warning", "With or without"],
  ["engine", "Written by", "Everyone"],
  ["manual", "Manual", "Every manual"],
  ["by", "Decided by", "Not asked"],
];
const NAMES = ["order", ...FILTERS.map(([name]) => name), "q"];
const LISTS = new Set(["flagged", "mine", "second"]);
export const EVERYTHING = Object.freeze({ order: "risk" });

// The choice that an address names; an unknown order is the usual one.
export function choiceIn(address) {
  const given = NAMES.map((name) => [name, address.searchParams.get(name)?.trim()]).filter(([, value]) => value);
  const choice = { ...EVERYTHING, ...Object.fromEntries(given) };
  return ORDERS.some(([order]) => order === choice.order) ? choice : { ...choice, order: "risk" };
}

export const namesAChoice = (address) => NAMES.some((name) => address.searchParams.has(name));

// Put the choice into an address; what is as usual is left out of it.
export function writeChoice(address, choice) {
  for (const name of NAMES) address.searchParams.delete(name);
  for (const name of NAMES) {
    if (choice[name] && choice[name] !== EVERYTHING[name]) address.searchParams.set(name, choice[name]);
  }
}

export const keyOf = (choice) => JSON.stringify(NAMES.map((name) => choice[name] || null));

// Whether the choice lists pairs one by one, decided ones too, to be looked at again.
export const isList = (choice) => LISTS.has(choice.order) || Boolean(choice.by);

export const orderName = (order) => ORDERS.find(([name]) => name === order)[1];

// Its filters in words; `sectionName(id)` knows what a section is called.
export function filterWords(choice, sectionName = () => "") {
  const said = {
    section: (id) => `${id} ${sectionName(id)}`.trim(),
    by: (name) => `decided by ${name}`,
    q: (text) => `“${text}”`,
  };
  const names = ["section", "type", "flag", "engine", "manual", "by", "q"].filter((name) => choice[name]);
  return names.map((name) => (said[name] ?? words)(choice[name]));
}
