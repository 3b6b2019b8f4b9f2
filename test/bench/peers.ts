// Who is measured: each in a process of its own on 127.0.0.1, each in front of the same upstream, each given the same call.
import { join } from 'node:path';
import { startChild, type Child } from './child.ts';
import { startNginx } from './nginx.ts';

export interface Peer {
  name: PeerName;
  what: string;
  /** The process under measurement. */
  pid: number;
  url: string;
  headers: Readonly<Record<string, string>>;
  stop: () => Promise<void>;
}

export type PeerName = 'stock' | 'raw' | 'portkey' | 'nginx' | 'tollgate' | 'plans';

/** What every peer is asked, below where it keeps its services. */
export const CALL_PATH = '/bench/v1/chat/completions';

/** A chat call of about 600 bytes. */
export const CALL_BODY = JSON.stringify({
  model: 'gpt-4o-mini',
  messages: [
    { role: 'system', content: 'You answer in one short paragraph, in plain words, and you say so where you are not certain.' },
    {
      role: 'user',
      content:
        'A toll bridge takes two coins from a cart and one from a rider. On Monday forty carts and ninety riders crossed, on ' +
        'Tuesday half as many carts and twice as many riders. Rain closed the bridge on Wednesday until noon, and nobody kept ' +
        'count after that. How many coins does the keeper have at the least, and what would you ask to know more?',
    },
  ],
  temperature: 0.2,
  max_tokens: 256,
});

export const CALL_HEADERS = { 'content-type': 'application/json' } as const;

/** The peers that are not ours. nginx is left out, with a line that says so, where it is not installed. */
export async function startOthers(target: string): Promise<Peer[]> {
  const nginx = await startNginx(target);
  if (nginx === undefined) console.log('nginx is not installed; it is left out.');
  return [
    await startProxy('stock', 'Express 5 with http-proxy-middleware 4, as its README shows, unmetered', 'peer-stock.ts', target),
    await startProxy('raw', 'a minimal proxy on node:http with kept connections, unmetered', 'peer-raw.ts', target),
    ...(nginx === undefined ? [] : [peer('nginx', `${nginx.version}, as a proxy with kept connections, unmetered`, nginx.child)]),
    await startPortkey(target),
  ];
}

async function startProxy(name: PeerName, what: string, file: string, target: string): Promise<Peer> {
  return peer(name, what, await startChild({ command: process.execPath, args: [join(import.meta.dirname, file), target] }));
}

function peer(name: PeerName, what: string, { pid, port, stop }: Child): Peer {
  return { name, what, pid, url: `http://127.0.0.1:${port}/openai${CALL_PATH}`, headers: CALL_HEADERS, stop };
}

/** Its own build for Node, without its log page, told by headers where to send the call. */
async function startPortkey(target: string): Promise<Peer> {
  const loopback = join(import.meta.dirname, 'peer-portkey.ts');
  const build = import.meta.resolve('@portkey-ai/gateway/build/start-server.js');
  const child = await startChild({
    command: process.execPath,
    args: ['--import', loopback, new URL(build).pathname, '--port=0', '--headless'],
  });
  return {
    name: 'portkey',
    what: 'the Portkey gateway from npm, its build for Node, unmetered',
    pid: child.pid,
    stop: child.stop,
    url: `http://127.0.0.1:${child.port}/v1/chat/completions`,
    headers: {
      ...CALL_HEADERS,
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${target}/bench/v1`,
      authorization: 'Bearer none',
    },
  };
}
