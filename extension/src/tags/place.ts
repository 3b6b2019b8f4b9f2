// Where a sign stands beside its element: at its end, above its end, below, at its start, on its upper edge; where nothing is free, on its corner. Pure: what is free
// is asked of the caller, who looks at the page.

/** In CSS pixels of the viewport. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const SIDES = ['end', 'above', 'below', 'start', 'edge', 'corner'] as const;
export type Side = (typeof SIDES)[number];

export interface Placing {
  element: Box;
  sign: { width: number; height: number };
  rightToLeft: boolean;
  /** What can be seen: a sign never leaves it by its own choice. */
  view: Box;
  /** Where it stood: it stays there as long as that is free, so that nothing jumps. */
  kept: Side | null;
}

const GAP = 4;
const CLOSE = 1;
// As much as the padding of most buttons.
const INTO_EDGE = 5;

export function choosePlace(placing: Placing, isFree: (box: Box, side: Side) => boolean): { side: Side; box: Box } {
  const order = placing.kept === null ? SIDES : [placing.kept, ...SIDES.filter((side) => side !== placing.kept)];
  for (const side of order) {
    const box = boxAt(side, placing);
    if (side !== 'corner' && within(box, placing.view) && isFree(box, side)) return { side, box };
  }
  return { side: 'corner', box: pushedInto(placing.view, boxAt('corner', placing)) };
}

/** A sign at that side of an element; what follows a scrolling element needs no more. */
export function boxAt(side: Side, { element, sign, rightToLeft, view }: Omit<Placing, 'kept'>): Box {
  const [end, start] = rightToLeft
    ? [element.left - GAP - sign.width, element.left + element.width + GAP]
    : [element.left + element.width + GAP, element.left - GAP - sign.width];
  const alongEnd = rightToLeft ? element.left : element.left + element.width - sign.width;
  const middle = element.top + (element.height - sign.height) / 2;
  const places: Record<Side, readonly [number, number]> = {
    end: [end, middle],
    start: [start, middle],
    above: [alongEnd, element.top - sign.height - CLOSE],
    below: [alongEnd, element.top + element.height + CLOSE],
    edge: [alongEnd, element.top - sign.height + INTO_EDGE],
    corner: [
      rightToLeft ? element.left - sign.width / 4 : element.left + element.width - (sign.width * 3) / 4,
      element.top - sign.height / 2,
    ],
  };
  const [left, top] = places[side];
  const box = { left: Math.round(left), top: Math.round(top), width: sign.width, height: sign.height };
  return side === 'corner' && overlaps(element, view) ? pushedInto(view, box) : box;
}

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}

/** Whether all of a box is inside another. */
export function within(box: Box, view: Box): boolean {
  return (
    box.left >= view.left &&
    box.top >= view.top &&
    box.left + box.width <= view.left + view.width &&
    box.top + box.height <= view.top + view.height
  );
}

/** As little as it takes. */
export function pushedInto(view: Box, box: Box): Box {
  const left = Math.max(view.left, Math.min(box.left, view.left + view.width - box.width));
  const top = Math.max(view.top, Math.min(box.top, view.top + view.height - box.height));
  return { ...box, left, top };
}
