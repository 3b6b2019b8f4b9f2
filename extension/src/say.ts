// Texts come from messages/*.json, which the build puts together into the browser's own message file.
import { browser } from 'wxt/browser';
import type card from './messages/card.json';
import type options from './messages/options.json';
import type point from './messages/point.json';
import type popup from './messages/popup.json';
import type tags from './messages/tags.json';
import type worker from './messages/worker.json';

export type Message =
  | keyof typeof card
  | keyof typeof options
  | keyof typeof point
  | keyof typeof popup
  | keyof typeof tags
  | keyof typeof worker;

/** `$1` to `$9` in a message stand for what is given. */
export function say(message: Message, ...given: readonly (string | number)[]): string {
  return browser.i18n.getMessage(message as never, given.map(String));
}
