// Addresses of the extension's own files. WXT types the browser's function by files that it generates; here a path is a path.
import { browser } from 'wxt/browser';

/** @param path such as `/card.html` */
export function ownUrl(path: string): string {
  return (browser.runtime as unknown as { getURL(path: string): string }).getURL(path);
}
