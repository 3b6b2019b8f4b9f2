import { beforeEach, expect, test, vi } from 'vitest';

type Listener = (given: never) => void;
const worker = vi.hoisted(() => ({ connect: undefined as ((port: unknown) => void) | undefined }));
vi.mock('wxt/browser', () => ({
  browser: {
    runtime: { id: 'ours', onConnect: { addListener: (listener: (port: unknown) => void) => void (worker.connect = listener) } },
  },
}));
vi.mock('../worker/sites.ts', () => ({ isOn: () => Promise.resolve(true) }));
const { relayPointing } = await import('./relay-pointing.ts');

const SITE = 'https://site.test';

interface FakePort {
  heard: { type?: string; message?: { type: string } }[];
  say: (message: unknown) => void;
  leave: () => void;
  isOpen: boolean;
}

function connect(name: string, url: string, frameId: number): FakePort {
  const messages: Listener[] = [];
  const ends: Listener[] = [];
  const port: FakePort = {
    heard: [],
    isOpen: true,
    say: (message) => messages.forEach((listen) => listen(message as never)),
    leave: () => {
      port.isOpen = false;
      ends.forEach((listen) => listen(undefined as never));
    },
  };
  worker.connect?.({
    name,
    sender: { id: 'ours', url, frameId, tab: { id: 7 } },
    onMessage: { addListener: (listener: Listener) => messages.push(listener) },
    onDisconnect: { addListener: (listener: Listener) => ends.push(listener) },
    disconnect: () => void (port.isOpen = false),
    postMessage: (message: FakePort['heard'][number]) => {
      if (!port.isOpen) throw new Error('Attempting to use a disconnected port object');
      port.heard.push(message);
    },
  });
  return port;
}
const frame = (id: number): FakePort => connect('point', `${SITE}/page`, id);
const panel = (): FakePort => connect('point-panel', 'chrome-extension://ours/point-panel.html', 3);
const picked = (address: unknown): object => ({ type: 'picked', for: 'target', element: { address } });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => relayPointing());

test('who does not know the secret is no panel, and it is good once', async () => {
  const top = frame(0);
  top.say({ type: 'secret', secret: 'a' });
  const guess = panel();
  guess.say({ type: 'hello', secret: 'b' });
  const ours = panel();
  ours.say({ type: 'hello', secret: 'a' });
  const copy = panel();
  copy.say({ type: 'hello', secret: 'a' });
  top.say({ type: 'pointing' });
  await settled();
  expect([guess.isOpen, ours.isOpen, copy.isOpen]).toEqual([false, true, false]);
  expect(ours.heard.map(({ message }) => message?.type)).toEqual(['here', 'pointing']);
});

test('a frame picks for its own site alone, and what makes no sense is left alone', async () => {
  const top = frame(0);
  top.say({ type: 'secret', secret: 'a' });
  const ours = panel();
  ours.say({ type: 'hello', secret: 'a' });
  for (const message of [null, 7, {}, { type: 'picked' }, { type: 'picked', element: null }]) top.say(message);
  top.say(picked('https://bank.test/pay'));
  top.say(picked(7));
  top.say(picked(`${SITE}/page?a`));
  for (const message of [null, 'hello', { type: 'to', to: 99, message: {} }]) ours.say(message);
  await settled();
  expect(ours.heard.map(({ message }) => message)).toEqual([{ type: 'here' }, picked(7), picked(`${SITE}/page?a`)]);
});

test('a frame that has just gone keeps no other from hearing', () => {
  const top = frame(0);
  top.say({ type: 'secret', secret: 'a' });
  const [gone, there] = [frame(1), frame(2)];
  const ours = panel();
  ours.say({ type: 'hello', secret: 'a' });
  gone.isOpen = false;
  ours.say({ type: 'to', to: 'all', message: { type: 'rest' } });
  expect(there.heard).toEqual([{ type: 'rest' }]);
});
