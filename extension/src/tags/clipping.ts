// Which boxes of a page cut off what is in them: lists that scroll, cards that hide what is too long.
import { boxOf, pageElement, parentOf } from './plain-dom.ts';
import type { Box } from './place.ts';

const DEPTH_MAX = 200;

/** The boxes around an element that clip it; the page itself is not among them. */
export function clippingOf(element: Element): Element[] {
  const clips: Element[] = [];
  let position = getComputedStyle(element).position;
  let around = parentOf(element);
  for (let depth = 0; around !== null && around !== pageElement() && depth < DEPTH_MAX && position !== 'fixed'; depth += 1) {
    const style = getComputedStyle(around);
    // What is placed by itself is only clipped by what it is placed in.
    const contains = position !== 'absolute' || style.position !== 'static' || style.transform !== 'none';
    if (contains) {
      if (style.overflowX !== 'visible' || style.overflowY !== 'visible') clips.push(around);
      if (style.position !== 'static' || position === 'absolute') position = style.position;
    }
    around = parentOf(around);
  }
  return clips;
}

/** What is left of the viewport by these boxes. */
export function viewThrough(clips: readonly Element[], viewport: Box, boxes: Map<Element, Box>): Box {
  let view = viewport;
  for (const clip of clips) {
    const box = boxes.get(clip) ?? boxOf(clip);
    boxes.set(clip, box);
    view = common(view, box);
  }
  return view;
}

function common(one: Box, other: Box): Box {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  const right = Math.min(one.left + one.width, other.left + other.width);
  const bottom = Math.min(one.top + one.height, other.top + other.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
