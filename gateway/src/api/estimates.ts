// POST estimates: what calls would cost, one or many, by the code of the dry run. Nothing is held, sent or charged.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { estimatesQuery, estimatesRequest } from '@tollgate/shared/estimates-contract';
import { microcredits, parseCredits, toCredits } from '@tollgate/shared/credits';
import { quoteDescribed, quoteOperation } from '../call/describe.ts';
import { readObserved, wouldCost, type ReadObserved } from '../call/dry-run.ts';
import { isRefusal, refusalBody } from '../call/refuse.ts';
import { payerAsked } from './payer-asked.ts';
import { project } from './project.ts';
import { keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';

type Query = z.output<typeof estimatesQuery>;
type Asked = z.output<typeof estimatesRequest>;
type CallAsked = NonNullable<Asked['call']>;

/** In the context of the key, or another one that it names. */
export async function makeEstimates(api: ApiParts, asking: Asking<Query, Asked>): Promise<Answered> {
  const key = keyOf(asking);
  const { body } = asking;
  const { gate } = api;
  const payer = await payerAsked(api, key, asking.query.context);
  if (isRefusal(payer)) return payer;
  asking.res.setHeader('credits-context', payer.workspace.id);
  const observedOf = onceEach(readObserved(gate));
  const estimate = async (call: CallAsked): Promise<Answered> => {
    if ('operation' in call) {
      const quoted = quoteOperation(gate, payer, call);
      return isRefusal(quoted) ? quoted : ok(await wouldCost(gate, quoted, { observedOf, known: call.quantities }));
    }
    const quoted = quoteDescribed(gate, payer, call);
    return isRefusal(quoted) ? quoted : ok(await wouldCost(gate, quoted, { observedOf }));
  };
  if (body.call !== undefined) {
    const answered = await estimate(body.call);
    if (body.schedule === undefined || isRefusal(answered)) return answered;
    const projected = project(payer, body.schedule, (answered.json as Estimated).estimate, gate.ledger.now());
    return isRefusal(projected) ? projected : ok({ ...answered.json, schedule: projected });
  }
  const answers: Answered[] = [];
  for (const some of inParts(body.calls ?? [])) {
    answers.push(...(await Promise.all(some.map(estimate))));
    await nextTurn();
  }
  const estimates = answers.map((answer) =>
    isRefusal(answer) ? { would: 'refuse', refusal: refusalBody(answer) } : answer.json,
  );
  return ok({ estimates, total: answers.some(isRefusal) ? null : totalOf(estimates as Estimated[]) });
}

// A few milliseconds of work: calls that others make come in between.
const PART = 20;

function inParts(calls: readonly CallAsked[]): CallAsked[][] {
  return Array.from({ length: Math.ceil(calls.length / PART) }, (_, index) => calls.slice(index * PART, (index + 1) * PART));
}

/** Many calls of one operation are estimated from the same past. */
function onceEach(read: ReadObserved): ReadObserved {
  const known = new Map<string, ReturnType<ReadObserved>>();
  return (operation, workspace) => {
    const id = `${workspace} ${operation}`;
    const found = known.get(id) ?? read(operation, workspace);
    known.set(id, found);
    return found;
  };
}

interface Estimated {
  estimate: { low: number; expected: number | null; high: number };
  quote: number;
}

/** Sums of what is shown: a page that adds the parts up gets the same. */
function totalOf(estimates: readonly Estimated[]): object {
  const sum = (of: (one: Estimated) => number): number =>
    toCredits(estimates.reduce((total, one) => microcredits(total + (parseCredits(of(one)) ?? 0)), microcredits(0)));
  return {
    low: sum(({ estimate }) => estimate.low),
    expected: estimates.some(({ estimate }) => estimate.expected === null) ? null : sum(({ estimate }) => estimate.expected ?? 0),
    high: sum(({ estimate }) => estimate.high),
    quote: sum(({ quote }) => quote),
  };
}
