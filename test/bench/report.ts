// The table of the benchmark, and the ratios that the project promises.
import { CONNECTIONS, type Connections, type Plan, type Sample } from './rounds.ts';
import type { Peer, PeerName } from './peers.ts';
import type { Rows } from './agreement.ts';
import { machine } from './section.ts';

export interface Ratio {
  what: string;
  /** `1.14 ×`, `0.9 ms` */
  found: string;
  target: string;
  reached: boolean;
}

/** The promised ratios, from the medians over the rounds. */
export function ratios(samples: readonly Sample[]): Ratio[] {
  const rate = (peer: PeerName, connections: Connections): number => median(samples, peer, connections, 'perSecond');
  const timesStock = (connections: Connections): number => rate('tollgate', connections) / rate('stock', connections);
  const added = (what: 'p50Ms' | 'p99Ms'): number => median(samples, 'tollgate', 8, what) - median(samples, 'stock', 8, what);
  const times = (what: string, value: number, least?: number): Ratio => ({
    what,
    found: `${value.toFixed(2)} ×`,
    target: least === undefined ? '' : `≥ ${least} ×`,
    reached: value >= (least ?? 0),
  });
  const late = (what: string, valueMs: number, mostMs: number): Ratio => ({
    what,
    found: `${valueMs.toFixed(2)} ms`,
    target: `≤ ${mostMs} ms`,
    reached: valueMs <= mostMs,
  });
  return [
    times('Throughput against the stock proxy, 128 connections', timesStock(128), 1.1),
    times('Throughput against the stock proxy, 32 connections', timesStock(32), 0.9),
    times('Throughput against the stock proxy, 8 connections', timesStock(8)),
    times('Throughput against Portkey, 32 connections', rate('tollgate', 32) / rate('portkey', 32), 4),
    late('Added latency over the stock proxy, 8 connections, median', added('p50Ms'), 1.5),
    late('Added latency over the stock proxy, 8 connections, 99th percentile', added('p99Ms'), 8),
  ];
}

function median(
  samples: readonly Sample[],
  peer: PeerName,
  connections: Connections,
  of: 'perSecond' | 'p50Ms' | 'p99Ms' | 'processorUs',
): number {
  const values = samples
    .filter((sample) => sample.peer === peer && sample.connections === connections)
    .map((sample) => sample[of] ?? Number.NaN);
  values.sort((a, b) => a - b);
  const middle = (values.length - 1) / 2;
  return ((values[Math.floor(middle)] ?? Number.NaN) + (values[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** As Markdown, without a heading. */
export function reportText(peers: readonly Peer[], samples: readonly Sample[], plan: Plan, rows: Rows): string {
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const table = peers.map(({ name }) => [
    name,
    ...CONNECTIONS.map((connections) => whole(median(samples, name, connections, 'perSecond'))),
    median(samples, name, 8, 'p50Ms').toFixed(2),
    median(samples, name, 8, 'p99Ms').toFixed(2),
    whole(median(samples, name, 128, 'processorUs')),
  ]);
  const head = CONNECTIONS.map((connections) => `calls/s, ${connections} connections`);
  const ratioRows = ratios(samples).map(({ what, found, target, reached }) => [
    what,
    found,
    target,
    target === '' ? '' : reached ? 'reached' : 'missed',
  ]);
  const { rounds, firstWarmMs, warmMs, measureMs } = plan;
  return `
${machine()}. \`npm run bench\`

${markdown(['', ...head, 'p50 ms at 8', 'p99 ms at 8', 'CPU µs a call at 128'], table)}

${markdown(['', 'found', 'target', ''], ratioRows)}

${peers.map(({ name, what }) => `- **${name}**: ${what}`).join('\n')}

Method: every peer is a process of its own on the loopback interface, in front of the same upstream process, which answers a constant
chat completion with usage. Each gets the same POST of about 600 bytes from a load generator of bare sockets in its own process; all of them
share the cores above. Each peer is warmed for ${firstWarmMs / 1000} s at first. Then come ${rounds} rounds; in each, for 8, 32 and 128
connections, every peer in turn is warmed for ${warmMs / 1000} s and measured for ${measureMs / 1000} s, each round beginning with another
peer. The tables show medians over the rounds. CPU is the processor time of the peer's own process with all its threads.

The work was real: in this run the gateway answered ${whole(rows.calls)} calls with 200; the upstream counted as many arrivals, and
the gateway's store holds as many settled calls and as many charges, ${whole(rows.charged)} microcredits in all, which is what the
usage in the answers comes to. The run fails where one of these numbers differs, or where any peer answers anything but 200.`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
