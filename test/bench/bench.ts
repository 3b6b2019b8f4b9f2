// The benchmark: every peer and the gateway side by side in one run, and the table of docs/benchmarks.md.
//   npm run bench                  every peer, about seven minutes
//   npm run bench -- --quick       one short round to see that it works; writes nothing
//   npm run bench -- --profile     the gateway alone, and where its processor time goes
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { GatewayKit } from '../kit/gateway.ts';
import { assertAgreement, readRows, type Rows, type Usage } from './agreement.ts';
import { meteredPeer, startMetered } from './metered.ts';
import { CALL_BODY, startOthers, type Peer } from './peers.ts';
import { byCause, byFunction, byPart, idleShare, readProfile, type SelfTime } from './profile.ts';
import { ratios, reportText } from './report.ts';
import { measure, type Measured, type Plan } from './rounds.ts';
import { writeSection } from './section.ts';

const PLAN: Plan = { rounds: 5, firstWarmMs: 5_000, warmMs: 1_000, measureMs: 4_000 };
const QUICK: Plan = { rounds: 1, firstWarmMs: 1_500, warmMs: 300, measureMs: 1_000 };
const PROFILE: Plan = { rounds: 1, firstWarmMs: 25_000, warmMs: 500, measureMs: 6_000 };

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
});
if (values.profile) await profile();
else await bench(values.quick ? QUICK : PLAN);

async function bench(plan: Plan): Promise<void> {
  const gateway = await startMetered();
  const peers = [meteredPeer(gateway)];
  try {
    peers.push(...(await startOthers(gateway.upstream.origin)));
    const { samples, rows } = await run(gateway, peers, plan);
    const text = reportText(peers, samples, plan, rows);
    console.log(text);
    if (plan === PLAN) writeSection('The paid call', text);
    if (ratios(samples).some(({ reached }) => !reached)) console.log('\nNot every target was reached.');
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
    await gateway.close();
  }
}

async function profile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-profile-'));
  const gateway = await startMetered(['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  try {
    const { samples } = await run(gateway, [meteredPeer(gateway)], PROFILE);
    for (const { connections, processorUs } of samples) {
      console.log(
        `${connections} connections: ${processorUs?.toFixed(0) ?? '?'} µs of processor time a call, all threads, profiler included`,
      );
    }
    const found = readProfile(folder, PROFILE.firstWarmMs);
    console.log(`The main thread had nothing to do in ${(idleShare(found) * 100).toFixed(0)} % of the time.`);
    console.log(`\nSelf time by part\n${lines(byPart(found).slice(0, 25))}`);
    console.log(`\nSelf time by the nearest function of ours\n${lines(byCause(found).slice(0, 50))}`);
    console.log(`\nSelf time by function\n${lines(byFunction(found).slice(0, 60))}`);
  } finally {
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures, ends the gateway, and looks whether its rows agree with what was counted outside. */
async function run(gateway: GatewayKit, peers: readonly Peer[], plan: Plan): Promise<Measured & { rows: Rows }> {
  let usage: Usage | undefined;
  for (const peer of peers) usage = (await firstAnswer(peer)).usage;
  const measured = await measure(peers, plan, () => gateway.upstream.arrived());
  await gateway.end();
  const rows = await readRows(gateway.storeFile);
  const { answered = 0, upstream = 0 } = measured.counts['tollgate'] ?? {};
  // The first answer was a call too.
  if (usage !== undefined) assertAgreement(answered + 1, upstream + 1, rows, usage);
  return { ...measured, rows };
}

/** One call, to see that every peer gives back the upstream's own answer. */
async function firstAnswer({ name, url, headers }: Peer): Promise<{ usage: Usage }> {
  const answer = await fetch(url, { method: 'POST', headers, body: CALL_BODY });
  const body = (await answer.json()) as { id?: string; usage: Usage };
  if (answer.status !== 200 || body.id !== 'chatcmpl-bench') throw new Error(`${name}: ${answer.status} ${JSON.stringify(body)}`);
  return body;
}

function lines(times: readonly SelfTime[]): string {
  return times
    .map(({ name, ms, share }) => `${(share * 100).toFixed(1).padStart(5)} % ${ms.toFixed(0).padStart(7)} ms  ${name}`)
    .join('\n');
}
