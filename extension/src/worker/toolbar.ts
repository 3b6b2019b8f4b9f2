// Badge and title of the toolbar button. At most one change a second, the first at once.
import { showCredits } from '@tollgate/shared/show-credits';
import { browser } from 'wxt/browser';
import type { Settings, Standing } from '../messages.ts';
import { say } from '../say.ts';
import { badgeOf } from './badge.ts';

const CHANGE_EVERY_MS = 1_000;
// LOOK: muted, low, stopped; white on each of them has at least 4.5 : 1.
const COLOURS = { plain: '#6a665d', low: '#8a5300', refused: '#a32a22' } as const;

let due: { text: string; colour: string; title: string } | undefined;
let last = '';
let timer: ReturnType<typeof setTimeout> | undefined;

export function showInToolbar(standings: readonly Standing[], settings: Settings): void {
  const shown = standings.find(({ pairing }) => pairing.id === settings.shown);
  const { text, tone } = badgeOf(shown, settings);
  due = { text, colour: COLOURS[tone], title: titleOf(shown) };
  if (timer === undefined) apply();
}

/** The exact figure, whose it is, and when it resets; or why it is not known. */
export function titleOf(shown: Standing | undefined): string {
  if (shown === undefined) return say('worker_title_unpaired');
  const { pairing, balance, link, asOf, problem } = shown;
  if (link === 'refused') return say('worker_title_refused', pairing.name);
  const where = pairing.context === '' ? pairing.name : pairing.context;
  if (balance === null) return [say('worker_title_unknown', where), ...(problem === null ? [] : [problem.message])].join('\n');
  const resetsAt = balance.cycle?.resetsAt ?? null;
  return [
    say('worker_title_available', showCredits(balance.available, undefined, true), where),
    ...(resetsAt === null ? [] : [say('worker_title_resets', momentOf(Date.parse(resetsAt)))]),
    ...((link === 'stale' || link === 'offline') && asOf !== null ? [say('worker_title_as_of', momentOf(asOf))] : []),
    ...(problem === null ? [] : [problem.message]),
  ].join('\n');
}

function apply(): void {
  timer = undefined;
  const next = JSON.stringify(due);
  if (due === undefined || next === last) return;
  last = next;
  const { text, colour, title } = due;
  // Where the browser refuses one of them, the next change tries again.
  void Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color: colour }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title }),
  ]).catch(() => {
    last = '';
  });
  timer = setTimeout(apply, CHANGE_EVERY_MS);
}

function momentOf(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}
