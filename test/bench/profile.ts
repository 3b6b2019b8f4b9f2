// Where the gateway's processor time goes: reads what `node --cpu-prof` wrote and adds up self time.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  nodes: readonly ProfileNode[];
  samples: readonly number[];
  /** Microseconds between two samples. */
  timeDeltas: readonly number[];
}

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: readonly number[];
}

export interface SelfTime {
  name: string;
  ms: number;
  /** Of the time that was not idle. */
  share: number;
}

/**
 * @param folder what `--cpu-prof-dir` named
 * @param skipMs of its beginning: the start, and the time until the code is hot
 * @throws where no profile was written
 */
export function readProfile(folder: string, skipMs: number): CpuProfile {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the gateway wrote no profile');
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  let passedUs = 0;
  const from = timeDeltas.findIndex((us) => (passedUs += us) > skipMs * 1000);
  return { nodes, samples: samples.slice(from), timeDeltas: timeDeltas.slice(from) };
}

/** Share of the time in which the main thread had nothing to do. */
export function idleShare({ nodes, samples, timeDeltas }: CpuProfile): number {
  const idle = nodes.find(({ callFrame }) => callFrame.functionName === '(idle)')?.id;
  let idleUs = 0;
  let allUs = 0;
  for (const [index, us] of timeDeltas.entries()) {
    allUs += us;
    if (samples[index] === idle) idleUs += us;
  }
  return idleUs / allUs;
}

/** Self time by function, most first. */
export function byFunction(profile: CpuProfile): SelfTime[] {
  return addUp(profile, namesOf(profile, functionOf));
}

/** Self time by part: a folder of ours, a package, a module of Node. */
export function byPart(profile: CpuProfile): SelfTime[] {
  return addUp(
    profile,
    namesOf(profile, ({ callFrame: { functionName, url } }) => {
      const where = placeOf(url);
      if (where === '') return functionName.startsWith('(') ? functionName : '(built in)';
      return where.startsWith('node:') ? where : where.split('/').slice(0, -1).join('/') || where;
    }),
  );
}

/** Self time by the nearest caller that is ours, so that what Node and packages do on its behalf counts as its own. */
export function byCause(profile: CpuProfile): SelfTime[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const names = namesOf(profile, functionOf);
  // Callers come before what they call.
  for (const node of profile.nodes) {
    for (const id of node.children ?? []) {
      const child = nodes.get(id);
      if (child !== undefined && !isOurs(child))
        names.set(id, isOurs(node) || !isRoot(node) ? (names.get(node.id) ?? '') : functionOf(child));
    }
  }
  return addUp(profile, names);
}

function isOurs({ callFrame: { url } }: ProfileNode): boolean {
  return /^(?:gateway|shared)\//.test(placeOf(url));
}

function isRoot({ callFrame: { functionName } }: ProfileNode): boolean {
  return functionName === '(root)';
}

function functionOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const where = placeOf(url);
  return `${functionName === '' ? '(anonymous)' : functionName}${where === '' ? '' : `  ${where}:${lineNumber + 1}`}`;
}

function namesOf({ nodes }: CpuProfile, nameOf: (node: ProfileNode) => string): Map<number, string> {
  return new Map(nodes.map((node) => [node.id, nameOf(node)]));
}

function addUp({ samples, timeDeltas }: CpuProfile, names: ReadonlyMap<number, string>): SelfTime[] {
  const sums = new Map<string, number>();
  let busyUs = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    const us = timeDeltas[index] ?? 0;
    if (name === '(idle)') continue;
    busyUs += us;
    sums.set(name, (sums.get(name) ?? 0) + us);
  }
  return [...sums].map(([name, us]) => ({ name, ms: us / 1000, share: us / busyUs })).sort((a, b) => b.ms - a.ms);
}

/** `gateway/src/call/forward.ts`, `httpxy/dist/index.mjs`, `node:_http_outgoing`. */
function placeOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  const parts = url.split('/node_modules/');
  return parts.length > 1 ? (parts.at(-1) ?? '') : (/(?:gateway|shared)\/src\/.*/.exec(url)?.[0] ?? url);
}
