// What a person sets. A change is checked whole before anything of it is kept.
import type { Settings } from '../messages.ts';
import { listeners } from './listeners.ts';
import { settingsItem } from './storage.ts';

const changed = listeners<[settings: Settings]>();
/** Called after each change. */
export const onSettings = changed.on;

export function settings(): Promise<Settings> {
  return settingsItem.get();
}

/** After the storage was emptied. */
export async function tellSettings(): Promise<void> {
  await changed.tell(await settingsItem.get());
}

/** @throws StorageFull: then nothing was changed. */
export async function changeSettings(change: Partial<Settings> | ((before: Settings) => Partial<Settings>)): Promise<Settings> {
  const now = await settingsItem.change((before) => ({ ...before, ...(typeof change === 'function' ? change(before) : change) }));
  await changed.tell(now);
  return now;
}
