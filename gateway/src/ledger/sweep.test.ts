import { expect, test, vi } from 'vitest';
import type { Command } from './commands.ts';
import { LedgerUnavailable, type Ledger } from './ledger.ts';
import { startSweep, type SweepOptions } from './sweep.ts';

interface Scene {
  ran: Command[];
  due: string[];
  waiting: number;
  ms: number;
  fails: boolean;
  ledger: Ledger;
  options: SweepOptions;
  store: { lapsed: () => Promise<string[]>; expired: () => Promise<string[]>; forgetClaims: () => Promise<number> };
}

function scene(): Scene {
  const ran: Command[] = [];
  const made: Scene = {
    ran,
    due: ['c1', 'c2'],
    waiting: 0,
    ms: 0,
    fails: false,
    ledger: {
      run: (command: Command) => {
        if (made.fails) return Promise.reject(new LedgerUnavailable('down'));
        ran.push(command);
        return Promise.resolve({ ok: true });
      },
      now: () => 5_000,
    } as unknown as Ledger,
    options: {
      leaseMs: 100,
      everyMs: 1_000_000,
      settlesWaiting: () => made.waiting,
      log: { warn: vi.fn<() => void>(), error: vi.fn<() => void>() },
      monotonicMs: () => made.ms,
    },
    store: {
      lapsed: () => Promise.resolve(made.due),
      expired: () => Promise.resolve(['pool:a']),
      forgetClaims: () => Promise.resolve(0),
    },
  };
  return made;
}

const lapses = ({ ran }: Scene): number => ran.filter(({ type }) => type === 'lapse').length;

test('lapses what is overdue and expires what has expired, at once and on request', async () => {
  const at = scene();
  const sweep = startSweep(at.ledger, at.store, at.options);
  await sweep.now();
  expect(at.ran.map(({ type }) => type)).toEqual(['lapse', 'lapse', 'expire', 'lapse', 'lapse', 'expire']);
  await sweep.stop();
});

test('nothing lapses while known settles wait, nor for one lease after that', async () => {
  const at = scene();
  at.waiting = 1;
  const sweep = startSweep(at.ledger, at.store, at.options);
  await sweep.now();
  at.waiting = 0;
  at.ms = 99;
  await sweep.now();
  expect(lapses(at)).toBe(0);
  at.ms = 100;
  await sweep.now();
  expect(lapses(at)).toBe(2);
  await sweep.stop();
});

test('an outage of the ledger starts leases anew', async () => {
  const at = scene();
  at.fails = true;
  const sweep = startSweep(at.ledger, at.store, at.options);
  await sweep.now();
  at.fails = false;
  at.ms = 50;
  sweep.outage();
  at.ms = 149;
  await sweep.now();
  expect(lapses(at)).toBe(0);
  at.ms = 150;
  await sweep.now();
  expect(lapses(at)).toBe(2);
  await sweep.stop();
});

test('two sweeps never run at once', async () => {
  const at = scene();
  let running = 0;
  let most = 0;
  at.store.lapsed = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return [];
  };
  const sweep = startSweep(at.ledger, at.store, at.options);
  await Promise.all([sweep.now(), sweep.now(), sweep.now()]);
  expect(most).toBe(1);
  await sweep.stop();
});

test('cycles turn before what only expires, and everything that is due goes in one sweep', async () => {
  const at = scene();
  const accounts = ['user:1', 'user:2', 'user:3', 'user:4', 'user:5'];
  const order: string[] = [];
  at.store.expired = () => Promise.resolve(accounts.slice(0, 2));
  at.ledger.run = ((command: Command) => {
    order.push(command.type === 'expire' ? command.account : command.type);
    if (command.type !== 'expire') return Promise.resolve({ ok: true });
    accounts.splice(accounts.indexOf(command.account), 1);
    return Promise.resolve({ ok: true, expired: 7 });
  }) as Ledger['run'];
  at.due = [];
  at.options.most = 2;
  at.options.turn = () => Promise.resolve(void order.push('turn'));
  const sweep = startSweep(at.ledger, at.store, at.options);
  await sweep.stop();
  expect(order).toEqual(['turn', 'user:1', 'user:2']);
  const again = startSweep(at.ledger, at.store, at.options);
  await again.now();
  expect(order.slice(3)).toEqual(['turn', 'user:3', 'user:4', 'user:5', 'turn']);
  await again.stop();
});

test('an account that can not expire is logged, keeps nobody else waiting, and is not tried for ever', async () => {
  const at = scene();
  at.store.expired = () => Promise.resolve(['user:1', 'user:2']);
  let tries = 0;
  at.ledger.run = ((command: Command) => {
    if (command.type !== 'expire') return Promise.resolve({ ok: true });
    tries += 1;
    return command.account === 'user:1' ? Promise.reject(new Error('a bug')) : Promise.resolve({ ok: true, expired: 0 });
  }) as Ledger['run'];
  at.options.most = 2;
  const sweep = startSweep(at.ledger, at.store, at.options);
  await sweep.now();
  await sweep.stop();
  expect(tries).toBe(4);
  expect(at.options.log.error).toHaveBeenCalledWith({ account: 'user:1', error: 'Error: a bug' }, 'an account could not expire');
});
