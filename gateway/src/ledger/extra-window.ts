// Windows that count one account alone: the one that the limit of extra credits counts in, which stands among the windows of a call that draws
// them, and the watch of a pool or of a person's own credits.
import type { ExtraTerms } from './commands.ts';

/** `extra:<organization>@<start ms of the cycle>`. */
export function extraWindowId({ account, from }: ExtraTerms): string {
  return `${account}@${from}`;
}

/** The account of extra credits that a window counts; undefined for the window of a cap. */
export function extraAccountOf(window: string): string | undefined {
  return window.startsWith('extra:') ? window.slice(0, window.lastIndexOf('@')) : undefined;
}

/** The account that a window counts alone: that of extra credits, or the one whose allowance is watched; undefined where all counts. */
export function countedAccountOf(window: string): string | undefined {
  return window.startsWith(WATCHED_POOL) || window.startsWith(WATCHED_USER)
    ? window.slice('watch:'.length, window.lastIndexOf('@'))
    : extraAccountOf(window);
}

/** How the watch of a pool begins: `watch:pool:<organization>`. What its people spend of their own is none of it. */
const WATCHED_POOL = 'watch:pool:';
/** That of a person: `watch:user:<organization>/<user>`. What a pool and extra credits pay for them is none of it. */
const WATCHED_USER = 'watch:user:';
