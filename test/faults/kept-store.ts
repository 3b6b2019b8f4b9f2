// A stopped gateway's store, kept aside so that one fault after another can be done to it.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { GatewayKit } from '../kit/gateway.ts';
import { withDatabase } from '../hammer/ledger-rows.ts';

export interface KeptStore {
  /** Puts everything back as it was kept. */
  restore(): void;
}

const SUFFIXES = ['', '-wal', '.mark'] as const;

/** Copies the store's files; with `at` into a folder of that name, for more than one. The gateway must not run, or the copy is a torn one. */
export function keepStore(kit: GatewayKit, at: string, suffixes: readonly (typeof SUFFIXES)[number][] = SUFFIXES): KeptStore {
  const folder = join(kit.folder, at);
  mkdirSync(folder, { recursive: true });
  const copy = (from: string, to: string): void => {
    for (const suffix of suffixes) {
      rmSync(`${to}${suffix}`, { force: true });
      if (existsSync(`${from}${suffix}`)) copyFileSync(`${from}${suffix}`, `${to}${suffix}`);
    }
  };
  const kept = join(folder, 'tollgate.db');
  copy(kit.storeFile, kept);
  return {
    restore: () => {
      // It belongs to the WAL and is made anew from it.
      rmSync(`${kit.storeFile}-shm`, { force: true });
      copy(kept, kit.storeFile);
    },
  };
}

export interface Run {
  /** Null where it was still running and was ended: a gateway that started. */
  code: number | null;
  output: string;
}

const MAIN = join(import.meta.dirname, '../../gateway/src/main.ts');
const RUNS_AT_MOST_MS = 30_000;

/** Runs a command of the command line. One that prints its address is a gateway that started: it is then ended with `SIGTERM`. */
export function runTollgate(kit: GatewayKit, ...args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args, '--config', kit.configFile, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let started = false;
    const timer = setTimeout(() => child.kill('SIGKILL'), RUNS_AT_MOST_MS);
    const read = (piece: Buffer): void => {
      output += piece.toString();
      if (started || !output.includes('"url":')) return;
      started = true;
      child.kill('SIGTERM');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: started ? null : code, output });
    });
  });
}

/** Every row of every table, as text: two stores with the same dump hold the same. */
export async function dumpStore(file: string): Promise<string> {
  return await withDatabase(file, async (all) => {
    const tables = await all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    const dumped = [];
    for (const { name } of tables) dumped.push([name, await all(`SELECT * FROM ${name} ORDER BY 1, 2`)]);
    return JSON.stringify(dumped);
  });
}
