// What the toolbar's badge says: at most four characters, never more than there is, grey unless it is low or refused, and nothing at all
// where a person did not ask for it.
import type { Settings, Standing } from '../messages.ts';
import { leftPercent } from './left-percent.ts';

export interface BadgeShown {
  text: string;
  tone: 'plain' | 'low' | 'refused';
}

const SILENT: BadgeShown = { text: '', tone: 'plain' };
const REFUSED: BadgeShown = { text: '!', tone: 'refused' };
const UNKNOWN: BadgeShown = { text: '–', tone: 'plain' };

/** @param shown the pairing that the toolbar shows; undefined where there is none */
export function badgeOf(
  shown: Pick<Standing, 'balance' | 'link' | 'spentToday'> | undefined,
  { badge, lowPercent }: Pick<Settings, 'badge' | 'lowPercent'>,
): BadgeShown {
  if (shown === undefined || badge === 'off') return SILENT;
  if (shown.link === 'refused') return REFUSED;
  const { balance, link } = shown;
  const isNew = balance !== null && (link === 'live' || link === 'recent');
  // What is old is shown in the popup, with its age; here there is no room to say so.
  if (!isNew) return badge === 'low' ? SILENT : UNKNOWN;
  const percent = leftPercent(balance);
  const tone = percent !== null && percent < lowPercent ? 'low' : 'plain';
  if (badge === 'low' && tone === 'plain') return SILENT;
  if (badge === 'percent') return { text: percentOf(percent), tone };
  return { text: fourOf(badge === 'today' ? shown.spentToday : balance.available), tone };
}

/** Two significant digits, floored: 7,412.6 is `7.4K`. What is more than nothing and less than one is `<1`. */
function fourOf(amount: number | null): string {
  if (amount === null) return UNKNOWN.text;
  if (amount > 0 && amount < 1) return '<1';
  return amount < 0 ? '<0' : compact.format(amount);
}

function percentOf(percent: number | null): string {
  if (percent === null) return UNKNOWN.text;
  return percent > 0 && percent < 1 ? '<1%' : `${Math.floor(percent)}%`;
}

// The badge has room for these alone: other languages have longer words for a thousand.
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 2, roundingMode: 'floor' });
