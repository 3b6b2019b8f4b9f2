// What functions that run within pages of the extension call.
import type { browser } from '@wxt-dev/browser';

declare global {
  const chrome: typeof browser;
}
