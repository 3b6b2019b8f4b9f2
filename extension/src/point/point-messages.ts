// What the panel and the scripts that point say to each other, through the worker: a port of the panel, and one of each frame of the tab. When
// the panel goes, the ports close, and every frame stops pointing by itself.
import type { TagInputs } from '@tollgate/shared/rate-card/tag';

export const POINT_PORT = 'point';
export const PANEL_PORT = 'point-panel';

export type FromPanel =
  /** First of all: what the script that put the panel up handed to it. */
  | { type: 'hello'; secret: string }
  | { type: 'to'; to: number | 'all'; message: ToPointer }
  /** Every 20 s: it keeps the worker awake, and so the ports open. */
  | { type: 'visible' };

/** What a frame said, and who that is by the browser's word. */
export interface ToPanel {
  frame: number;
  /** With its port. */
  origin: string;
  /** Whether prices are on for this origin. */
  isOn: boolean;
  message: FromPointer;
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
  /** By the top frame, to the worker: what its panel will say hello with. */
  | { type: 'secret'; secret: string }
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
