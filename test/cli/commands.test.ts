// Every command: with a gateway that runs, with none, and with one that can not be reached.
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { everyCommand, tollgate, tollgateProcess, type Ran } from './tollgate.ts';

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ credits: 50 });
});
afterAll(() => kit.close());

const run = (...args: string[]): Promise<Ran> => tollgate([...args, '--config', kit.configFile]);

test('keys, grant, balance, calls and verify, in words and as JSON, with a running gateway', async () => {
  const created = await run('keys', 'create', '--id', 'cli', '--cap', 'day=20', '--label', 'team=search');
  const [key] = created.out.split('\n');
  expect([created.code, key]).toEqual([0, expect.stringMatching(/^tg_spend_[\w-]{32}$/)]);
  const again = await run('keys', 'create', '--id', 'cli', '--cap', 'day=20', '--label', 'team=search');
  expect([again.code, again.out.includes('tg_')]).toEqual([0, false]);
  expect((await run('grant', '25', '--id', 'cli', '--reason', 'by hand', '--json')).json()).toMatchObject({
    grant: { amount: 25 },
    repeated: false,
  });
  expect((await run('grant', '25', '--id', 'cli', '--reason', 'by hand')).out).toContain('nothing was granted again');
  const call = await kit.call('/plain/ok', { headers: { authorization: `Bearer ${key}` } });
  expect((await run('balance')).out).toContain('main: 74 credits available, 0 held');
  expect((await run('calls', '--key', 'cli', '--json')).json().calls).toMatchObject([{ operation: 'plain.ok', charge: 1 }]);
  const receipt = await run('calls', call.headers.get('credits-call') ?? '');
  expect(receipt.out).toContain('1 per call (small) = 1');
  const explained = await run('explain', '--call', call.headers.get('credits-call') ?? '');
  expect([explained.code, explained.out]).toEqual([0, expect.stringContaining('The same as was charged.')]);
  const verified = await run('verify');
  expect([verified.code, verified.out]).toEqual([0, 'Everything adds up.\n']);
  const rotated = await run('keys', 'rotate', 'cli', '--overlap', '1m');
  expect(rotated.out).toMatch(/^tg_spend_[\w-]{32}\ncli\.2: /);
  expect((await run('keys', 'revoke', 'cli')).out).toBe('cli is revoked.\n');
  const listed = await run('keys', 'list');
  expect(listed.out).toMatch(/cli\s.*revoked/);
  expect(listed.out).not.toContain(key);
});

test('what the gateway refuses is exit code 1 in its own words; wrong use is 2', async () => {
  const unknown = await run('keys', 'revoke', 'nothing');
  expect([unknown.code, unknown.err, unknown.out]).toEqual([1, 'There is no key nothing.\n', '']);
  const json = await run('keys', 'revoke', 'nothing', '--json');
  expect([json.code, json.json().code]).toEqual([1, 'not_found']);
  expect((await run('resume', 'chat.complete')).code).toBe(1);
  for (const wrong of [
    ['grant', 'much'],
    ['grant'],
    ['fly'],
    ['balance', '--jsn'],
    ['keys', 'create', '--cap', 'day'],
    ['explain'],
  ]) {
    const ran = await run(...wrong);
    expect([wrong, ran.code]).toEqual([wrong, 2]);
    expect(ran.err).not.toBe('');
    expect(ran.err).not.toMatch(/^\s+at /m);
  }
});

test('explain and check work from the card alone', async () => {
  const body = '{"model":"gpt-4o","max_tokens":100,"messages":[]}';
  const explained = await run('explain', 'post', '/openai/v1/chat/completions', '-d', body);
  expect([explained.code, explained.out]).toEqual([0, expect.stringContaining('100 output_tokens × 2 / 1,000 (gpt-4o) = 0.2')]);
  const unknown = await run('explain', 'POST', '/openai/v1/chat/completions', '-d', '{"model":"gpt-9"}');
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('known are gpt-4o, gpt-4o-mini')]);
  const checked = await run('check');
  expect([checked.code, checked.out]).toEqual([0, expect.stringMatching(/5 services, \d+ operations, version [0-9a-f]{12}/)]);
  const broken = join(kit.folder, 'broken.yaml');
  writeFileSync(broken, readFileSync(kit.cardFile, 'utf8').replace('meter: anthropic', 'meter: anthropoc'));
  const found = await tollgate(['check', broken]);
  expect([found.code, found.out]).toEqual([1, expect.stringMatching(/^.*broken\.yaml:\d+:\d+: there is no meter "anthropoc"/)]);
  expect((await tollgate(['check', broken, '--json'])).json()).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([expect.objectContaining({ line: expect.any(Number) })]),
  });
});

test('help of every command has an example, and is exit code 0', async () => {
  const commands = await everyCommand();
  expect(commands.length).toBeGreaterThan(30);
  for (const name of commands) {
    const help = await tollgate([...name, '--help']);
    expect([name, help.code]).toEqual([name, 0]);
    expect(help.out).toContain('Example:');
    expect(help.out).toContain('--json');
  }
});

test('without a gateway the same commands open the store themselves, and change it for good', async () => {
  await kit.end();
  expect((await run('grant', '5', '--id', 'alone', '--json')).json().grant).toMatchObject({ amount: 5 });
  expect((await run('balance', '--json')).json().available).toBeGreaterThan(5);
  expect((await run('verify')).code).toBe(0);
  await kit.start();
  const { body } = await kit.api('GET', 'grants');
  expect(body.grants.map(({ id }: { id: string }) => id)).toContain('alone');
});

test('a locked store whose gateway does not answer is exit code 3; so is an address where none is', async () => {
  const elsewhere = join(kit.folder, 'elsewhere.yaml');
  writeFileSync(elsewhere, readFileSync(kit.configFile, 'utf8').replace(/^listen: .*$/m, 'listen: 127.0.0.1:1'));
  const locked = await tollgate(['balance', '--config', elsewhere]);
  expect([locked.code, locked.err]).toEqual([3, expect.stringContaining('none answers at http://127.0.0.1:1')]);
  expect((await tollgate(['balance', '--config', elsewhere, '--url', kit.url])).code).toBe(0);
  expect((await run('balance', '--url', 'http://127.0.0.1:1')).code).toBe(3);
});

test('starting: what can be mended is one message and exit code 1, without a stack', async () => {
  const failing = async (change: (text: string) => string): Promise<Ran> => {
    const file = join(kit.folder, 'other.yaml');
    writeFileSync(file, change(readFileSync(kit.configFile, 'utf8')));
    return tollgate(['start', '--config', file]);
  };
  const asProcess = await tollgateProcess(['start', '--config', kit.configFile]);
  const ran = {
    locked: await failing((text) => text),
    port: await failing((text) => `${text}store: other.db\n`),
    card: await failing((text) => `${text.replaceAll(/:\d+$/gm, ':0')}store: other.db\nrate_card: broken.yaml\n`),
    setting: await failing((text) => `${text}storr: x\n`),
    environment: await failing((text) => `${text}public_url: \${NOT_THERE}\n`),
    missing: await tollgate(['start', '--config', join(kit.folder, 'nothing.yaml')]),
  };
  for (const [name, { code, err }] of Object.entries(ran)) {
    expect([name, code]).toEqual([name, 1]);
    expect(err).not.toMatch(/^\s+at /m);
    expect(err).not.toBe('');
  }
  expect(asProcess).toMatchObject({ code: 1, err: ran.locked.err });
  expect(ran.locked.err).toContain('in use by another Tollgate');
  expect(ran.port.err).toContain('another program listens there');
  expect(ran.card.err).toMatch(/broken\.yaml:\d+:\d+: /);
  expect(ran.setting.err).toContain('there is no setting storr');
  expect(ran.environment.err).toContain('NOT_THERE');
  expect(ran.missing.err).toContain('tollgate init');
});

test('the operate key lies in a file that only its owner reads, and a new store takes it up', async () => {
  const file = join(kit.folder, 'tollgate.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const fresh = join(kit.folder, 'fresh.yaml');
  writeFileSync(
    fresh,
    `${readFileSync(kit.configFile, 'utf8').replace(/^listen: .*$/m, 'listen: 127.0.0.1:1')}store: fresh.db\n`,
  );
  expect((await tollgate(['balance', '--config', fresh, '--json'])).json()).toMatchObject({ available: 0 });
  expect(readFileSync(file, 'utf8').trim()).toBe(kit.operateKey);
  const wrong = join(kit.folder, 'wrong.key');
  writeFileSync(wrong, 'something else\n');
  chmodSync(wrong, 0o600);
  writeFileSync(fresh, `${readFileSync(fresh, 'utf8')}key_file: wrong.key\n`);
  expect(await tollgate(['balance', '--config', fresh])).toMatchObject({
    code: 1,
    err: expect.stringContaining('does not hold an operate key'),
  });
});
