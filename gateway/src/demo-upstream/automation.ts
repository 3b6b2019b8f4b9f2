// An automation with modules: each calls one API through the gateway, and what they cost belongs to the scenario, its run and the module. Runs
// are kept in memory.
import type { CallGateway } from './app-call.ts';
import { keepNewest } from './keep-newest.ts';

const RUNS_MAX = 200;
const SHOWN_MAX = 20;
const SCENARIO = 'weekly-leads';

export interface Run {
  run: string;
  scenario: string;
  account: string;
  /** ISO 8601. */
  startedAt: string;
  state: 'runs' | 'done' | 'failed';
  modules: ModuleRun[];
}

interface ModuleRun {
  module: string;
  state: 'waits' | 'runs' | 'done' | 'failed';
  callId: string | null;
  /** What came of it, or what went wrong. */
  message: string;
}

/** What a module leaves for those after it. */
interface Found {
  ids: string[];
  matched: number;
}

interface Module {
  name: string;
  path: string;
  body: (found: Found) => object;
  /** @returns what came of it, for the history */
  take: (json: Readonly<Record<string, unknown>>, found: Found) => string;
}

const MODULES: readonly Module[] = [
  {
    name: 'Search companies',
    path: '/records/v1/businesses',
    body: () => ({ page_size: 10, filters: { industry: 'Logistics' } }),
    take: ({ data }, found) => {
      found.ids = (data as { business_id: string }[]).map(({ business_id: id }) => id).slice(0, 5);
      return `${(data as unknown[]).length} companies`;
    },
  },
  {
    name: 'Enrich companies',
    path: '/records/v1/businesses/enrich',
    body: ({ ids }) => ({ business_ids: ids }),
    take: ({ total_found: count }) => `${String(count)} enriched`,
  },
  {
    name: 'Match people',
    path: '/records/v1/prospects/match',
    body: ({ ids }) => ({ prospects_to_match: ids.map((id) => ({ company: id, title: 'Head of operations' })) }),
    take: ({ total_matches: count }, found) => {
      found.matched = Number(count);
      return `${String(count)} people`;
    },
  },
  {
    name: 'Score leads',
    path: '/openai/v1/chat/completions',
    body: ({ matched }) => ({
      model: 'gpt-4o-mini',
      max_completion_tokens: 300,
      messages: [{ role: 'user', content: `Score ${matched} leads in logistics from 1 to 10.` }],
    }),
    take: () => 'scored',
  },
  {
    name: 'Write summary',
    path: '/anthropic/v1/messages',
    body: ({ matched }) => ({
      model: 'claude-sonnet-5',
      max_tokens: 300,
      messages: [{ role: 'user', content: `Summarise the week's ${matched} leads.` }],
    }),
    take: () => 'written',
  },
];

export interface Automation {
  /** Starts a run and comes back at once; the run goes on. */
  start(account: string, call: CallGateway): Run;
  /** The newest first. */
  runs(account: string): readonly Run[];
  find(run: string): Run | undefined;
}

/** @param newRun makes the id of a run */
export function automation(now: () => number, newRun: () => string): Automation {
  const runs = new Map<string, Run>();
  return {
    start: (account, call) => {
      const modules = MODULES.map(({ name }): ModuleRun => ({ module: name, state: 'waits', callId: null, message: '' }));
      const startedAt = new Date(now()).toISOString();
      const run: Run = { run: newRun(), scenario: SCENARIO, account, startedAt, state: 'runs', modules };
      runs.set(run.run, run);
      keepNewest(runs, RUNS_MAX);
      void play(run, call).catch(() => {
        run.state = 'failed';
      });
      return run;
    },
    runs: (account) =>
      [...runs.values()]
        .filter((run) => run.account === account)
        .reverse()
        .slice(0, SHOWN_MAX),
    find: (run) => runs.get(run),
  };
}

/** One module after the other; the first that fails ends the run. */
async function play(run: Run, call: CallGateway): Promise<void> {
  const found: Found = { ids: [], matched: 0 };
  for (const [place, { name, path, body, take }] of MODULES.entries()) {
    const module = run.modules[place];
    if (module === undefined) return;
    module.state = 'runs';
    const labels = { scenario: run.scenario, module: name, run: run.run };
    const answer = await call({ path, body: body(found), labels });
    module.callId = answer.callId;
    module.state = answer.ok ? 'done' : 'failed';
    module.message = answer.ok ? take(answer.json, found) : answer.message;
    if (answer.ok) continue;
    run.state = 'failed';
    return;
  }
  run.state = 'done';
}
