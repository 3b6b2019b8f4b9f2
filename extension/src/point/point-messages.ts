// What the panel and the scripts that point say to each other: one port for each frame of the tab, opened by the panel. When the panel
// goes, its ports close, and every frame stops pointing by itself.
import type { TagInputs } from '@tollgate/shared/rate-card/tag';

export const POINT_PORT = 'point';

/** By tabs.sendMessage: `hello` to the top frame, which alone knows the secret that it gave to the panel; `who` to all frames. */
export type PointCall = { point: 'hello'; secret: string } | { point: 'who' };

/** By runtime.sendMessage, the answer to `who`. */
export interface PointHere {
  pointed: 'here';
}

/** What is pointed at: the element that gets a tag, or one that an input is read from. */
export type PointFor = 'target' | 'input';

export type ToPointer =
  | { type: 'point'; for: PointFor }
  | { type: 'rest' }
  /** A key that the person pressed while the panel had the focus. */
  | { type: 'key'; key: PointKey }
  /** Reads these inputs of the picked element now, and again whenever something in the page changes. */
  | { type: 'read'; inputs: TagInputs }
  /** For the top frame: the panel's place and height in CSS pixels. */
  | { type: 'panel'; height: number; side: 'start' | 'end' };

export type FromPointer =
  | { type: 'picked'; for: PointFor; element: PickedElement }
  /** No selector finds it, or the tag could not reach it from its own element. */
  | { type: 'unreachable'; for: PointFor }
  /** From now on a click picks, and does nothing in the page. */
  | { type: 'pointing' }
  /** What the keyboard is at now. */
  | { type: 'at'; words: string }
  /** This frame takes part. */
  | { type: 'here' }
  /** Escape. */
  | { type: 'stopped' }
  /** The keyboard went past this frame's last element, or before its first. */
  | { type: 'past'; backwards: boolean }
  | { type: 'read'; inputs: Readonly<Record<string, string | number | boolean | null>> };

export type PointKey = 'next' | 'previous' | 'parent' | 'child' | 'pick' | 'stop';

/** Texts are the page's: shown as text, never as more. */
export interface PickedElement {
  /** The page that it is in. */
  address: string;
  selector: string;
  /** How many elements the selector finds now; the tag stands at each. */
  matches: number;
  /** `button`, `select`, … */
  tag: string;
  /** What the page calls it, at most 80 characters; empty where it has no name. */
  label: string;
  /** How its value is read by default. */
  read: 'value' | 'checked' | 'number' | 'text' | 'rows';
  /** What a select offers: value and words. */
  options: readonly { value: string; words: string }[];
  /** Its inside is closed to extensions. */
  closed: boolean;
}
