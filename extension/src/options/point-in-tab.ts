import { browser } from 'wxt/browser';
import { say } from '../say.ts';
import { grantPattern, originOf } from '../worker/grant-pattern.ts';
import type { Doing } from './use-doing.ts';

/** Goes to the tab of a site that was looked at last, and lets the person point there. Says what would help where there is none. */
export async function pointInTab(origin: string, doing: Doing): Promise<void> {
  const tabs = await browser.tabs.query({ url: grantPattern(origin) }).catch(() => []);
  const [last] = tabs
    .filter(({ url }) => originOf(url) === origin)
    .toSorted((one, other) => (other.lastAccessed ?? 0) - (one.lastAccessed ?? 0));
  if (last?.id === undefined) return doing.say({ code: 'input_invalid', message: say('options_site_no_tab', origin) });
  if ((await doing.run('point', { tab: last.id })) === undefined) return undefined;
  await browser.tabs.update(last.id, { active: true });
  return undefined;
}
