// Stands in for Stripe's API: a server of its own that keeps sessions, payments and payment methods, knows requests by their idempotency key,
// declines by card and amount, and fails on request. What a person or Stripe itself would do comes under /stand-in, and answers with the
// events that Stripe would send.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { createAccount, StandInError, type Account } from './stripe-account.ts';
import { readForm, type Form } from './stripe-form.ts';

const KEY = 'sk_test_stand_in_0123456789';
const account = createAccount();
const kept = new Map<string, { form: Form; path: string; status: number; body: object }>();
const asked: { method: string; path: string; form: Form; idempotencyKey: string | undefined }[] = [];
/** What goes wrong with the next requests: nothing is done, or it is done and not told. */
const faults: ('refuse' | 'lose')[] = [];

const server = http.createServer((req, res) => {
  void answer(req, res).catch((error: unknown) => send(res, 500, { error: { type: 'api_error', message: String(error) } }));
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: (server.address() as { port: number }).port, key: KEY }));
});
process.once('SIGTERM', () => process.exit(0));

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readBody(req);
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://stand-in');
  if (pathname.startsWith('/stand-in/'))
    return send(res, 200, command(pathname.slice('/stand-in/'.length), JSON.parse(body || '{}') as Form));
  const form = readForm(req.method === 'GET' ? searchParams : new URLSearchParams(body));
  const idempotencyKey = req.headers['idempotency-key'] as string | undefined;
  asked.push({ method: req.method ?? '', path: pathname, form, idempotencyKey });
  if (req.headers.authorization !== `Bearer ${KEY}`) {
    const message = `Invalid API Key provided: ${req.headers.authorization}`;
    return send(res, 401, { error: { type: 'invalid_request_error', message } });
  }
  const fault = faults.shift();
  if (fault === 'refuse') return send(res, 500, { error: { type: 'api_error', message: 'Something is wrong at the stand-in.' } });
  const { status, body: told } = once(idempotencyKey, pathname, form, () => run(req.method ?? '', pathname, form));
  // It was done, and nobody hears of it.
  if (fault === 'lose') req.socket.destroy();
  else send(res, status, told);
}

/** A request that was made before under its key is answered as it was then, also where it was refused. */
function once(
  key: string | undefined,
  path: string,
  form: Form,
  make: () => { status: number; body: object },
): { status: number; body: object } {
  const known = key === undefined ? undefined : kept.get(key);
  if (known === undefined) {
    const made = make();
    if (key !== undefined) kept.set(key, { form, path, ...made });
    return made;
  }
  if (known.path === path && isDeepStrictEqual(known.form, form)) return known;
  const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
  return { status: 400, body: { error: { type: 'idempotency_error', message } } };
}

function run(method: string, path: string, form: Form): { status: number; body: object } {
  try {
    return { status: 200, body: resource(account, method, path, form) };
  } catch (error) {
    if (!(error instanceof StandInError)) throw error;
    return { status: error.status, body: { error: error.body } };
  }
}

function resource(made: Account, method: string, path: string, form: Form): object {
  const [, version, kind, id, act] = path.split('/');
  if (version !== 'v1')
    throw new StandInError(404, { type: 'invalid_request_error', message: `Unrecognized request URL ${path}` });
  if (method === 'POST' && path === '/v1/checkout/sessions') return made.openSession(form);
  if (method === 'POST' && path === '/v1/payment_intents') return made.charge(form);
  if (method === 'GET' && kind === 'setup_intents' && id !== undefined) return made.setupIntent(id, form);
  if (method === 'POST' && kind === 'payment_methods' && id !== undefined && act === 'detach') return made.detach(id);
  throw new StandInError(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path})` });
}

/** What a person does in Checkout, what a bank says later, and what a test wants to know. */
function command(name: string, wanted: Form): object {
  if (name === 'asked') return { asked };
  if (name === 'charged') return { charged: account.charged() };
  if (name === 'fault') {
    faults.push(...(wanted['next'] as ('refuse' | 'lose')[]));
    return {};
  }
  return { events: account.act(name, wanted) };
}

async function readBody(req: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of req) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json', 'request-id': `req_${asked.length}` });
  res.end(JSON.stringify(body));
}
