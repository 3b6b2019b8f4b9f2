// Ways to make a store fail from outside the gateway, and whether this machine lets one do it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import type { GatewayKit } from '../kit/gateway.ts';
import type { Outage } from './outage.ts';

/** Another process's write lock: what a shell that forgot its transaction does. */
export function lockedOut(): Outage {
  let database: sqlite3.Database | undefined;
  return {
    begin: async (kit) => {
      const opened = new sqlite3.Database(kit.storeFile);
      opened.configure('busyTimeout', 10_000);
      database = opened;
      await new Promise<void>((resolve, reject) =>
        opened.exec('BEGIN EXCLUSIVE', (error) => (error === null ? resolve() : reject(error))),
      );
    },
    end: async () => {
      const opened = database;
      database = undefined;
      if (opened !== undefined) await new Promise<void>((resolve) => opened.close(() => resolve()));
    },
  };
}

/** A file system that fills up; undefined where none can be mounted. */
export function smallDisk(): (Outage & { remove(): void }) | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-disk-'));
  if (!succeeds('mount', '-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder)) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    storeFile: join(folder, 'tollgate.db'),
    // It stays full: what is freed below is at once taken again.
    begin: () => {
      for (let bytes = 64 * 1_048_576; bytes >= 4_096; bytes = Math.floor(bytes / 2)) {
        spawnSync('sh', ['-c', `head -c ${bytes} /dev/zero >> ${filler}`], { stdio: 'ignore' });
      }
    },
    end: () => rmSync(filler, { force: true }),
    remove: () => {
      succeeds('umount', folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A limit on the size of the gateway's files, for where no disk can be mounted: its writes fail as those on a full disk do. */
export function fileLimit(): Outage | undefined {
  if (!succeeds('prlimit', '--version')) return undefined;
  const limit = (kit: GatewayKit, bytes: string): void =>
    void succeeds('prlimit', '--pid', String(kit.pid()), `--fsize=${bytes}:unlimited`);
  return {
    begin: (kit) => limit(kit, String(existsSync(`${kit.storeFile}-wal`) ? statSync(`${kit.storeFile}-wal`).size : 4_096)),
    end: (kit) => limit(kit, 'unlimited'),
  };
}

/** Files that may not be written any more; undefined where the file system or the user can not do that to an open file. */
export function readOnlyFiles(): Outage | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-attr-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const possible = succeeds('chattr', '+i', file) && succeeds('chattr', '-i', file);
  rmSync(folder, { recursive: true });
  if (!possible) return undefined;
  const files = (kit: GatewayKit): string[] => [kit.storeFile, `${kit.storeFile}-wal`];
  return {
    begin: (kit) => void succeeds('chattr', '+i', ...files(kit)),
    end: (kit) => void succeeds('chattr', '-i', ...files(kit)),
  };
}

/** The disk answers EIO to every flush: needs strace, and the right to trace. */
export function failingFlushes(): Outage | undefined {
  if (!succeeds('strace', '-V')) return undefined;
  let tracer: ReturnType<typeof startTracer> | undefined;
  return {
    begin: (kit) => {
      tracer = startTracer(kit.pid());
    },
    end: async () => {
      await tracer?.stop();
    },
  };
}

function startTracer(pid: number): { stop(): Promise<void> } {
  const child = spawn('strace', ['-f', '-qq', '-o', '/dev/null', '-p', String(pid), '-e', 'inject=fsync,fdatasync:error=EIO'], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  return {
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
