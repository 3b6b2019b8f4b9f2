// Everything that is kept, as JSON, without keys; and back: own tags and settings, all or nothing.
import { z } from 'zod';
import { browser } from 'wxt/browser';
import { say } from '../say.ts';
import { readJson } from './read-answer.ts';
import { changeSettings } from './settings.ts';
import { keysItem, OWN_TAGS_MOST, ownTagShape, ownTags } from './storage.ts';
import { settingsChange } from './settings-shape.ts';

const WHAT = 'tollgate-extension';

export async function exportAll(now = Date.now()): Promise<string> {
  const [local, session] = await Promise.all([browser.storage.local.get(null), browser.storage.session.get(null)]);
  // What was set aside as unreadable goes too, but for keys.
  const isKey = (name: string): boolean => name.split('.').includes(keysItem.name);
  const kept = (items: Record<string, unknown>): object =>
    Object.fromEntries(Object.entries(items).filter(([name]) => !isKey(name)));
  const file = { what: WHAT, version: 1, at: new Date(now).toISOString(), kept: kept(local), session: kept(session) };
  return JSON.stringify(file, null, 2);
}

const importable = z.object({
  what: z.literal(WHAT),
  version: z.literal(1),
  kept: z.object({
    'own-tags': z.object({ is: z.array(ownTagShape).max(OWN_TAGS_MOST) }).optional(),
    settings: z.object({ is: settingsChange.omit({ shown: true }).strip() }).optional(),
  }),
});

/**
 * Takes own tags beside those that are there (the same id: in its place) and settings, but not which gateway is shown.
 * @returns the number of tags, or what is wrong and where; then nothing was taken
 * @throws StorageFull
 */
export async function importAll(json: string): Promise<{ tags: number } | { wrong: string }> {
  const read = importable.safeParse(readJson(json));
  if (!read.success) return { wrong: wordsOf(read.error.issues[0]) };
  const { 'own-tags': tags, settings } = read.data.kept;
  const taken = new Map((tags?.is ?? []).map((tag) => [tag.id, tag]));
  const before = await ownTags.get();
  const beside = before.filter(({ id }) => !taken.has(id));
  if (beside.length + taken.size > OWN_TAGS_MOST) return { wrong: say('worker_own_tags_many', OWN_TAGS_MOST) };
  await ownTags.change((all) => [...all.filter(({ id }) => !taken.has(id)), ...taken.values()]);
  try {
    if (settings !== undefined) await changeSettings(definedOf(settings.is));
  } catch (error) {
    await ownTags.change(() => before);
    throw error;
  }
  return { tags: taken.size };
}

function wordsOf(issue: z.core.$ZodIssue | undefined): string {
  return issue === undefined ? '' : [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ');
}

function definedOf<T extends object>(given: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
