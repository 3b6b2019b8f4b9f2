// What the hammer's clients do, drawn from a seed: call number n of a seed is always the same call, so that the process that sends it, the
// oracle that reckons it and a person who repeats it agree without speaking.
import { randomFrom } from '../model/random.ts';
import type { SocketCall } from './socket-call.ts';

export type PlannedFault = 'none' | 'status' | 'reset' | 'reset-after' | 'no-usage' | 'negative';

export interface PlannedCall extends SocketCall {
  /** Its number, which the client sends along; the upstream logs it and the ledger keeps it. */
  n: number;
  kind: 'chat' | 'stream' | 'enrich' | 'read' | 'ok' | 'dear';
  fault: PlannedFault;
  /** The facts that a price needs, as the client knows them. */
  model: 'gpt-4o' | 'gpt-4o-mini';
  outputMost: number;
  ids: number;
}

export interface PlanOptions {
  seed: number;
  /** `mixed`: every kind. `dear`: only the fixed price of 75. `calm`: every kind, no faults, nobody leaves. */
  kinds: 'mixed' | 'dear' | 'calm';
}

/** Marks that lead from the client to the upstream's log and to the ledger's row. */
export const MARK = { upstream: 'x-demo-call', label: 'hammer' } as const;

export function plannedCall(n: number, { seed, kinds }: PlanOptions): PlannedCall {
  const random = randomFrom(seed * 1_000_003 + n);
  const kind = kinds === 'dear' ? 'dear' : random.pick<Kind>(['chat', 'stream', 'enrich', 'read', 'ok', 'enrich', 'chat']);
  const { method, path, body, faults } = KINDS[kind];
  const fault = kinds === 'mixed' && random.percent(12) ? random.pick<PlannedFault>(faults) : 'none';
  const leaves = kinds === 'mixed' && random.percent(10);
  const facts: Facts = {
    n,
    model: random.pick<PlannedCall['model']>(['gpt-4o', 'gpt-4o-mini']),
    outputMost: 5 + random.below(200),
    ids: 1 + random.below(12),
  };
  const words = 'word '.repeat(random.below(40));
  return {
    ...facts,
    kind,
    fault,
    leaveAfterMs: leaves ? random.below(400) : null,
    method,
    path: path(n),
    body: body(facts, words),
    headers: { [MARK.upstream]: String(n), baggage: `${MARK.label}=${n}`, ...FAULT_HEADERS[fault] },
  };
}

type Kind = PlannedCall['kind'];
type Facts = Pick<PlannedCall, 'n' | 'model' | 'outputMost' | 'ids'>;

interface KindOfCall {
  method: string;
  path: (n: number) => string;
  body: (facts: Facts, words: string) => string;
  /** Which faults its answer can have and still have one right price. */
  faults: readonly [PlannedFault, ...PlannedFault[]];
}

const CHAT_PATH = (): string => '/openai/v1/chat/completions';
const NO_BODY = (): string => '';

const KINDS: Readonly<Record<Kind, KindOfCall>> = {
  chat: {
    method: 'POST',
    path: CHAT_PATH,
    body: (facts, words) => JSON.stringify(chat(facts, words)),
    faults: ['status', 'reset', 'reset-after', 'no-usage', 'negative'],
  },
  stream: {
    method: 'POST',
    path: CHAT_PATH,
    body: (facts, words) => JSON.stringify({ ...chat(facts, words), stream: true }),
    faults: ['status'],
  },
  enrich: {
    method: 'POST',
    path: () => '/records/v1/businesses/enrich',
    body: ({ n, ids }) => JSON.stringify({ business_ids: Array.from({ length: ids }, (_, at) => `b-${n}-${at}`) }),
    faults: ['status', 'reset', 'reset-after'],
  },
  read: { method: 'GET', path: (n) => `/records/v1/businesses/b-${n}`, body: NO_BODY, faults: ['status'] },
  ok: { method: 'GET', path: () => '/plain/ok?size=small', body: NO_BODY, faults: ['status'] },
  dear: { method: 'GET', path: () => '/plain/ok?size=dear', body: NO_BODY, faults: ['status'] },
};

function chat({ n, model, outputMost }: Facts, words: string): object {
  return { model, messages: [{ role: 'user', content: `call ${n}: ${words}` }], max_completion_tokens: outputMost };
}

const FAULT_HEADERS: Readonly<Record<PlannedFault, Readonly<Record<string, string>>>> = {
  none: {},
  status: { 'x-demo-fault': 'status=500' },
  reset: { 'x-demo-fault': 'reset' },
  'reset-after': { 'x-demo-fault': 'reset-after=20' },
  'no-usage': { 'x-demo-fault': 'no-usage' },
  negative: { 'x-demo-fault': 'usage=negative' },
};
