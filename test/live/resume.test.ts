// A client that loses its connection again and again, while calls go on and the gateway is killed: what it was told, put together, is
// every charged call, once and in the order of the ledger.
import { expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openStream, type Message } from './event-stream.ts';
import { until } from './receiver.ts';

const CALLS = 150;
const AT_ONCE = 6;

test('no gap and no repeat over broken connections and a kill', async () => {
  const kit = await startGateway();
  try {
    const told: Message[] = [];
    const done = { calls: false };
    const watching = watch(kit, told, () => done.calls);
    const charged = await callAndKill(kit);
    done.calls = true;
    await watching;
    const ids = told.map(({ data }) => data.id as string);
    expect(ids.length).toBe(new Set(ids).size);
    // Those that were under way at the kill have no end that their client was told; all others are among what the stream told.
    expect(charged.filter((id) => !ids.includes(id))).toEqual([]);
    const ended = await Promise.all(['settled', 'lapsed'].map((state) => kit.api('GET', `calls?state=${state}&limit=1000`)));
    const kept = ended.flatMap(({ body }) => (body.calls as { id: string }[]).map(({ id }) => id));
    expect([...ids].sort()).toEqual(kept.sort());
    const entries = told.map(({ id }) => Number(id.split('.')[0]));
    expect(entries).toEqual([...entries].sort((a, b) => a - b));
  } finally {
    await kit.close();
  }
});

/** Calls until all are made, with a kill and a new start in the middle; ids of those whose cost was told. */
async function callAndKill(kit: GatewayKit): Promise<string[]> {
  const charged: string[] = [];
  let left = CALLS;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await kit.call('/plain/ok').catch(() => undefined);
      if (answer?.headers.has('credits-cost') === true) charged.push(answer.headers.get('credits-call') ?? '');
      // While nothing listens, the rest is not used up at once.
      if (answer === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const working = Promise.all(Array.from({ length: AT_ONCE }, worker));
  await until(() => (left < CALLS / 2 ? true : undefined), 'half of the calls');
  await kit.end('SIGKILL');
  await kit.start();
  await working;
  return charged;
}

/** Reads a few messages, leaves in the middle of things, and comes back behind the last one that it saw. */
async function watch(kit: GatewayKit, told: Message[], isDone: () => boolean): Promise<void> {
  let quiet = 0;
  let round = 0;
  let lastEventId = '0.0';
  while (quiet < 3) {
    const stream = await openStream(kit.url, kit.spendKey, { query: '?types=receipt', lastEventId }).catch(() => undefined);
    if (stream === undefined || stream.status !== 200) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    round += 1;
    await new Promise((resolve) => setTimeout(resolve, 150 + ((round * 37) % 150)));
    const seen = stream.messages.slice(0, 1 + ((round * 13) % 40));
    stream.close();
    told.push(...seen);
    lastEventId = seen.at(-1)?.id ?? lastEventId;
    quiet = isDone() && seen.length === 0 ? quiet + 1 : 0;
  }
}
