// What a call costs in an organization with a plan, a seat, three sources and six caps, beside a simple one of the same gateway in the same run.
//   node test/bench/plans.ts               about two minutes; writes its section of docs/benchmarks.md
//   node test/bench/plans.ts --quick       one short round; writes nothing
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { GatewayKit } from '../kit/gateway.ts';
import { meteredPeer, startMetered } from './metered.ts';
import type { Peer } from './peers.ts';
import { CONNECTIONS, measure, type Plan, type Sample } from './rounds.ts';
import { machine, writeSection } from './section.ts';

const PLAN: Plan = { rounds: 7, firstWarmMs: 5_000, warmMs: 500, measureMs: 2_000 };
const QUICK: Plan = { rounds: 1, firstWarmMs: 1_500, warmMs: 300, measureMs: 1_000 };
const TARGET = 0.95;

const PLANS = `plans:
  team:
    every: month
    pool: 50000000
    seats: { pro: { allowance: 50000000 } }
    draw: [individual, pool, extra]
    extra: { limit: 0, fee: 0.002 USD }
`;
const SCOPES = [
  ['user', 'ann', 'day'],
  ['workspace', 'main', 'week'],
  ['organization', 'acme', 'month'],
  ['service', 'openai', 'hour'],
  ['operation', '*', 'cycle'],
] as const;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const plan = values.quick ? QUICK : PLAN;
const gateway = await startMetered([], `${readFileSync(join(import.meta.dirname, 'rates.yaml'), 'utf8').trimEnd()}\n${PLANS}`);
try {
  const simple = meteredPeer(gateway);
  const peers: Peer[] = [simple, { ...simple, name: 'plans', headers: await headersUnderPlan(gateway, simple.headers) }];
  const { samples } = await measure(peers, plan, () => gateway.upstream.arrived());
  const text = reportText(samples);
  console.log(text);
  if (plan === PLAN) writeSection('Plans and caps', text);
} finally {
  await gateway.close();
}

/** An organization beside the first one, with all that a plan can bring to a call. */
async function headersUnderPlan({ api }: GatewayKit, headers: Peer['headers']): Promise<Peer['headers']> {
  const made = async (path: string, body: object): Promise<{ text?: string }> => {
    const answer = await api('POST', path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as { text?: string };
  };
  await made('organizations', { id: 'acme', plan: 'team', extraLimit: 1_000 });
  await made('users?organization=acme', { id: 'ann', name: 'Ann', workspace: 'main' });
  await made('seats?organization=acme', { id: 'first', type: 'pro', user: 'ann' });
  for (const [kind, id, window] of SCOPES) {
    await made('caps?organization=acme', { id: kind, scope: { kind, id }, window, limit: 100_000_000 });
  }
  const caps = [{ window: 'lifetime', limit: 100_000_000 }];
  const { text } = await made('keys?organization=acme', { id: 'ann', scope: 'spend', user: 'ann', caps });
  return { ...headers, authorization: `Bearer ${text}` };
}

function reportText(samples: readonly Sample[]): string {
  const of = (peer: Peer['name'], connections: number): Sample[] =>
    samples.filter((sample) => sample.peer === peer && sample.connections === connections);
  const rows = CONNECTIONS.map((connections) => {
    const [simple, plans] = [of('tollgate', connections), of('plans', connections)];
    // Round by round, as both were measured one after the other: what else the machine did fell on both.
    const ratio = median(plans.map(({ perSecond }, round) => perSecond / (simple[round]?.perSecond ?? Number.NaN)));
    const rate = (some: readonly Sample[]): string =>
      Math.round(median(some.map(({ perSecond }) => perSecond))).toLocaleString('en');
    const cpu = (some: readonly Sample[]): string => median(some.map(({ processorUs = Number.NaN }) => processorUs)).toFixed(0);
    const reached = ratio >= TARGET ? 'reached' : 'missed';
    return `| ${connections} | ${rate(simple)} | ${rate(plans)} | ${ratio.toFixed(3)} × | ${TARGET} × | ${reached} | ${cpu(simple)} | ${cpu(plans)} |`;
  });
  return `
${machine()}. \`node test/bench/plans.ts\`

| connections | simple, calls/s | with a plan, calls/s | ratio | target | | CPU µs a call, simple | with a plan |
| ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |
${rows.join('\n')}

Method: one gateway process, two keys. The simple one is of an organization without a plan or caps. The other one is a user's: a plan with an
allowance of a seat, a pool and extra credits, six hard caps of six scopes in six kinds of windows, and the two allowances that are watched.
Everything else is as in the section above; the ratio is the median over ${plan.rounds} rounds of what both did one after the other.`;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
