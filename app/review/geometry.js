// Boxes and points, without any drawing. Boxes are [x0, y0, x1, y1] as fractions of the upright page.

export const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
export const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

// The smallest box round all boxes.
export function union(boxes) {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

// Where a box lies on the page after so many quarter turns clockwise.
export function turnedBox([x0, y0, x1, y1], turns) {
  return [
    { x0, y0, x1, y1 },
    { x0: 1 - y1, y0: x0, x1: 1 - y0, y1: x1 },
    { x0: 1 - x1, y0: 1 - y1, x1: 1 - x0, y1: 1 - y0 },
    { x0: y0, y0: 1 - x1, x1: y1, y1: 1 - x0 },
  ][turns];
}

// The point of the upright page, kept on it, that lies at (across, down) after so many quarter turns clockwise.
export function unturned(across, down, turns) {
  const [x, y] = [
    [across, down],
    [down, 1 - across],
    [1 - across, 1 - down],
    [1 - down, across],
  ][turns];
  return { x: Math.min(Math.max(x, 0), 1), y: Math.min(Math.max(y, 0), 1) };
}

export const boxAround = (a, b) => [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];

export const holds = ([x0, y0, x1, y1], { x, y }) => x >= x0 && x <= x1 && y >= y0 && y <= y1;

// An offset at which a page larger than the frame leaves no gap at its edges; a smaller one stands in the middle.
export function keptInFrame(offset, size, frame, margin) {
  if (size <= frame - 2 * margin) return (frame - size) / 2;
  return Math.min(margin, Math.max(frame - size - margin, offset));
}

export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
