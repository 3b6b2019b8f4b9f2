import { expect, test } from 'vitest';
import { matchOperation } from './match.ts';
import { parsePattern, relation, type Pattern } from './rate-card/pattern.ts';
import { cardText, complaints, load, matched } from './rate-card/testing.ts';

const OPERATIONS = `
- { id: rest, match: GET /v1/**, price: [{ rate: 1 }] }
- { id: any, match: GET /v1/items/*, price: [{ rate: 1 }] }
- { id: one, match: "GET /v1/items/{id}/parts/{part}", price: [{ rate: 1 }] }
- { id: mine, match: GET /v1/items/mine, price: [{ rate: 1 }] }
- { id: generate, match: "POST /v1/models/{model}:generate", price: [{ rate: 1 }] }
- { id: models, match: "POST /v1/models/{model}", price: [{ rate: 1 }] }
`;

test('static beats parameter beats wildcard, whatever the order in the card', () => {
  for (const text of [OPERATIONS, OPERATIONS.trim().split('\n').reverse().join('\n')]) {
    const card = load(cardText(text));
    const idOf = (method: string, path: string): string => matched(card, method, path).operation.id;
    expect(idOf('GET', '/api/v1/items/mine')).toBe('mine');
    expect(idOf('GET', '/api/v1/items/7')).toBe('any');
    expect(idOf('GET', '/api/v1/items/7/parts/8')).toBe('one');
    expect(idOf('GET', '/api/v1/items/7/other')).toBe('rest');
    expect(idOf('POST', '/api/v1/models/x:generate')).toBe('generate');
    expect(idOf('POST', '/api/v1/models/x')).toBe('models');
  }
});

test('parameters, losers and the path below the service are told', () => {
  const match = matched(load(cardText(OPERATIONS)), 'GET', '/api/v1/items/mine');
  expect(match.path).toBe('/v1/items/mine');
  expect(match.losers()).toEqual([
    { id: 'any', why: '/v1/items/mine is more exact than /v1/items/*' },
    { id: 'rest', why: '/v1/items/mine is more exact than /v1/**' },
  ]);
  expect(matched(load(cardText(OPERATIONS)), 'POST', '/api/v1/models/a%2Fb:generate').params).toEqual({ model: 'a%2Fb' });
});

test('paths are compared byte for byte, services by whole segments', () => {
  const card = load(cardText(OPERATIONS));
  for (const path of ['/api/V1/items/mine', '/apis/v1/items/mine', '/api', '/api/', '/api/v1', '/other']) {
    expect(matchOperation(card, 'GET', path), path).toMatchObject({ kind: 'unpriced' });
  }
  // Not decoded: this is some item, not the one that costs otherwise.
  expect(matched(card, 'GET', '/api/v1/items/%6dine').operation.id).toBe('any');
  expect(matched(card, 'GET', '/api/v1/').operation.id).toBe('rest');
});

test('HEAD follows its GET', () => {
  expect(matched(load(cardText(OPERATIONS)), 'HEAD', '/api/v1/items/mine').operation.id).toBe('mine');
});

test('an unpriced route names the closest operation, and is let through only where the card flags it', () => {
  const flagged = load(cardText(OPERATIONS, 'unpriced: flag\n'));
  const closest = 'POST /api/v1/models/{model}';
  expect(matchOperation(load(cardText(OPERATIONS)), 'POST', '/api/v1/modles')).toMatchObject({
    kind: 'unpriced',
    closest,
    free: false,
  });
  expect(matchOperation(flagged, 'POST', '/api/v1/modles')).toMatchObject({ kind: 'unpriced', free: true });
  // Where there is no service there is nowhere to let it through to.
  expect(matchOperation(flagged, 'POST', '/elsewhere')).toMatchObject({ kind: 'unpriced', service: undefined, free: false });
});

test('shadowed and overlapping operations do not load', () => {
  const two = (a: string, b: string): string[] =>
    complaints(cardText(`- { id: a, match: "${a}", price: [] }\n- { id: b, match: "${b}", price: [] }`));
  expect(two('GET /x/{a}', 'GET /x/*')).toEqual([
    'rates.yaml:8:25: /x/* is shadowed: it fits the same calls as /x/{a} of a; take one out.',
  ]);
  expect(two('GET /{a}/x', 'GET /y/{b}')[0]).toContain('overlaps');
  expect(two('GET /m/a{x}', 'GET /m/{y}b')[0]).toContain('overlaps');
  expect(two('GET /x/{a}', 'POST /x/{a}')).toEqual([]);
  expect(two('GET /x/{a}', 'GET /x/b')).toEqual([]);
});

test('patterns lie as the paths in them do', () => {
  const pattern = (text: string): Pattern => {
    const parsed = parsePattern(text);
    if ('problem' in parsed) throw new Error(parsed.problem);
    return parsed;
  };
  const cases: [string, string, string][] = [
    ['/a/b', '/a/{x}', 'inside'],
    ['/a/{x}', '/a/**', 'inside'],
    ['/a/b/**', '/a/**', 'inside'],
    ['/a', '/a/**', 'apart'],
    ['/a/b', '/a/c', 'apart'],
    ['/a/{x}.csv', '/a/{x}', 'inside'],
    ['/a/{x}.csv', '/a/{x}.json', 'apart'],
    ['/a/.csv', '/a/{x}.csv', 'apart'],
    ['/a/', '/a/*', 'apart'],
  ];
  for (const [a, b, lie] of cases) {
    expect(relation(pattern(a), pattern(b)), `${a} ${b}`).toBe(lie);
    const turned = { inside: 'around', apart: 'apart' }[lie];
    expect(relation(pattern(b), pattern(a)), `${b} ${a}`).toBe(turned);
  }
  for (const wrong of ['a', '/**/a', '/{a}/{a}', '/{a}{b}', '/a*', '/a%20b', '/a?x'])
    expect(parsePattern(wrong)).toHaveProperty('problem');
});
