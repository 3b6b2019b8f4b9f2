// What the demo gives to a browser: pages whose buttons spend, with keys of their own, and codes to pair the extension with.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stock } from './stock.ts';
import { PAGES_FILE } from './upstream.ts';

export interface InBrowser {
  /** Where the pages begin. */
  pages: string;
  /** A link to pair with: who it is for, by name. Each is good once, for ten minutes. */
  links: readonly { name: string; link: string }[];
}

interface Account {
  id: string;
  name: string;
  key: string;
}

/** The account of nobody in particular. */
const POOL = 'demo';

/** Writes what the pages call with, and has the gateway make a pairing for each of the accounts. */
export async function stockBrowser(folder: string, url: string, upstream: string, stock: Stock): Promise<InBrowser> {
  const accounts = accountsOf(stock);
  writeFileSync(join(folder, PAGES_FILE), JSON.stringify({ gateway: url, accounts }), { mode: 0o600 });
  // The pool's key is nobody's, and so lets nobody in: who operates the gateway does.
  const operateKey = readKey(join(folder, 'tollgate.key'));
  const lettingIn = (account: Account): string => (account.id === POOL ? operateKey : account.key);
  const links = await Promise.all(
    accounts.map(async (account) => ({ name: account.name, link: await pairingLink(url, lettingIn(account)) })),
  );
  return { pages: `${upstream}/demo/pages/`, links };
}

function accountsOf({ keyFile, team }: Stock): readonly Account[] {
  const own = { id: POOL, name: "The demo's pool", key: readKey(keyFile) };
  return team === undefined ? [own] : [own, { id: 'capped', name: team.person, key: readKey(team.keyFile) }];
}

function readKey(file: string): string {
  return readFileSync(file, 'utf8').trim();
}

async function pairingLink(url: string, key: string): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/tollgate/v1/pairings`, { method: 'POST', headers, body: '{}' });
  const { link, message } = (await answer.json()) as { link?: string; message?: string };
  if (link === undefined) throw new Error(`the demo can not pair a browser: ${message ?? answer.status}`);
  return link;
}
