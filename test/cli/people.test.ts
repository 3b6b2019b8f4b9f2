// The command line over people and places, with a running gateway: a team from nothing, in words and as JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CARD } from '../api/plans.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { tollgate, type Ran } from './tollgate.ts';

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 0 });
});
afterAll(() => kit.close());

const run = (...args: string[]): Promise<Ran> => tollgate([...args, '--config', kit.configFile]);
const ACME = ['--organization', 'acme'];

async function said(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args);
  expect([args, code, err]).toEqual([args, 0, '']);
  return out;
}

test('a team: organization, workspaces, people, seats, caps, keys, credits, and who did it', async () => {
  expect(
    await said('organizations', 'create', 'acme', '--plan', 'team', '--time-zone', 'Europe/Berlin', '--seats', 'pro=5'),
  ).toMatch(/^acme \(acme\): plan team, zone Europe\/Berlin, up to 0 extra credits a cycle\n {2}its month runs from /);
  expect(await said('organizations', 'list')).toMatch(/acme\s+acme\s+company\s+team\s+Europe\/Berlin/);
  expect(await said('organizations', 'change', 'acme', '--extra-limit', '20', '--plan', 'none')).toContain('from 20');
  expect(await said('organizations', 'change', 'acme', '--plan', 'team')).not.toContain('no plan');
  expect(await said('workspaces', 'create', 'lab', ...ACME)).toBe('acme/lab: a team workspace.\n');
  expect(await said('workspaces', 'list', ...ACME)).toMatch(/lab\s+team\s+open\nmain\s+team\s+open\n/);
  expect(await said('users', 'create', 'Ann', '--id', 'ann', '--email', 'ann@example.com', '--workspace', 'main', ...ACME)).toBe(
    'ann: Ann.\n',
  );
  expect(await said('workspaces', 'place', 'lab', 'ann', 'viewer', ...ACME)).toBe('ann is in lab as viewer.\n');
  expect(await said('workspaces', 'people', 'lab', ...ACME)).toMatch(/ann\s+viewer/);
  expect(await said('workspaces', 'place', 'lab', 'ann', '--remove', ...ACME)).toBe('ann is in lab no more.\n');
  const csv = join(kit.folder, 'people.csv');
  writeFileSync(csv, 'name,email,seat\nBob,bob@example.com,pro\nCid,cid@example.com,\n');
  expect(await said('users', 'import', csv, ...ACME)).toBe('2 made, 0 were there.\n');
  expect(await said('users', 'import', csv, ...ACME)).toBe('0 made, 2 were there.\n');
  expect(await said('users', 'list', ...ACME)).toMatch(/Bob\s+bob@example.com\s+main \(member\)\s+pro \(s-/);
  expect(await said('seats', 'create', 's1', 'pro', '--user', 'ann', ...ACME)).toBe('s1: a pro seat, of ann.\n');
  expect(await said('seats', 'change', 's1', '--type', 'guest', ...ACME)).toBe('s1: a guest seat, of ann.\n');
  expect(await said('seats', 'list', ...ACME)).toMatch(/s1\s+guest\s+ann/);
  expect(await said('caps', 'create', 'anns', '5', '--of', 'user=ann', '--window', 'day', ...ACME)).toBe(
    'anns: user ann may spend 5 in a day (hard).\n',
  );
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const raise = ['--raise', '9', '--until', until, '--reason', 'report'];
  expect(await said('caps', 'change', 'anns', ...raise, ...ACME)).toContain(`raised to 9 until ${until}`);
  expect(await said('caps', 'list', ...ACME)).toMatch(/anns\s+user ann\s+day\s+5\s+hard\s+9 until/);
  expect(await said('caps', 'change', 'anns', '--raise', '0', ...ACME)).not.toContain('raised');
  const [text] = (await said('keys', 'create', '--id', 'anns-web', '--user', 'ann', '--per-minute', '600', ...ACME)).split('\n');
  expect(await said('grant', '--package', 'small', ...ACME)).toContain('Granted 50 credits to pool:acme');
  expect((await kit.call('/plain/ok', { headers: { authorization: `Bearer ${text}` } })).status).toBe(200);
  expect(await said('keys', 'list', '--user', 'ann', ...ACME)).toMatch(/anns-web\s+tg_spend_\S+\s+spend\s+acme\/main\s+ann/);
  const balance = await said('balance', ...ACME);
  expect(balance).toMatch(/^acme: \d+ credits available/);
  expect(balance).toContain('bought: small, 50 left of 50');
  expect(await said('seats', 'change', 's1', '--empty', ...ACME)).toBe('s1: a guest seat, empty.\n');
  expect(await said('seats', 'remove', 's1', ...ACME)).toBe('s1 is gone.\n');
  expect(await said('caps', 'remove', 'anns', ...ACME)).toBe('anns is gone.\n');
  expect(await said('workspaces', 'close', 'lab', ...ACME)).toBe('lab is closed.\n');
  expect(await said('users', 'erase', 'ann', ...ACME)).toMatch(/^ann was erased at /);
  expect((await run('audit', '--action', 'user.erase', ...ACME, '--json')).json().audit).toMatchObject([
    { subject: { kind: 'user', id: 'ann' } },
  ]);
  expect(await said('audit', '--limit', '2', ...ACME)).toMatch(/user\.erase\s+user ann[\s\S]*Earlier ones: --before \d+/);
  expect(await said('organizations', 'close', 'acme')).toContain('closed ');
});

test('pair: a link that lets one browser in, for a person or for a workspace, and not for nobody', async () => {
  const link = `${kit.url}/tollgate/console/pair#`;
  const OWN = ['--organization', 'umbra'];
  await said('organizations', 'create', 'umbra');
  await said('workspaces', 'create', 'den', ...OWN);
  await said('users', 'create', 'Uma', '--id', 'uma', '--email', 'uma@example.com', '--workspace', 'den', ...OWN);
  const [first = '', second = ''] = (await said('pair', '--user', 'uma', ...OWN)).split('\n');
  expect(first).toMatch(new RegExp(`^${link}[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$`));
  const code = first.slice(link.length);
  expect(second).toMatch(new RegExp(`^${code}: paste the link in the extension, .* Good once, until 20..-`));
  const claimed = await kit.api('POST', 'pairings/claim', { code, name: 'Firefox on Linux' }, null);
  expect(claimed.body.key).toMatchObject({ scope: 'view', user: 'uma', name: 'Firefox on Linux' });
  const made = (await run('pair', '--workspace', 'den', ...OWN, '--json')).json();
  expect((await kit.api('POST', 'pairings/claim', { code: made.code, name: 'Chrome' }, null)).body.key).toMatchObject({
    user: null,
    workspace: 'den',
  });
  const refused = await run('pair', '--user', 'nobody', ...OWN);
  expect([refused.code, refused.out]).toEqual([1, '']);
  expect(refused.err).toContain('nobody');
});

test('what is missing is said before the gateway is asked, what it refuses in its own words', async () => {
  for (const wrong of [
    ['caps', 'create', 'x', '5', '--window', 'day'],
    ['caps', 'create', 'x', 'five', '--of', 'user=ann', '--window', 'day'],
    ['caps', 'create', 'x', '5', '--of', 'ann', '--window', 'day'],
    ['caps', 'change', 'x', '--raise', '5'],
    ['organizations', 'create'],
    ['organizations', 'create', 'x', '--seats', 'many'],
    ['users', 'import', join(kit.folder, 'nothing.csv')],
    ['grant', '5', '--package', 'small'],
  ]) {
    const { code, err } = await run(...wrong);
    expect([wrong, code, err === '']).toEqual([wrong, 2, false]);
  }
  const refused = await run('organizations', 'create', 'x', '--plan', 'gold');
  expect([refused.code, refused.err]).toEqual([
    1,
    'body.plan: the rate card has no plan "gold"; it has: team, bigger, yearly.\n',
  ]);
});
