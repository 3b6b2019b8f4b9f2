// Notifications at the thresholds that a person set: once in a cycle, off by default, quiet while snoozed. A click opens nothing and spends nothing.
import { showCredits } from '@tollgate/shared/show-credits';
import { browser } from 'wxt/browser';
import type { Settings, Standing } from '../messages.ts';
import { say } from '../say.ts';
import { ownUrl } from './own-url.ts';
import { toldItem } from './storage.ts';
import { whereRoom } from './stored.ts';
import { passedOf } from './thresholds.ts';

/** Looks at each balance that is new. What was passed while they were off or snoozed is not told later. */
export async function notifyOf(standings: readonly Standing[], { notifications }: Settings, now = Date.now()): Promise<void> {
  for (const standing of standings) {
    const { pairing, balance, link } = standing;
    if (balance === null || (link !== 'live' && link !== 'recent')) continue;
    const name = `${pairing.id} ${pairing.context}`;
    let percent: number | null = null;
    const changing = toldItem.change((all) => {
      const passed = passedOf(balance, notifications.percents, all[name]);
      percent = passed.percent;
      return JSON.stringify(passed.told) === JSON.stringify(all[name]) ? all : { ...all, [name]: passed.told };
    });
    // What cannot be remembered would be told again and again.
    if (!(await whereRoom(changing))) continue;
    const isQuiet = !notifications.on || (notifications.snoozedUntil !== null && now < notifications.snoozedUntil);
    if (percent !== null && !isQuiet) await notify(standing, percent);
  }
}

async function notify({ pairing, balance }: Standing, percent: number): Promise<void> {
  if (balance === null || !(await browser.permissions.contains({ permissions: ['notifications'] }))) return;
  const resetsAt = balance.cycle?.resetsAt ?? null;
  const reset = resetsAt === null ? '' : ` ${say('worker_title_resets', dateOf(Date.parse(resetsAt)))}.`;
  await browser.notifications.create(`low ${pairing.id}`, {
    type: 'basic',
    iconUrl: ownUrl('/icon/128.png'),
    title: balance.available > 0 ? say('worker_notify_title', percent) : say('worker_notify_title_empty'),
    message: `${say('worker_notify_left', showCredits(balance.available), pairing.context)}${reset}`,
  });
}

function dateOf(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(at);
}
