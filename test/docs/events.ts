// What happens in a row of an example: a sentence, done through the gateway's own API. What a sentence says after its colon must come out.
import { HOME, type Town } from '../kit/town.ts';

type Told = Promise<string | undefined>;
type Event = readonly [RegExp, (town: Town, words: readonly string[]) => Told];

/** @throws {Error} where the sentence is none of those below, could not be done, or came out otherwise */
export async function happen(town: Town, sentence: string): Promise<void> {
  const [event = '', expected] = sentence.split(': ');
  for (const [pattern, act] of EVENTS) {
    const match = pattern.exec(event);
    if (match === null) continue;
    const told = await act(
      town,
      match.slice(1).map((word) => word ?? ''),
    );
    if (told !== expected) throw new Error(`${event}: ${told ?? 'done'}\nis what came out, not\n${event}: ${expected ?? 'done'}`);
    return;
  }
  throw new Error(`"${sentence}" is no event`);
}

const EVENTS: readonly Event[] = [
  [/^(?:a new cycle begins|time passes)$/, () => Promise.resolve(undefined)],
  [
    /^(\w+) (?:spends|spend) ([\d,.]+)(?: in (\S+))?$/,
    (town, [who = '', amount = '', where = '']) => spend(town, who, amount, where),
  ],
  [
    /^(\w+) asks for ([\d,.]+)(?: in (\S+))?$/,
    (town, [who = '', amount = '', where = '']) => spend(town, who, amount, where, true),
  ],
  [
    /^acme takes the plan (\S+?)(?:, begun on (\S+))?$/,
    (town, [plan, anchor]) => change(town, { plan, ...(anchor === '' ? {} : { anchor }) }),
  ],
  [/^acme gives its plan up$/, (town) => change(town, { plan: null })],
  [/^acme moves to (\S+)$/, (town, [timeZone]) => change(town, { timeZone })],
  [/^acme may use ([\d,]+) extra credits$/, (town, [limit = '']) => change(town, { extraLimit: numberOf(limit) })],
  [/^(\w+) joins$/, async (town, [who = '']) => town.join(who).then(() => undefined)],
  [
    /^(\w+) joins with the address of (\w+)$/,
    async (town, [who = '', of = '']) => town.join(who, { email: `${of}@example.com` }).then(() => undefined),
  ],
  [/^(\w+) sits in a (\w+) seat$/, async (town, [who = '', type = '']) => town.seat(who, type).then(() => undefined)],
  [/^(\w+)'s seat becomes a (\w+) seat$/, (town, [who, type]) => ask(town, 'PATCH', `seats/seat-${who}`, { type })],
  [/^(\w+) loses the seat$/, (town, [who]) => ask(town, 'PATCH', `seats/seat-${who}`, { user: null })],
  [/^(\w+) takes over (\w+)'s seat$/, (town, [who, whose]) => ask(town, 'PATCH', `seats/seat-${whose}`, { user: who })],
  [/^(\w+) is erased$/, (town, [who]) => ask(town, 'DELETE', `users/${who}`)],
  [/^(\w+) has an organization of their own$/, (town, [who]) => ownOrganization(town, who ?? '')],
  [/^acme buys (\w+)$/, (town, [item = '']) => buy(town, item)],
  [/^(\S+) is granted ([\d,]+)(?: until (\S+ \S+))?(?:, to burn (first|last))?$/, grant],
  [/^(\w+) may spend ([\d,]+) a (\w+)(?:, (soft|shadow))?$/, cap],
  [/^(\w+)'s cap is raised to ([\d,]+) until (\S+ \S+)$/, raise],
  [/^(\w+)'s call is looked at$/, passedOf],
];

/** The answer of the call, in a few words where it is refused. */
async function spend(town: Town, who: string, amount: string, where: string, refused = false): Told {
  const headers: Record<string, string> = where === '' ? {} : { 'credits-context': where };
  const { status, body } = await town.spend(who, numberOf(amount), headers);
  if (!refused) return status === 200 ? undefined : `refused with ${status} ${body.message}`;
  if (status !== 402) return `answered with ${status}`;
  const { scope, available, resetsAt } = body;
  const whose = `${scope.kind} ${scope.id}`;
  const until = resetsAt === undefined || resetsAt === null ? '' : ` until ${resetsAt.slice(0, 16).replace('T', ' ')}`;
  return `refused, ${numberText(available)} left${scope.cap === null ? '' : ` in the ${scope.cap}`} of ${whose}${until}`;
}

function change(town: Town, what: Readonly<Record<string, unknown>>): Told {
  return ask(town, 'PATCH', `organizations/${HOME}`, what);
}

async function ask(town: Town, method: string, path: string, body?: unknown): Told {
  await town.done(method, path, body);
  return undefined;
}

async function ownOrganization(town: Town, who: string): Told {
  await town.done('POST', 'organizations', { id: `${who}-own`, kind: 'person', user: who, plan: 'solo' });
  await town.reach(who, [`${who}-own/personal`]);
  return undefined;
}

async function grant(town: Town, [to = '', amount = '', until = '', order = '']: readonly string[]): Told {
  await town.done('POST', 'grants', {
    id: `grant-${to}-${amount.replace(/\D/g, '')}-${town.kit.clock.now}`,
    amount: numberOf(amount),
    ...(to === HOME ? {} : { account: `user:${HOME}/${to}` }),
    ...(until === '' ? {} : { expiresAt: timeOf(until) }),
    ...(order === '' ? {} : { priority: order === 'first' ? 0 : 1_000 }),
  });
  return undefined;
}

/** By hand: an operator confirms that the money has come. */
async function buy(town: Town, item: string): Told {
  const { order } = await town.done('POST', 'orders', { id: `order-${item}`, item });
  await town.done('POST', `orders/${order.id}/confirm`, { reason: 'the transfer has come' });
  return undefined;
}

function cap(town: Town, [who = '', limit = '', window = '', mode = '']: readonly string[]): Told {
  const scope = who === HOME ? { kind: 'organization', id: HOME } : { kind: 'user', id: who };
  return ask(town, 'POST', 'caps', {
    id: `cap-${who}`,
    scope,
    window,
    limit: numberOf(limit),
    ...(mode === '' ? {} : { mode }),
  });
}

function raise(town: Town, [who = '', limit = '', until = '']: readonly string[]): Told {
  return ask(town, 'PATCH', `caps/cap-${who}`, { raise: { limit: numberOf(limit), until: timeOf(until), reason: 'a launch' } });
}

/** Which caps the last call of a user passed. */
async function passedOf(town: Town, [who = '']: readonly string[]): Told {
  const { calls } = (await town.kit.api('GET', 'calls?limit=1', undefined, await town.keyOf(who))).body;
  const passed = calls[0].passed as { cap: string; mode: string }[];
  return passed.length === 0
    ? 'it passed no cap'
    : `it passed ${passed.map(({ cap: id, mode }) => `${id.replace(`${HOME}/`, '')} (${mode})`).join(', ')}`;
}

export function numberOf(text: string): number {
  const number = Number(text.replaceAll(',', ''));
  if (Number.isNaN(number) || text === '') throw new Error(`"${text}" is not a number`);
  return number;
}

export function numberText(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function timeOf(text: string): string {
  return `${text.replace(' ', 'T')}:00Z`;
}
