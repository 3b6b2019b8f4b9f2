import { beforeEach, expect, test, vi } from 'vitest';

type Listener = (given: unknown) => void;
const worker = vi.hoisted(() => ({ connect: undefined as ((port: unknown) => void) | undefined, isOn: true }));
vi.mock('wxt/browser', () => ({
  browser: {
    runtime: { id: 'ours', onConnect: { addListener: (listener: (port: unknown) => void) => void (worker.connect = listener) } },
  },
}));
vi.mock('./sites.ts', () => ({ isOn: () => Promise.resolve(worker.isOn), onSites: () => undefined }));
vi.mock('./settings.ts', () => ({ settings: () => Promise.resolve({}), onSettings: () => undefined }));
vi.mock('./standing.ts', () => ({ standings: () => Promise.resolve([{ balance: 'secret' }]), onStanding: () => undefined }));
const { acceptPorts } = await import('./ports.ts');

interface FakePort {
  heard: unknown[];
  isOpen: boolean;
  leave: () => void;
}

function connect(name: string, sender: object): FakePort {
  const ends: Listener[] = [];
  const port: FakePort = { heard: [], isOpen: true, leave: () => ends.forEach((listen) => listen(undefined)) };
  worker.connect?.({
    name,
    sender: { id: 'ours', ...sender },
    onMessage: { addListener: () => undefined, removeListener: () => undefined },
    onDisconnect: { addListener: (listener: Listener) => ends.push(listener) },
    disconnect: () => void (port.isOpen = false),
    postMessage: (message: unknown) => void port.heard.push(message),
  });
  return port;
}
const inPage = (frameId: number, tab = 7): object => ({
  url: 'https://site.test/a',
  origin: 'https://site.test',
  frameId,
  tab: { id: tab },
});
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const opened: number[] = [];

beforeEach(() => {
  worker.isOn = true;
  opened.length = 0;
  const presence = { seen: () => undefined, gone: () => undefined, shows: () => 'nothing' as const };
  acceptPorts(presence, (_port, { frame }) => void opened.push(frame));
});

test('balances go to pages of ours alone', async () => {
  const page = connect('view', { url: 'chrome-extension://ours/popup.html' });
  const others = [
    connect('view', inPage(0)),
    connect('view', { url: 'chrome-extension://ours/card.html', frameId: 2, tab: { id: 7 } }),
    connect('view', { url: 'chrome-extension://ours/popup.html', frameId: 2, tab: { id: 7 } }),
    connect('view', { id: 'another', url: 'chrome-extension://another/popup.html' }),
  ];
  await settled();
  expect(JSON.stringify(page.heard)).toContain('secret');
  expect(others.map(({ heard, isOpen }) => [heard, isOpen])).toEqual(others.map(() => [[], false]));
});

test('a page on a site that is off is told so, and opens nothing', async () => {
  worker.isOn = false;
  const port = connect('tags', inPage(0));
  await settled();
  expect([port.heard, port.isOpen, opened]).toEqual([[{ type: 'off' }], false, []]);
});

test('a tab with a thousand frames has tags in some of them, and leaves room to other tabs', async () => {
  const frames = Array.from({ length: 300 }, (_, n) => connect('tags', inPage(n)));
  await settled();
  expect(opened).toHaveLength(200);
  expect(frames.at(-1)?.heard).toEqual([{ type: 'off' }]);
  const other = connect('tags', inPage(0, 8));
  frames[0]?.leave();
  await settled();
  expect(other.isOpen).toBe(true);
  const next = connect('tags', inPage(301));
  await settled();
  expect(next.isOpen).toBe(true);
  for (const port of [...frames, other, next]) port.leave();
});
