// Plays steps against a ledger and the model side by side and tells the first thing that differs.
import { AssertionError } from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Ledger, LedgerStore } from '../../gateway/src/ledger/ledger.ts';
import type { Rows } from '../kit/memory-store.ts';
import { openModel } from './model.ts';
import { accountOf, availableOf, freeOf, isOver } from './books.ts';
import type { Books } from './books.ts';
import type { Step } from './generate.ts';
import { difference, plain, rowsOfModel, rowsOfStore } from './plain.ts';
import { brokenRule } from './invariants.ts';

/** A ledger under test. `rows` gives every row that it has made durable. */
export interface Subject {
  ledger: Ledger;
  store: LedgerStore;
  rows(): Promise<Rows>;
  /** The invariant that its rows break, checked after each step; left out where reading all rows takes long. */
  broken?(): Promise<string | undefined>;
  /** Closes it and opens it again over what it has made durable. */
  restart(): Promise<Subject>;
  close(): Promise<void>;
}

/** Opens an empty ledger with this clock. */
export type Opens = (now: () => number) => Promise<Subject>;

export interface Play {
  /** The next step, made with a look at the model's books, or undefined at the end. */
  next: (books: Books, now: number) => Step | undefined;
  /** All rows are compared after every so many steps, and at the end. */
  rowsEvery: number;
  /** It is restarted after every so many steps, and all rows are compared again; 0 never. */
  restartEvery: number;
}

/** Some Monday, five milliseconds before a full hour. */
const START = Date.UTC(2026, 10, 2, 10) - 5;

const VIEWS = [['pool:a'], ['pool:b', 'user:u', 'pool:a']];

/** Plays to the end or to the first difference. Returns what differed, and every step that was played. */
export async function play(
  open: Opens,
  { next, rowsEvery, restartEvery }: Play,
): Promise<{ steps: Step[]; failure: string | undefined }> {
  const model = openModel();
  const steps: Step[] = [];
  let at = START;
  let subject = await open(() => at);
  let failure: string | undefined;
  for (let step = next(model.books, at); step !== undefined && failure === undefined; step = next(model.books, at)) {
    steps.push(step);
    at += step.waitMs;
    try {
      failure = await compareStep(subject, model.books, step, model.run, at);
      failure ??= await subject.broken?.();
      if (failure === undefined && steps.length % rowsEvery === 0) failure = await compareRows(subject, model.books, at);
      if (restartEvery > 0 && steps.length % restartEvery === 0) {
        subject = await subject.restart();
        failure ??= await compareRows(subject, model.books, at);
      }
    } catch (error) {
      failure = `threw: ${inspect(error)}`;
    }
  }
  try {
    failure ??= await compareRows(subject, model.books, at);
    await subject.close();
  } catch (error) {
    failure ??= `threw at the end: ${inspect(error)}`;
  }
  return { steps, failure };
}

type Runs = ReturnType<typeof openModel>['run'];

async function compareStep(subject: Subject, books: Books, step: Step, run: Runs, at: number): Promise<string | undefined> {
  const [first] = step.commands;
  const rehearsed =
    step.commands.length === 1 && first !== undefined ? await outcomeOf(() => subject.ledger.rehearse(first)) : undefined;
  const outcomes = await Promise.all(step.commands.map((command) => outcomeOf(() => subject.ledger.run(command))));
  const otherwise = rehearsed === undefined ? undefined : difference(rehearsed, outcomes[0], `rehearsal of ${first?.type}`);
  if (otherwise !== undefined) return otherwise;
  for (const [index, command] of step.commands.entries()) {
    const expected = plain(run(command, at));
    const found = difference(expected, plain(outcomes[index]), `outcome of ${command.type}`);
    if (found !== undefined) return `${found}\n  command ${JSON.stringify(command)}\n  expected ${JSON.stringify(expected)}`;
  }
  for (const sources of VIEWS) {
    const standing = await subject.ledger.standing(sources);
    const found = difference(standingOf(books, sources, at), plain(standing), `standing of ${sources.join(' ')}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A failed assertion is an outcome too: a bug of one caller must not take the others of its batch with it. */
async function outcomeOf(run: () => Promise<object>): Promise<object> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AssertionError) return { bug: true };
    throw error;
  }
}

/** What a standing must say: read without a write, so what has expired but was not swept yet is not available either (rule 19). */
function standingOf(books: Books, sources: readonly string[], at: number): unknown {
  const each = sources.map((account) => {
    return { account, available: availableOf(books, [account], at), held: accountOf(books, account).held };
  });
  const alive = books.grants.filter(
    (grant) => sources.includes(grant.account) && !isOver(grant, at) && grant.spent + grant.ended < grant.amount,
  );
  const nextExpiryAt = alive.reduce<number | null>(
    (least, { expiresAt }) => (expiresAt !== null && (least === null || expiresAt < least) ? expiresAt : least),
    null,
  );
  const held = each.reduce((total, one) => total + one.held, 0n);
  return plain({ available: availableOf(books, sources, at), held, sources: each, nextExpiryAt });
}

async function compareRows(subject: Subject, books: Books, at: number): Promise<string | undefined> {
  const rows = await subject.rows();
  const due = {
    lapsed: (await subject.store.lapsed(at, MOST)).toSorted(),
    expired: (await subject.store.expired(at, MOST)).toSorted(),
  };
  return (
    difference(rowsOfModel(books), rowsOfStore(rows), 'rows') ?? difference(dueOf(books, at), due, 'due') ?? brokenRule(rows)
  );
}

const MOST = 10_000;

/** What a sweep must find. */
function dueOf(books: Books, at: number) {
  const lapsed = books.calls.filter((call) => call.state === 'open' && call.leaseUntil <= at).map((call) => call.id);
  const ended = books.grants.filter((grant) => isOver(grant, at) && freeOf(books, grant) > 0n);
  return { lapsed: lapsed.toSorted(), expired: [...new Set(ended.map((grant) => grant.account))].toSorted() };
}
