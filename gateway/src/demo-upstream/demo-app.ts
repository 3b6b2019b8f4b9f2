// The server of the demo's applications: it runs the automation and the agent with the key of the account that is signed in on the page. A page
// of another origin can not ask it: JSON needs a preflight, which nothing here answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerMessage } from './agent.ts';
import { callsOf, type CallGateway } from './app-call.ts';
import { automation, type Run } from './automation.ts';
import { isLoopback } from './demo-pages.ts';
import type { Surroundings } from './exchange.ts';
import { readPagesSettings } from './pages-settings.ts';
import { random } from './random.ts';

const APP = '/demo/app/';
const BODY_MAX_BYTES = 64 * 1024;
const WORDS_MAX = 2_000;
/** At once: a page that asks in a loop must not take this machine with it. */
const TURNS_MAX = 8;

interface Said {
  status: number;
  json: object;
  /** Calls that were made for this answer, for `Server-Timing`. */
  calls?: readonly (string | null)[];
}

export type DemoApp = (request: IncomingMessage, response: ServerResponse) => boolean;

/** @returns a function that answers `/demo/app/…` and says whether the path was one of these */
export function demoApp({ seed, startedAt, now }: Surroundings, settingsFile: string | undefined): DemoApp {
  let count = 0;
  const newRun = (): string =>
    `r${random(seed, startedAt, (count += 1), 'run')
      .letters(10)
      .toLowerCase()}`;
  const relay = automation(now, newRun);
  let turns = 0;

  const answer = async (request: IncomingMessage): Promise<Said> => {
    const { pathname, searchParams } = new URL(`http://demo${request.url}`);
    const settings = readPagesSettings(settingsFile);
    if (!isLoopback(request)) return refuse(403, 'The demo is for this machine alone.');
    if (settings === undefined) return refuse(503, 'The demo has no gateway yet. Start it with npm start.');
    const path = pathname.slice(APP.length);
    if (request.method === 'GET') {
      if (path === 'automation/runs') return { status: 200, json: { runs: relay.runs(searchParams.get('account') ?? '') } };
      const run = path.startsWith('automation/runs/') ? relay.find(path.slice('automation/runs/'.length)) : undefined;
      return run === undefined ? refuse(404, 'The demo has no such thing.') : { status: 200, json: run, calls: callsIn(run) };
    }
    if (request.method !== 'POST') return refuse(405, 'The demo takes GET and POST.');
    const body = await readBody(request);
    if (body === undefined) return refuse(400, 'Not done: a JSON object of at most 64 KB was expected.');
    const account = settings.accounts.find(({ id }) => id === body['account']);
    if (account === undefined) return refuse(400, 'Not done: there is no such account.');
    const call: CallGateway = callsOf(settings, account.key);
    if (path === 'automation/runs') return { status: 202, json: relay.start(account.id, call) };
    if (path !== 'agent/messages') return refuse(404, 'The demo has no such thing.');
    const { text } = body;
    if (typeof text !== 'string' || text.trim() === '' || text.length > WORDS_MAX)
      return refuse(400, `Not sent: a message has 1 to ${WORDS_MAX} characters.`);
    if (turns >= TURNS_MAX) return refuse(429, 'Not sent: the agent has enough to do. Try again in a moment.');
    turns += 1;
    try {
      const reply = await answerMessage(call, newRun(), text);
      return { status: 200, json: reply, calls: [reply.callId] };
    } finally {
      turns -= 1;
    }
  };

  return (request, response) => {
    if (request.url?.startsWith(APP) !== true) return false;
    void answer(request)
      .catch(() => refuse(500, 'The demo met a fault.'))
      .then((said) => send(response, said));
    return true;
  };
}

function refuse(status: number, message: string): Said {
  return { status, json: { message } };
}

/** Those that have an answer: what still runs is told when it has ended. */
function callsIn({ modules }: Run): (string | null)[] {
  return modules.filter(({ state }) => state === 'done' || state === 'failed').map(({ callId }) => callId);
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  if (!/^application\/json(?:;|$)/.test(request.headers['content-type'] ?? '')) return undefined;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= BODY_MAX_BYTES) pieces.push(piece);
  }
  if (bytes > BODY_MAX_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.concat(pieces).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The calls are named as the gateway names them, so that who looks at the page's traffic knows which ones an action made. */
function send(response: ServerResponse, { status, json, calls = [] }: Said): void {
  const timings = calls.filter((id) => id !== null).map((id) => `credits;desc="${id}"`);
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(timings.length === 0 ? {} : { 'server-timing': timings.join(', ') }),
  });
  response.end(JSON.stringify(json));
}
