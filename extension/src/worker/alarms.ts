// What nobody watches is asked by the browser's clock: every 30 s, the shortest that browsers allow. Nothing runs where nothing is paired.
import { browser } from 'wxt/browser';
import { pairings } from './pairings.ts';

const REFRESH = 'refresh';
const MINUTES = 0.5;
const LATE_MS = 2 * 60_000;

/** Sets the alarm where there is something to ask, and takes it away where there is not. */
export async function setAlarm(): Promise<void> {
  const isNeeded = (await pairings()).length > 0;
  const alarm = await browser.alarms.get(REFRESH);
  // A clock that was set back leaves it in a far future.
  const isSet = alarm !== undefined && alarm.scheduledTime - Date.now() < LATE_MS;
  if (isNeeded && !isSet) await browser.alarms.create(REFRESH, { periodInMinutes: MINUTES, delayInMinutes: MINUTES });
  if (!isNeeded && alarm !== undefined) await browser.alarms.clear(REFRESH);
}

/** Registered when the worker starts; the browser starts it for each alarm. */
export function onRefreshAlarm(refresh: () => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === REFRESH) refresh();
  });
}
