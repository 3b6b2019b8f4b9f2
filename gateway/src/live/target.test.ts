import { expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';
import { post } from './post.ts';
import { createTargets, PrivateTarget, type Resolve } from './target.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'example.com': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'rebound.example.com': ['127.0.0.1'],
  'mixed.example.com': ['93.184.215.14', '10.0.0.1'],
  'metadata.example.com': ['169.254.169.254'],
};
const resolve: Resolve = (name) => {
  const found = names[name];
  if (found === undefined) return Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }));
  return Promise.resolve(found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
};
const open = createTargets({ allowPrivate: false, resolve });

test.each([
  // Loopback, however it is spelled
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::7f00:1]/',
  'https://0.0.0.0/',
  'https://localhost/',
  'https://localhost./',
  'https://hook.localhost/',
  // Private networks
  'https://10.0.0.1/',
  'https://172.16.3.4/',
  'https://192.168.1.1/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:0a00:1]/',
  'https://[fd00::1]/',
  'https://[64:ff9b::10.0.0.1]/',
  'https://[2002:0a00:0001::]/',
  'https://100.64.0.1/',
  'https://router/',
  'https://db.internal/',
  // Link-local and metadata
  'https://169.254.169.254/latest/meta-data/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  'https://168.63.129.16/',
  'https://metadata.google.internal/',
  // Nobody's
  'https://255.255.255.255/',
  'https://224.0.0.1/',
  'https://192.0.2.1/',
  'https://[2001:db8::1]/',
  // Names that lead there
  'https://rebound.example.com/',
  'https://mixed.example.com/',
  'https://metadata.example.com/',
])('%s is not public', async (url) => {
  expect(await open.check(url)).toContain('a public address');
  expect(await createTargets({ allowPrivate: true, resolve }).check(url)).toBeUndefined();
});

test.each([
  ['http://example.com/', 'https://'],
  ['ftp://example.com/', 'such as https://example.com/hook'],
  ['file:///etc/passwd', 'such as https://'],
  ['example.com/hook', 'such as https://'],
  ['https://user:secret@example.com/', 'without a name and password'],
  ['https://example.com/#part', 'without a fragment'],
  [`https://example.com/${'x'.repeat(2_000)}`, 'at most 2000 characters'],
])('%.60s is refused with what would be right', async (url, right) => {
  expect(await open.check(url)).toContain(right);
});

test('public addresses and names are taken, and a name that is not known yet', async () => {
  for (const url of [
    'https://example.com/hook?for=us',
    'https://93.184.215.14:8443/',
    'https://[2606:4700::1111]/',
    'https://[::ffff:93.184.215.14]/',
    'https://later.example.com/',
  ]) {
    expect(await open.check(url)).toBeUndefined();
  }
});

test('what is no address is not public', () => {
  for (const text of ['', 'example.com', '1.2.3', '::ffff:', '1.2.3.4.5']) expect(isPublicAddress(text)).toBe(false);
});

/** What a connection would be made to. */
function looked(name: string, all: boolean): Promise<unknown> {
  return new Promise((done) => {
    open.lookup(name, { all }, (error, address, family) => done(error ?? (all ? address : { address, family })));
  });
}

test('a connection gets addresses that were checked, or none: what a name means may have changed since it was saved', async () => {
  expect(await looked('example.com', false)).toEqual({ address: '93.184.215.14', family: 4 });
  expect(await looked('example.com', true)).toHaveLength(2);
  for (const name of ['rebound.example.com', 'mixed.example.com', 'metadata.example.com']) {
    for (const all of [true, false]) expect(await looked(name, all)).toBeInstanceOf(PrivateTarget);
  }
  expect(await looked('later.example.com', true)).toMatchObject({ code: 'ENOTFOUND' });
});

test('an attempt to a name that leads to a private address by now sends nothing, and says so', async () => {
  const options = { targets: open, timeoutMs: 2_000, signal: new AbortController().signal };
  const sent = await post({ url: 'https://rebound.example.com/', headers: {}, body: '{}' }, options);
  expect(sent).toEqual({ status: null, error: 'the name leads to a private address' });
  const literal = await post({ url: 'https://127.0.0.1/', headers: {}, body: '{}' }, options);
  expect(literal).toMatchObject({ status: null, error: expect.stringContaining('not sent: a public address') as string });
});
