// The first records of a release: page, question, answer, and on request the record as it is written.

import { element } from "./words.js";

export function drawRecords(root, { records }) {
  const list = element("ol", "records");
  list.append(...records.map(record));
  root.replaceChildren(list);
}

function record({ question, answer, where, split, thumbnail, json }) {
  const row = element("li");
  const texts = element("div");
  const source = element("details");
  source.append(element("summary", "", "As it is written"), element("pre", "", json));
  const place = element("p", "where");
  place.append(element("span", "split", split), where);
  texts.append(element("p", "question", question), element("p", "answer", answer), place, source);
  row.append(picture(thumbnail), texts);
  return row;
}

function picture(address) {
  const frame = element("span", "thumbnail");
  if (!address) {
    frame.append(element("span", "text-page", "No image"));
    return frame;
  }
  const image = new Image();
  image.loading = "lazy";
  image.alt = "The page that the question is about";
  image.src = address;
  frame.append(image);
  return frame;
}
