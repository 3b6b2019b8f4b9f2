// Whether the process lives, and whether it can take calls.
import { basename } from 'node:path';
import { formatProblem } from '@tollgate/shared/rate-card/parse';
import { ok, type Answered, type ApiParts } from './route.ts';

export function readLive(): Answered {
  return ok({ status: 'ok', reasons: [], notes: [] });
}

/** 503 while calls would be refused whatever they are; a broken card file is a note, because an older card is in force. */
export async function readReady(api: ApiParts): Promise<Answered> {
  const { gate, cards } = api;
  const reasons = [
    ...(gate.traffic.draining ? ['The gateway is shutting down.'] : []),
    ...(gate.settles.full() ? ['Too many finished calls wait for the ledger.'] : []),
    ...((await answers(api)) ? [] : ['The ledger does not answer.']),
  ];
  const { version } = cards.current().card;
  const notes = cards
    .problems()
    .map(
      (problem) =>
        `Rate card ${version} is in force; the changed file is not: ${formatProblem({ ...problem, file: basename(problem.file) })}`,
    );
  return {
    status: reasons.length === 0 ? 200 : 503,
    json: { status: reasons.length === 0 ? 'ok' : 'unavailable', reasons, notes },
  };
}

// A ledger that takes longer than this refuses calls too.
const ANSWERS_WITHIN_MS = 2_000;
// Anyone may ask, and each answer costs a write: one for all who ask within a second.
const ANSWER_KEPT_MS = 1_000;
const answered = new WeakMap<ApiParts, { at: number; answer: Promise<boolean> }>();

/** Only a write shows that calls can be held: balances are in memory, and a full disk is read as well as any. */
function answers(api: ApiParts): Promise<boolean> {
  const at = api.gate.monotonicMs();
  const kept = answered.get(api);
  if (kept !== undefined && at - kept.at < ANSWER_KEPT_MS) return kept.answer;
  const answer = probe(api);
  answered.set(api, { at, answer });
  return answer;
}

async function probe({ store }: ApiParts): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, ANSWERS_WITHIN_MS, false)));
  const asked = store.probe().then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
