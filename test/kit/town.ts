// A gateway with people: organizations with plans, users with keys, seats and caps, all made through its API, under a clock that a test moves.
// Every operation costs what its caller says, so that a test is about who pays.
import { startClockedGateway, type ClockedGatewayKit } from './clocked-gateway.ts';
import type { ApiAnswer } from './gateway.ts';

/** The first organization, with the workspace `main`. */
export const HOME = 'acme';

export interface Town {
  readonly kit: ClockedGatewayKit;
  /** Asks the API with the operate key and expects that it is done. */
  done(method: string, path: string, body?: unknown): Promise<ApiAnswer['body']>;
  /** A user with a place in `main` and a key of their own. */
  join(user: string, more?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Sits the user in a seat of this type that is called after them; they join where they have not. */
  seat(user: string, type: string): Promise<void>;
  /** A call of so many credits by a user, or by the key of a service where the name is `service`. */
  spend(who: string, credits: number, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  balance(who: string, query?: string): Promise<ApiAnswer['body']>;
  /** What is available of one account of who asks: `individual`, `pool`; or `extra`, what is left of its limit. */
  available(who: string, source: 'individual' | 'pool' | 'extra'): Promise<number>;
  keyOf(who: string): Promise<string>;
  /** Gives the user another key, which may spend in these contexts too: `<organization>/<workspace>`. */
  reach(user: string, contexts: readonly string[]): Promise<void>;
}

/**
 * @param plans `plans:` and `packages:` of the rate card, YAML
 * @param operations further ones, each `- { … }` on a line of its own
 */
export async function startTown(plans: string, at: number | string, settings = '', operations = ''): Promise<Town> {
  const kit = await startClockedGateway({
    card: `${CARD}${operations.replace(/^(?=-)/gm, '      ')}\n${plans}\n`,
    credits: 0,
    at,
    settings: `organization: ${HOME}\n${settings}`,
  });
  const keys = new Map<string, Promise<string>>();

  async function done(method: string, path: string, body?: unknown): Promise<ApiAnswer['body']> {
    const answer = await kit.api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function join(user: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await done('POST', 'users', { id: user, name: user, email: `${user}@example.com`, workspace: 'main', ...more });
    await keyOf(user);
  }

  function keyOf(who: string): Promise<string> {
    const known = keys.get(who);
    if (known !== undefined) return known;
    const owner = who === 'service' ? { service: 'batch' } : { user: who };
    const text = kit.makeKey({ id: `key-${who}`, scope: 'spend', ...owner }).then((key) => key.text);
    keys.set(who, text);
    return text;
  }

  async function balance(who: string, query = ''): Promise<ApiAnswer['body']> {
    const answer = await kit.api('GET', `balance${query}`, undefined, await keyOf(who));
    if (answer.status !== 200) throw new Error(`balance of ${who}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return {
    kit,
    done,
    join,
    keyOf,
    balance,
    async reach(user, contexts) {
      const made = kit.makeKey({ id: `wide-key-${user}`, scope: 'spend', user, contexts });
      keys.set(
        user,
        made.then((key) => key.text),
      );
      await made;
    },
    async seat(user, type) {
      if (!keys.has(user)) await join(user);
      await done('POST', 'seats', { id: `seat-${user}`, type, user });
    },
    async spend(who, credits, headers = {}) {
      const answer = await kit.call(`/town/ok?credits=${credits}`, {
        headers: { authorization: `Bearer ${await keyOf(who)}`, ...headers },
      });
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    },
    async available(who, source) {
      const found = await balance(who);
      if (source === 'extra') return found.extra?.left ?? 0;
      const account = source === 'pool' ? `pool:${HOME}` : `user:${HOME}/${who}`;
      const sources = found.sources as { account: string; available: number }[];
      return sources.find((one) => one.account === account)?.available ?? 0;
    },
  };
}

const CARD = `card: town
services:
  work:
    path: /town
    upstream: plain
    operations:
      - id: work.do
        match: GET /ok
        quantities: { units: query.credits }
        price: [{ per: units, rate: 1 }]
`;
