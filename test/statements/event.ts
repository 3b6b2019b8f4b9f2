// The left side of a statement's line: a verb, what it is about, and options as pairs of words.
import { ZERO } from '@tollgate/shared/credits';
import { cycleAt, windowAt } from '@tollgate/shared/cycle';
import type { WindowKind } from '@tollgate/shared/cycle';
import type { CapCheck, Command, PutCommand, Settlement } from '../../gateway/src/ledger/commands.ts';
import type { GrantKind } from '../../gateway/src/ledger/rows.ts';
import { credits, dueOf, ruleOf, termsOf } from './terms.ts';
import type { Options } from './terms.ts';

export interface Clock {
  now: number;
}

export const DAY = Date.UTC(2026, 10, 2);
const MODES = ['hard', 'soft', 'shadow', 'watch'] as const;
const WINDOWS: readonly WindowKind[] = ['hour', 'day', 'week', 'month', 'lifetime'];
const SPANS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * `10:30`, `10:30:05` or `10:30:05.001` on the statement's day, a Monday, or `2026-11-08T10:30` on another one; all in UTC. Without
 * a text, `otherwise`.
 */
export function timeOf(text: string | undefined, otherwise = DAY): number {
  if (text === undefined) return otherwise;
  const [time = '', date] = text.split('T').toReversed();
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  const at = (date === undefined ? DAY : Date.parse(date)) + hours * 3_600_000 + minutes * 60_000 + Math.round(seconds * 1_000);
  if (Number.isNaN(at)) throw new Error(`${text} is not a time`);
  return at;
}

/** The command that a line stands for. @throws {Error} where the line can not be read. */
export function commandOf(verb: string, words: readonly string[], clock: Clock): Command {
  const plain = verb === 'settle' || verb === 'hold' || verb === 'grant' || verb === 'correct' ? 2 : 1;
  const [id = '', second = ''] = words;
  const given = optionsOf(words.slice(plain));
  const owner = given['by'] ?? 'gateway-1';
  switch (verb) {
    case 'grant':
      return { type: 'grant', id, amount: credits(second), ...grantOf(given) };
    case 'allow':
      return { type: 'allow', allowance: dueOf(id, given, clock.now) };
    case 'put':
      return putOf(id, given);
    case 'void':
      return { type: 'void', grantId: id, reason: 'a mistake', by: 'operator' };
    case 'hold':
      return { type: 'hold', callId: id, amount: credits(second), owner, ...holdOf(given, second, clock) };
    case 'renew':
      return { type: 'renew', callIds: id.split(','), owner, ...renewOf(given) };
    case 'settle': {
      const answer = given['answer'] === undefined ? null : { status: 200, headers: [], body: given['answer'] };
      return { type: 'settle', callId: id, owner, settlement: settlementOf(second, given), answer };
    }
    case 'release':
      return { type: 'release', callId: id, owner, reason: 'refused before sending', ended: {} };
    case 'lapse':
      return { type: 'lapse', callId: id };
    case 'expire':
      return { type: 'expire', account: accountName(id) };
    case 'correct': {
      const to = accountName(given['to'] ?? 'acme');
      return {
        type: 'correct',
        id,
        account: to,
        amount: credits(second),
        callId: null,
        reason: given['for'] ?? 'mended',
        by: 'operator',
      };
    }
    default:
      throw new Error(`${verb} is not an event`);
  }
}

/** An option that comes again (`cap`) adds to itself with a space. */
function optionsOf(words: readonly string[]): Options {
  const options: Record<string, string> = {};
  for (let index = 0; index < words.length; index += 2) {
    const [name = '', value = ''] = words.slice(index, index + 2);
    options[name] = options[name] === undefined ? value : `${options[name]} ${value}`;
  }
  return options;
}

function grantOf(given: Options) {
  const kind: GrantKind = given['kind'] === 'promo' ? 'promo' : 'top-up';
  const effectiveAt = given['from'] === undefined ? null : timeOf(given['from']);
  const expiresAt = given['until'] === undefined ? null : timeOf(given['until']);
  const names = { account: accountName(given['to'] ?? 'acme'), kind, priority: Number(given['priority'] ?? 0) };
  return { ...names, effectiveAt, expiresAt, reason: 'bought', by: 'operator' };
}

function holdOf(given: Options, amount: string, clock: Clock) {
  const [key, fingerprint = ''] = (given['claim'] ?? '').split('/');
  const claim =
    key === undefined || key === '' ? null : { id: `acme/chat/${key}`, fingerprint, keepMs: span(given['keep'] ?? '24h') };
  const names = { workspace: 'acme', key: 'k1', service: 'chat', operation: 'chat.complete', reason: 'Chats' };
  return {
    sources: (given['from'] ?? 'acme').split(',').map(accountName),
    caps: (given['cap'] ?? '')
      .split(' ')
      .filter(Boolean)
      .map((text) => capOf(text, given, clock.now)),
    terms: termsOf(given, timeOf, clock.now),
    leaseMs: span(given['lease'] ?? '60s'),
    claim,
    about: { ...names, cardVersion: 'v1', more: {} },
    onLapse: lapseOf(given['lapse'] ?? amount),
  };
}

function renewOf(given: Options) {
  const onLapse = given['lapse'] === undefined ? null : lapseOf(given['lapse']);
  return { leaseMs: span(given['lease'] ?? '60s'), job: given['job'] ?? null, onLapse };
}

function lapseOf(charge: string): Settlement {
  return { ...settlementOf(charge, {}), ended: { flags: ['end_unknown'] } };
}

/**
 * `team:hour:100` is a cap of 100 an hour on the workspace team, by the calendar of the payer's zone; `team:cycle:100` in a cycle. A fourth
 * word is its mode: `team:day:100:soft`.
 */
function capOf(text: string, given: Options, now: number): CapCheck {
  const [scope = '', window = '', limit = '', mode = 'hard'] = text.split(':');
  const known = MODES.find((one) => one === mode);
  if (known === undefined) throw new Error(`${mode} is not a mode`);
  return {
    id: `${scope}-${window}`,
    scope: { kind: 'workspace', id: scope },
    window,
    ...spanOf(window, given, now),
    limit: credits(limit),
    mode: known,
  };
}

function spanOf(window: string, given: Options, now: number): { from: number; until: number | null } {
  if (window === 'cycle') {
    const { from, until } = cycleAt(ruleOf(given), now);
    return { from, until };
  }
  const kind = WINDOWS.find((one) => one === window);
  if (kind === undefined) throw new Error(`${window} is not a window`);
  return windowAt(kind, given['zone'] ?? 'UTC', now);
}

/** `put key/k1,key/k2 expects 1 lookup h`: writes these records with an audit and an event; `body gone` ends them. */
function putOf(ids: string, given: Options): PutCommand {
  const puts = ids.split(',').map((text) => {
    const [kind = '', id = ''] = text.split('/');
    const body = given['body'] === 'gone' ? null : { says: given['body'] ?? '' };
    const expects = given['expects'] === undefined ? null : Number(given['expects']);
    return { kind, id, organization: 'acme', lookup: given['lookup'] ?? null, body, expects };
  });
  const subject = { kind: 'record', id: ids };
  const by = { by: 'operator', user: null, from: '127.0.0.1', organization: 'acme' };
  return {
    type: 'put',
    puts,
    audits: [{ ...by, action: 'record.put', subject, before: null, after: given['body'] ?? '', reason: '' }],
    events: given['tells'] === undefined ? [] : [eventOf(given['tells'])],
  };
}

function eventOf(id: string): PutCommand['events'][number] {
  return { id, type: 'key.changed', organization: 'acme', workspace: null, data: {} };
}

function settlementOf(charge: string, given: Options): Settlement {
  const optional = (text: string | undefined) => (text === undefined ? ZERO : credits(text));
  return { charge: credits(charge), free: optional(given['free']), absorbed: optional(given['absorbed']), ended: {} };
}

/** People's names: `user:ann` is an account of its own, `acme` an organization's pool. */
export function accountName(text: string): string {
  return text.includes(':') || text === 'absorbed' ? text : `pool:${text}`;
}

function span(text: string): number {
  const [, count, unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const length = SPANS[unit];
  if (length === undefined) throw new Error(`${text} is not a span of time`);
  return Number(count) * length;
}
