import { expect, test, vi } from 'vitest';

vi.mock('wxt/browser', () => ({ browser: { runtime: { id: 'ours' } } }));
const { speakerOf } = await import('./sender.ts');
type Sender = Parameters<typeof speakerOf>[0];

const tab = { id: 7 } as NonNullable<Sender['tab']>;
const PAGE = 'chrome-extension://ours';

test.each<[string, Sender, object]>([
  ['the popup', { id: 'ours', url: `${PAGE}/popup.html`, origin: PAGE }, { is: 'page-of-ours' }],
  ['options in a tab', { id: 'ours', url: `${PAGE}/options.html`, tab, frameId: 0, origin: PAGE }, { is: 'page-of-ours' }],
  ['options of Firefox', { id: 'ours', url: 'moz-extension://4f2a/options.html', tab, frameId: 0 }, { is: 'page-of-ours' }],
  ['a card in a page', { id: 'ours', url: `${PAGE}/card.html#n`, tab, frameId: 4 }, { is: 'card', tab: 7, frame: 4 }],
  ['a card by its other address', { id: 'ours', url: 'chrome-extension://f3-9c/card.html', tab, frameId: 4 }, { is: 'card' }],
  ['a card out of a tab', { id: 'ours', url: `${PAGE}/card.html` }, { is: 'stranger' }],
  ['another page of ours in a frame', { id: 'ours', url: `${PAGE}/popup.html`, tab, frameId: 4 }, { is: 'stranger' }],
  [
    'a content script, by the origin of its frame',
    { id: 'ours', url: 'http://127.0.0.1:9000/a?b', origin: 'http://127.0.0.1:9000', tab, frameId: 2 },
    { is: 'content', page: { tab: 7, frame: 2, origin: 'http://127.0.0.1:9000', url: 'http://127.0.0.1:9000/a?b' } },
  ],
  [
    'a content script in a browser that tells no origin',
    { id: 'ours', url: 'https://example.com/a', tab, frameId: 0 },
    { is: 'content', page: { origin: 'https://example.com' } },
  ],
  ['a sandboxed frame', { id: 'ours', url: 'https://example.com/', origin: 'null', tab, frameId: 2 }, { is: 'stranger' }],
  ['a file', { id: 'ours', url: 'file:///tmp/a.html', origin: 'file://', tab, frameId: 0 }, { is: 'stranger' }],
  ['another extension', { id: 'theirs', url: `${PAGE}/popup.html` }, { is: 'stranger' }],
  ['nobody', {}, { is: 'stranger' }],
])('%s', (_, sender, speaker) => {
  expect(speakerOf(sender)).toMatchObject(speaker);
});
