// The window that the limit of extra credits counts in. It stands among the windows of a call that draws them, and counts only that part.
import type { ExtraTerms } from './commands.ts';

/** `extra:<organization>@<start ms of the cycle>`. */
export function extraWindowId({ account, from }: ExtraTerms): string {
  return `${account}@${from}`;
}

/** The account of extra credits that a window counts; undefined for the window of a cap. */
export function extraAccountOf(window: string): string | undefined {
  return window.startsWith('extra:') ? window.slice(0, window.lastIndexOf('@')) : undefined;
}
