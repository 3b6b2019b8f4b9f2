import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Key } from '../keys/key.ts';
import type { Call } from '../ledger/rows.ts';
import { createHub, type Hub, type HubParts } from './hub.ts';
import type { ChargedRange } from './live-store.ts';
import { Stream, type StreamOptions } from './stream.ts';

const key = {
  id: 'k',
  scope: 'operate',
  organization: 'acme',
  workspace: 'acme/main',
  contexts: [],
  user: null,
} as unknown as Key;

interface Running {
  hub: Hub;
  /** The number of the newest entry: each is a call of its own. */
  entries: { last: number };
  reads: ChargedRange[];
  clock: { ms: number };
  faults: { left: number; slowMs: number };
  errors: string[];
  /** Opens a stream from this entry; its socket reads once it is told to. */
  open(from: number, more?: Partial<StreamOptions> & { gone?: () => void }): Promise<net.Socket>;
  close(): Promise<void>;
}

let running: Running;
afterEach(() => running.close());

async function run(given: Partial<HubParts> = {}): Promise<Running> {
  const entries = { last: 0 };
  const reads: ChargedRange[] = [];
  const clock = { ms: 0 };
  const faults = { left: 0, slowMs: 0 };
  const errors: string[] = [];
  const started = performance.now();
  const parts: HubParts = {
    store: {
      lastEntry: () => {
        faults.left -= 1;
        return faults.left >= 0 ? Promise.reject(new Error('the store does not answer')) : Promise.resolve(entries.last);
      },
      lastEvent: async () => {
        await new Promise((resolve) => setTimeout(resolve, faults.slowMs));
        return 0;
      },
      events: () => Promise.resolve([]),
      charged: (range) => {
        reads.push(range);
        const { after, upTo } = range;
        return Promise.resolve(
          Array.from({ length: Math.max(0, upTo - after) }, (_, index) => ({
            entry: after + 1 + index,
            call: { id: `c${after + 1 + index}`, about: { workspace: 'acme/main' } } as unknown as Call,
          })),
        );
      },
    },
    maySeeCall: () => true,
    showCall: ({ id }) => ({ id, filler: 'x'.repeat(400) }),
    cards: { current: () => ({ card: { name: 'kit', version: '1' } as never, since: 0 }) },
    log: { error: (_: unknown, message?: string) => void errors.push(message ?? '') },
    // Rounds go by real time; what stalls is told by the clock.
    monotonicMs: () => performance.now() - started + clock.ms,
    ...given,
  };
  const hub = createHub(parts);
  let waiting: ((res: http.ServerResponse) => void) | undefined;
  const server = http.createServer((_, res) => waiting?.(res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: net.Socket[] = [];

  return {
    hub,
    entries,
    reads,
    clock,
    faults,
    errors,
    async open(from, more = {}) {
      const arrived = new Promise<http.ServerResponse>((resolve) => (waiting = resolve));
      const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
      sockets.push(socket);
      socket.pause();
      socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
      const res = await arrived;
      const stream = new Stream({
        res,
        viewer: { key, organization: undefined },
        from: { entry: from, event: 0 },
        types: new Set(['receipt']),
        recheck: () => Promise.resolve(key),
        balance: () => Promise.resolve(undefined),
        monotonicMs: parts.monotonicMs,
        ...more,
      });
      res.on('close', () => {
        hub.remove(stream);
        more.gone?.();
      });
      stream.open();
      hub.add(stream);
      return socket;
    },
    async close() {
      await hub.stop();
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The ids of the receipts that come, until there are so many. */
async function receipts(socket: net.Socket, count: number): Promise<string[]> {
  const found: string[] = [];
  let rest = '';
  socket.setEncoding('utf8').resume();
  for await (const piece of socket) {
    rest += String(piece);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) found.push((JSON.parse(line.slice(6)) as { id: string }).id);
    if (found.length >= count) break;
  }
  return found;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const upTo = (last: number, first = 1): string[] => Array.from({ length: last - first + 1 }, (_, index) => `c${first + index}`);

test('one that was far away catches up in pieces, each once and in order, while another is told what is new', async () => {
  running = await run();
  const { entries, hub, reads, open } = running;
  entries.last = 3_500;
  const far = await open(0);
  const near = await open(3_500);
  const caught = receipts(far, 3_510);
  entries.last = 3_510;
  hub.committed({ accounts: [] });
  expect(await receipts(near, 10)).toEqual(upTo(3_510, 3_501));
  expect(await caught).toEqual(upTo(3_510));
  expect(Math.max(...reads.map(({ after, upTo: last }) => last - after))).toBe(1_000);
});

test('what a stream may not see is passed over, and not looked at again', async () => {
  running = await run({ maySeeCall: (_, { id }) => id === 'c2500' });
  running.entries.last = 2_500;
  expect(await receipts(await running.open(0), 1)).toEqual(['c2500']);
  expect(running.reads.map(({ after, upTo: last }) => [after, last])).toEqual([
    [0, 1_000],
    [1_000, 2_000],
    [2_000, 2_500],
  ]);
});

test('streams that are equally far share one read', async () => {
  running = await run();
  const { entries, hub, reads, open } = running;
  const sockets = [await open(0), await open(0), await open(0)];
  entries.last = 5;
  hub.committed({ accounts: [] });
  for (const socket of sockets) expect(await receipts(socket, 5)).toEqual(upTo(5));
  expect(reads).toHaveLength(1);
});

test('a client that does not read is waited for, with little in memory, and dropped after fifteen seconds', async () => {
  running = await run();
  const { entries, hub, clock, reads, open } = running;
  entries.last = 90_000;
  let dropped = false;
  await open(0, { gone: () => (dropped = true) });
  const hears = await open(90_000);
  // What kernel and stream take without being read; then nothing more is read from the store for it.
  let before = -1;
  while (before !== reads.length) {
    before = reads.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  expect(reads.length).toBeLessThan(60);
  entries.last = 90_001;
  hub.committed({ accounts: [] });
  expect(await receipts(hears, 1)).toEqual(['c90001']);
  expect(dropped).toBe(false);
  // Rounds for others read nothing more for it either.
  expect(reads.filter(({ after }) => after < 90_000)).toHaveLength(before);
  clock.ms = 16_000;
  await until(() => dropped);
});

test('what is committed during a round is told by the next one, at once', async () => {
  // The checks once a second would come to it too.
  running = await run({ checkEveryMs: 600_000 });
  const { entries, hub, faults, open } = running;
  const socket = await open(0);
  await new Promise((resolve) => setTimeout(resolve, 250));
  faults.slowMs = 150;
  hub.committed({ accounts: [] });
  await new Promise((resolve) => setTimeout(resolve, 60));
  entries.last = 1;
  // Within the round, whose end was read before.
  hub.committed({ accounts: [] });
  expect(await receipts(socket, 1)).toEqual(['c1']);
});

test('what is spent in an organization of any context of a key makes its balance due, and what others spend does not', async () => {
  running = await run({ checkEveryMs: 600_000 });
  const { hub, open } = running;
  let asked = 0;
  const balance = () => Promise.resolve({ asked: (asked += 1) });
  const viewer = { key: { ...key, contexts: ['acme/lab', 'beryl/home'] }, organization: 'acme' };
  (await open(0, { viewer, balance, types: new Set(['balance']) })).resume();
  await until(() => asked === 1);
  const committed = (account: string): void => hub.committed({ accounts: [{ id: account }] as never });
  committed('pool:beryl');
  await until(() => asked === 2);
  committed('user:acme/ann');
  await until(() => asked === 3);
  committed('pool:cedar');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(asked).toBe(3);
});

test('while the store does not answer nothing is told, and it goes on where it stopped', async () => {
  running = await run();
  const { entries, hub, faults, errors, open } = running;
  const socket = await open(0);
  await new Promise((resolve) => setTimeout(resolve, 150));
  faults.left = 1;
  entries.last = 3;
  hub.committed({ accounts: [] });
  expect(await receipts(socket, 3)).toEqual(upTo(3));
  expect(errors).toEqual(['event streams could not be fed; tried again in a moment']);
});

test('who may watch no more is ended within two seconds', async () => {
  running = await run();
  const keys = { alive: true };
  const socket = await running.open(0, { recheck: () => Promise.resolve(keys.alive ? key : undefined) });
  socket.resume();
  keys.alive = false;
  const at = performance.now();
  await once(socket, 'data');
  const text: string[] = [];
  socket.on('data', (piece: Buffer) => text.push(piece.toString()));
  await until(() => text.join('').includes('0\r\n\r\n'));
  expect(performance.now() - at).toBeLessThan(3_000);
});
