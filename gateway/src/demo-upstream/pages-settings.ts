// What the demo's pages call: the gateway's address and the keys of the demo's people. Kept in a file that is read at each question, because
// keys are made only after this upstream has started: `{"gateway": "http://127.0.0.1:8402", "accounts": [{"id": "demo", "name": "Demo", "key": "tg_spend_…"}]}`.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const settings = z.object({
  gateway: z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin),
  accounts: z.array(z.object({ id: z.string().min(1), name: z.string().min(1), key: z.string().min(1) })).min(1),
});

export type PagesSettings = z.output<typeof settings>;

/** @returns undefined where there is no file yet, or it does not read as settings */
export function readPagesSettings(file: string | undefined): PagesSettings | undefined {
  if (file === undefined) return undefined;
  try {
    return settings.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
