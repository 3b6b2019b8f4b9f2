// For tests in Node, imported before what speaks: the messages as the browser would have them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'messages');

const messages = Object.assign(
  {},
  ...readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as object),
) as Record<string, { message: string }>;

function getMessage(name: string, given: readonly string[] = []): string {
  return (messages[name]?.message ?? '').replaceAll(/\$([1-9])/g, (_whole, place: string) => given[Number(place) - 1] ?? '');
}

Object.assign(globalThis, { chrome: { i18n: { getMessage, getUILanguage: () => 'en' } } });
