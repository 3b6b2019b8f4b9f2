import { expect, test } from 'vitest';
import { createLinkRewriter } from './rewrite-links.ts';

const FROM = 'https://api.example.com';
const TO = 'http://localhost:8402/dune';
const PATHS = ['response.next_uri', 'response.items[*].href'];

function rewrite(pieces: readonly string[], paths: readonly string[] = PATHS): string {
  const links = createLinkRewriter({ paths, from: FROM, to: TO });
  return pieces.map((piece) => links.push(piece)).join('') + links.end();
}

const DOCUMENTS: readonly (readonly [name: string, before: string, after: string])[] = [
  ['a link', `{"next_uri": "${FROM}/api/v1?x=1", "a": 1}`, `{"next_uri": "${TO}/api/v1?x=1", "a": 1}`],
  [
    'escaped slashes',
    String.raw`{"next_uri":"https:\/\/api.example.com\/v1"}`,
    String.raw`{"next_uri":"http:\/\/localhost:8402\/dune\/v1"}`,
  ],
  ['escaped letters', String.raw`{"next_uri":"\u0068ttps:\u002f/api.example.com/v1"}`, `{"next_uri":"${TO}/v1"}`],
  ['another case', '{"next_uri":"HTTPS://API.Example.com/V1"}', `{"next_uri":"${TO}/V1"}`],
  ['the origin alone', `{"next_uri":"${FROM}"}`, `{"next_uri":"${TO}"}`],
  ['an origin that only begins like it', `{"next_uri":"${FROM}.evil.test/v1"}`, `{"next_uri":"${FROM}.evil.test/v1"}`],
  ['another port', `{"next_uri":"${FROM}:8443/v1"}`, `{"next_uri":"${FROM}:8443/v1"}`],
  ['a user before a foreign host', `{"next_uri":"${FROM}@evil.test/"}`, `{"next_uri":"${FROM}@evil.test/"}`],
  [
    'the same text elsewhere',
    `{"text":"${FROM}/v1","deep":{"next_uri":"${FROM}/v1"}}`,
    `{"text":"${FROM}/v1","deep":{"next_uri":"${FROM}/v1"}}`,
  ],
  [
    'a list',
    `{"items":[{"href":"${FROM}/1"},{"href":null},{"href":"/2"},{"href":"${FROM}/3"}]}`,
    `{"items":[{"href":"${TO}/1"},{"href":null},{"href":"/2"},{"href":"${TO}/3"}]}`,
  ],
  [
    'no text',
    '{"next_uri":{"a":["https://api.example.com/"]},"next_uri":12}',
    '{"next_uri":{"a":["https://api.example.com/"]},"next_uri":12}',
  ],
  [
    'quotes and brackets in texts',
    String.raw`{"a":"\"}{\\","b":["]"],"next_uri":"${FROM}/\"x\\"}`,
    String.raw`{"a":"\"}{\\","b":["]"],"next_uri":"${TO}/\"x\\"}`,
  ],
  [
    'no JSON',
    'https://api.example.com/ "next_uri":"https://api.example.com/"',
    'https://api.example.com/ "next_uri":"https://api.example.com/"',
  ],
];

test.each(DOCUMENTS)('%s, cut anywhere', (_name, before, after) => {
  expect(rewrite([before])).toBe(after);
  for (let at = 0; at <= before.length; at++) expect(rewrite([before.slice(0, at), before.slice(at)])).toBe(after);
  expect(rewrite(before.split(''))).toBe(after);
});

test('a document that breaks off inside a link loses nothing', () => {
  expect(rewrite([`{"next_uri":"https://api.ex`])).toBe(`{"next_uri":"https://api.ex`);
});

test('a value named by two paths is rewritten once', () => {
  expect(rewrite([`{"items":[{"href":"${FROM}/1"}]}`], ['response.items[0].href', 'response.items[*].href'])).toBe(
    `{"items":[{"href":"${TO}/1"}]}`,
  );
});

test('what is kept back is no more than an origin, so that a stream flows', () => {
  const links = createLinkRewriter({ paths: PATHS, from: FROM, to: TO });
  expect(links.push('{"next_uri":"x')).toBe('{"next_uri":"x');
  expect(links.push('yz')).toBe('yz');
});
