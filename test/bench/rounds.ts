// The measuring: every peer in turn, several rounds, so that what else happens on the machine falls on all of them alike.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { processorMs } from './child.ts';
import type { Load, LoadJob } from './load.ts';
import { CALL_BODY, type Peer, type PeerName } from './peers.ts';

export const CONNECTIONS = [8, 32, 128] as const;
export type Connections = (typeof CONNECTIONS)[number];

export interface Plan {
  rounds: number;
  /** Before the first round: each peer until its code is hot. */
  firstWarmMs: number;
  /** Before each measurement. */
  warmMs: number;
  measureMs: number;
}

/** One peer, one number of connections, one round. */
export interface Sample extends Load {
  peer: PeerName;
  connections: Connections;
  /** Processor time of the peer's process for one call, all its threads, microseconds; undefined where it can not be read. */
  processorUs: number | undefined;
}

export interface Measured {
  samples: Sample[];
  /** Calls that each peer was sent, and answered with 200, and calls that the upstream saw meanwhile: all three must agree. */
  counts: Record<string, { answered: number; upstream: number }>;
}

/** @throws where a peer answered anything but 200, lost a call, or the upstream saw another number of calls than were answered. */
export async function measure(peers: readonly Peer[], plan: Plan, upstreamCount: () => Promise<number>): Promise<Measured> {
  const generator = fork(join(import.meta.dirname, 'load.ts'));
  const measured: Measured = { samples: [], counts: {} };
  const run = async (peer: Peer, connections: Connections, warmMs: number, measureMs: number): Promise<void> => {
    const seenBefore = await upstreamCount();
    const usedBefore = processorMs(peer.pid);
    const { url, headers } = peer;
    const load = await ask(generator, { url, headers, body: CALL_BODY, connections, warmMs, measureMs });
    const used = processorMs(peer.pid);
    const answered = allOk(peer, load);
    const upstream = (await upstreamCount()) - seenBefore;
    if (upstream !== answered) throw new Error(`${peer.name}: ${answered} calls were answered, the upstream saw ${upstream}`);
    const counts = (measured.counts[peer.name] ??= { answered: 0, upstream: 0 });
    counts.answered += answered;
    counts.upstream += upstream;
    if (measureMs === 0) return;
    const processorUs = used === undefined || usedBefore === undefined ? undefined : ((used - usedBefore) * 1000) / answered;
    measured.samples.push({ peer: peer.name, connections, processorUs, ...load });
  };
  try {
    for (const peer of peers) await run(peer, 32, plan.firstWarmMs, 0);
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const connections of CONNECTIONS) {
        for (const peer of inTurn(peers, round)) await run(peer, connections, plan.warmMs, plan.measureMs);
      }
      console.log(`round ${round + 1} of ${plan.rounds}: ${line(measured.samples.slice(-peers.length * CONNECTIONS.length))}`);
    }
  } finally {
    generator.disconnect();
  }
  return measured;
}

async function ask(generator: ChildProcess, job: LoadJob): Promise<Load> {
  return await new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the load generator ended'));
    generator.once('exit', ended);
    generator.once('message', (load: Load) => {
      generator.off('exit', ended);
      resolve(load);
    });
    generator.send(job);
  });
}

function allOk({ name }: Peer, { answers, errors }: Load): number {
  const { 200: ok = 0, ...others } = answers;
  if (errors > 0 || Object.keys(others).length > 0) {
    throw new Error(`${name}: ${errors} connections broke, answers beside 200: ${JSON.stringify(others)}`);
  }
  return ok;
}

/** Each round begins with another peer, so that none always follows the same one. */
function inTurn(peers: readonly Peer[], round: number): Peer[] {
  const first = round % peers.length;
  return [...peers.slice(first), ...peers.slice(0, first)];
}

function line(samples: readonly Sample[]): string {
  const names = [...new Set(samples.map(({ peer }) => peer))].sort();
  return names
    .map((name) => {
      const rates = samples
        .filter(({ peer }) => peer === name)
        .map(({ perSecond }) => Math.round(perSecond).toLocaleString('en'));
      return `${name} ${rates.join(' · ')}`;
    })
    .join(' | ');
}
