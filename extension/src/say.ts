// Texts come from messages/*.json, which the build puts together into the browser's own message file.
import { browser } from 'wxt/browser';
import type card from './messages/card.json';
import type options from './messages/options.json';
import type point from './messages/point.json';
import type popup from './messages/popup.json';
import type price from './messages/price.json';
import type show from './messages/show.json';
import type tags from './messages/tags.json';
import type worker from './messages/worker.json';

type Messages = typeof card &
  typeof options &
  typeof point &
  typeof popup &
  typeof price &
  typeof show &
  typeof tags &
  typeof worker;
export type Message = Extract<keyof Messages, string>;

/** WXT types this by files that it generates; the messages here are checked by their own. */
const i18n = browser.i18n as unknown as { getMessage(name: string, given?: string[]): string };

/** `$1` to `$9` in a message stand for what is given. */
export function say(message: Message, ...given: readonly (string | number)[]): string {
  return i18n.getMessage(message, given.map(String));
}
