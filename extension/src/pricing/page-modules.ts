// Bubbles: what each module of one run of a scenario has cost, added up from the run's calls.
import { calls as callsShape } from '@tollgate/shared/contract';
import type { FromTags, ToTags } from '../tag-messages.ts';
import { askGateway } from '../worker/gateway.ts';
import type { Call } from './chain-tree.ts';
import { moduleWords } from './cost-words.ts';
import { inTurn } from './in-turn.ts';
import { lookAgain } from './look-again.ts';

type Asked = Pick<Extract<FromTags, { type: 'modules' }>, 'scenario' | 'run' | 'modules'>;
type Shown = Extract<ToTags, { type: 'bubbles' }>;

export interface PageModules {
  take: (asked: Asked) => void;
  receipt: (call: Pick<Call, 'labels'>) => void;
  again: () => void;
  close: () => void;
}

const TOGETHER_MS = 100;
const SCENARIOS_MOST = 20;
const PAGES_MOST = 10;

/** @param pairings in the order in which they are asked; the first that knows calls of the scenario tells */
export function createPageModules(tab: number, pairings: () => readonly string[], show: (shown: Shown) => void): PageModules {
  const asked = new Map<string, Asked>();
  const looks = lookAgain(look);
  let isClosed = false;

  async function look(scenario: string): Promise<null> {
    const one = asked.get(scenario);
    if (one === undefined) return null;
    for (const pairing of pairings()) {
      const calls = await inTurn(tab, async () => (isClosed ? [] : callsOfRun(pairing, one)));
      if (calls.length === 0) continue;
      if (!isClosed && asked.get(scenario) === one) show({ type: 'bubbles', scenario, modules: modulesOf(one, calls) });
      return null;
    }
    if (!isClosed) show({ type: 'bubbles', scenario, modules: {} });
    return null;
  }

  return {
    take: (one) => {
      if (!asked.has(one.scenario) && asked.size >= SCENARIOS_MOST) return;
      asked.set(one.scenario, one);
      looks.plan(one.scenario, TOGETHER_MS);
    },
    receipt: ({ labels }) => {
      const { scenario } = labels;
      if (scenario !== undefined && asked.has(scenario)) looks.plan(scenario, TOGETHER_MS);
    },
    again: () => {
      for (const scenario of asked.keys()) looks.plan(scenario, TOGETHER_MS);
    },
    close: () => {
      isClosed = true;
      looks.close();
    },
  };
}

function modulesOf({ modules }: Asked, calls: readonly Call[]): Shown['modules'] {
  const byModule = Map.groupBy(calls, ({ labels }) => labels['module'] ?? '');
  return Object.fromEntries(
    modules.flatMap((name) => {
      const ofIt = byModule.get(name);
      return ofIt === undefined ? [] : [[name, moduleWords(ofIt)] as const];
    }),
  );
}

async function callsOfRun(pairing: string, { scenario, run }: Asked): Promise<readonly Call[]> {
  const of = run ?? (await newestRun(pairing, scenario));
  if (of === null) return [];
  const calls: Call[] = [];
  let before: string | null = null;
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const query: Record<string, string | number> = { scenario, run: of, limit: 1_000, ...(before === null ? {} : { before }) };
    const answer = await askGateway(pairing, 'GET', 'calls', { answer: callsShape, query });
    if (!answer.ok) break;
    calls.push(...answer.body.calls);
    before = answer.body.next;
    if (before === null) break;
  }
  return calls;
}

async function newestRun(pairing: string, scenario: string): Promise<string | null> {
  const answer = await askGateway(pairing, 'GET', 'calls', { answer: callsShape, query: { scenario, limit: 1 } });
  return answer.ok ? (answer.body.calls[0]?.labels['run'] ?? null) : null;
}
