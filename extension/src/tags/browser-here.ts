// What a content script has of the browser's own functions, under either name. The build puts it in the place of `wxt/browser` there.
import type { browser as Full } from 'wxt/browser';

type Here = { browser?: typeof Full; chrome?: typeof Full };

export const browser = ((globalThis as Here).browser ?? (globalThis as Here).chrome) as typeof Full;
