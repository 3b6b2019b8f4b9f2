// A real gateway process in front of a real demo upstream process, on free ports, in a folder of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from './child.ts';

export interface GatewayOptions {
  /** The rate card's text; test/kit/rates.yaml by default. */
  card?: string;
  /** Credits granted to the pool at first; 1,000 by default, 0 for none. */
  credits?: number;
  /** Further lines of tollgate.yaml. */
  settings?: string;
  /**
   * The demo's pages (`<upstream.origin>/demo/pages/`) call this gateway with the kit's spend key, from the browser. The rate card is then the
   * demo's, unless `card` says another one; `pagesFile` can be written anew for other keys.
   */
  pages?: true;
  /** Further arguments of the demo upstream, such as `--counter-only` or `--pace-ms 0`. */
  upstream?: readonly string[];
  /** Arguments of node itself, such as `--cpu-prof`. */
  nodeArguments?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}

export interface GatewayKit {
  /** `http://127.0.0.1:<port>`, the same after a restart. */
  readonly url: string;
  readonly metricsUrl: string;
  readonly folder: string;
  /** tollgate.yaml, for the command line. */
  readonly configFile: string;
  readonly cardFile: string;
  readonly storeFile: string;
  /** Gateway and keys of the demo's pages (pages-settings.ts); read at each load of a page. */
  readonly pagesFile: string;
  readonly operateKey: string;
  /** A spend key without caps, in workspace `main`. */
  readonly spendKey: string;
  readonly upstream: UpstreamKit;
  /** The gateway's process id. */
  pid(): number;
  /** Calls `/tollgate/v1/<path>`, with the operate key unless told; a body is sent as JSON. */
  api(method: string, path: string, body?: unknown, key?: string | null): Promise<ApiAnswer>;
  /** Calls through the gateway with the spend key, unless `init` has one. */
  call(path: string, init?: RequestInit): Promise<Response>;
  makeKey(key: Readonly<Record<string, unknown>>): Promise<{ id: string; text: string }>;
  grant(amount: number, more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** What the gateway wrote, since its last start. */
  output(): string;
  /** Ends the gateway process alone. */
  end(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: string | null }>;
  /** Starts the gateway again on the same ports and store. */
  start(more?: readonly string[]): Promise<void>;
  /** Ends both processes and deletes the folder. */
  close(): Promise<void>;
}

export interface UpstreamKit {
  readonly origin: string;
  /** What the upstream itself saw: its log of arrivals and ends. */
  log(): readonly Readonly<Record<string, unknown>>[];
  /** Requests that arrived; asks the process where it only counts. */
  arrived(): Promise<number>;
  end(signal?: NodeJS.Signals): Promise<unknown>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  // Tests read what they expect; a wrong shape fails them.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

const SOURCES = join(import.meta.dirname, '../../gateway/src');
const DEMO_CARD = join(SOURCES, '../templates/demo.yaml');

/** A gateway that runs: a process of its own, or one within the test's. */
export type Running = Pick<Child, 'told' | 'output' | 'end'> & { process: { pid?: number | undefined } };

/** Starts both processes, makes a spend key and grants the credits. */
export function startGateway(options: GatewayOptions = {}): Promise<GatewayKit> {
  return startGatewayBy(options, (configFile, more) => startProcess(options, configFile, more));
}

/** The same with another way to start the gateway itself. `start` tells its addresses as a process does. */
export async function startGatewayBy(
  options: GatewayOptions,
  start: (configFile: string, more: readonly string[]) => Promise<Running>,
): Promise<GatewayKit> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-kit-'));
  const upstreamLog = join(folder, 'upstream.jsonl');
  const pagesFile = join(folder, 'pages.json');
  const upstream = await startChild([
    join(SOURCES, 'demo-upstream/main.ts'),
    '--port',
    '0',
    '--log',
    upstreamLog,
    '--pages',
    pagesFile,
    ...(options.upstream ?? []),
  ]);
  const origin = `http://127.0.0.1:${(upstream.told as { listening: number }).listening}`;
  const configFile = join(folder, 'tollgate.yaml');
  const cardFile = join(folder, 'rates.yaml');
  writeFileSync(join(folder, 'tollgate.secret'), 'a secret of tests that hashes keys of tests\n', { mode: 0o600 });
  const card = options.pages === true ? DEMO_CARD : join(import.meta.dirname, 'rates.yaml');
  writeFileSync(cardFile, options.card ?? readFileSync(card, 'utf8'));
  const settings = `${options.settings ?? ''}\n${options.pages === true ? `cors: { origins: ["${origin}"] }\n` : ''}`;
  writeFileSync(configFile, configText({ listen: '127.0.0.1:0', metrics: '127.0.0.1:0' }, origin, settings));
  let gateway = await start(configFile, []).catch(async (error: unknown) => {
    await upstream.end('SIGKILL');
    throw error;
  });
  const { url, metrics: metricsUrl } = gateway.told as { url: string; metrics: string };
  // From here on the ports are known: the command line finds the gateway, and a restart keeps its address.
  const fixed = { listen: url.slice('http://'.length), metrics: metricsUrl.slice('http://'.length) };
  writeFileSync(configFile, configText(fixed, origin, settings));
  const operateKey = readFileSync(join(folder, 'tollgate.key'), 'utf8').trim();
  const api = apiOf(url, operateKey);
  const made = madeBy(api);
  const { text: spendKey } = await made.makeKey({ id: 'kit', scope: 'spend' });
  if (options.credits !== 0) await made.grant(options.credits ?? 1_000);
  if (options.pages === true)
    writeFileSync(pagesFile, JSON.stringify({ gateway: url, accounts: [{ id: 'kit', name: 'Kit', key: spendKey }] }));

  return {
    url,
    metricsUrl,
    folder,
    configFile,
    cardFile,
    storeFile: join(folder, 'tollgate.db'),
    pagesFile,
    operateKey,
    spendKey,
    upstream: upstreamOf(upstream, origin, upstreamLog),
    pid: () => gateway.process.pid ?? 0,
    api,
    call: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization') && !headers.has('x-api-key')) headers.set('authorization', `Bearer ${spendKey}`);
      return fetch(`${url}${path}`, { ...init, headers });
    },
    ...made,
    output: () => gateway.output(),
    end: (signal = 'SIGTERM') => gateway.end(signal),
    start: async (more = []) => {
      gateway = await start(configFile, more);
    },
    close: async () => {
      await Promise.all([gateway.end('SIGTERM'), upstream.end('SIGTERM')]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startProcess(options: GatewayOptions, configFile: string, more: readonly string[]): Promise<Child> {
  const args = [...(options.nodeArguments ?? []), join(SOURCES, 'main.ts'), 'start', '--json', '--config', configFile, ...more];
  // As if npm had started it: it then ends by itself where a test run is killed before it could end it.
  return startChild(args, { npm_lifecycle_event: 'test', ...options.environment });
}

function configText(ports: { listen: string; metrics: string }, origin: string, settings = ''): string {
  return `listen: ${ports.listen}
metrics: ${ports.metrics}
secret_file: tollgate.secret
upstreams:
  openai: { url: ${origin}, headers: { authorization: Bearer sk-demo-kit } }
  anthropic: { url: ${origin}, headers: { x-api-key: sk-ant-demo-kit } }
  dune: { url: ${origin}, headers: { x-dune-api-key: dune-demo-kit } }
  records: { url: ${origin}, headers: { api_key: records-demo-kit } }
  plain: { url: ${origin}/plain }
${settings}`;
}

function apiOf(url: string, operateKey: string): GatewayKit['api'] {
  return async (method, path, body, key = operateKey) => {
    const headers: Record<string, string> = {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const answer = await fetch(`${url}/tollgate/v1/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
}

function madeBy(api: GatewayKit['api']): Pick<GatewayKit, 'makeKey' | 'grant'> {
  let number = 0;
  const expectMade = ({ status, body }: ApiAnswer): void => {
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  };
  return {
    makeKey: async (key) => {
      number += 1;
      const { workspace } = key;
      // A key is made in a workspace that is there; one that is there and is not like this is as good.
      const place =
        typeof workspace === 'string' && workspace !== 'main' ? await api('POST', 'workspaces', { name: workspace }) : null;
      if (place !== null && place.status !== 409) expectMade(place);
      const answer = await api('POST', 'keys', { id: `made-${number}`, ...key });
      expectMade(answer);
      return { id: answer.body.key.id as string, text: answer.body.text as string };
    },
    grant: async (amount, more = {}) => {
      number += 1;
      const answer = await api('POST', 'grants', { id: `made-${number}`, amount, ...more });
      expectMade(answer);
      return answer.body.grant.id as string;
    },
  };
}

function upstreamOf(upstream: Child, origin: string, logFile: string): UpstreamKit {
  const log = (): Readonly<Record<string, unknown>>[] =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      // The last one may still be being written.
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    origin,
    log,
    arrived: async () => ((await (await fetch(`${origin}/demo/count`)).json()) as { arrived: number }).arrived,
    end: (signal = 'SIGTERM') => upstream.end(signal),
  };
}
