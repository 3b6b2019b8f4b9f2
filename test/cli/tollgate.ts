// Runs the command line: in this process, with what it prints taken down, or as a process of its own where the process itself is tested.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { vi } from 'vitest';
import { runCommandLine } from '../../gateway/src/cli/command-line.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** The answer of a command with --json. */
  // oxlint-disable-next-line typescript/no-explicit-any
  json(): any;
}

export async function tollgate(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const printed = { out: '', err: '' };
  const takeDown = (name: 'out' | 'err'): ((piece: unknown) => boolean) => {
    return (piece) => {
      printed[name] += String(piece);
      return true;
    };
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(takeDown('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(takeDown('err')),
  ];
  try {
    const code = await runCommandLine(args, { PATH: process.env['PATH'], ...environment });
    return { code, ...printed, json: () => JSON.parse(printed.out) as unknown };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Every command, groups left out: `['keys', 'create']`. */
export async function everyCommand(group: readonly string[] = []): Promise<string[][]> {
  const { out } = await tollgate([...group, '--help']);
  const [, listed] = out.split('Commands:');
  if (listed === undefined) return [[...group]];
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  const below: string[][] = [];
  for (const name of names) below.push(...(await everyCommand([...group, name])));
  return below;
}

const MAIN = join(import.meta.dirname, '../../gateway/src/main.ts');

export async function tollgateProcess(args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err, json: () => JSON.parse(out) as unknown };
}
