// Plays steps against a ledger and the model side by side and tells the first thing that differs.
import { AssertionError } from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Ledger, LedgerStore } from '../../gateway/src/ledger/ledger.ts';
import type { Rows } from '../kit/memory-store.ts';
import type { Books } from './books.ts';
import { dueOf, lastAtOf } from './due.ts';
import type { Step } from './generate.ts';
import { brokenRule } from './invariants.ts';
import { openModel } from './model.ts';
import { difference, plain, rowsOfModel, rowsOfStore } from './plain.ts';
import { standingOf } from './standing.ts';
import type { Look } from './standing.ts';

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
}

/** Some Monday, five milliseconds before a full hour. */
const START = Date.UTC(2026, 10, 2, 10) - 5;

const LOOKS: readonly Look[] = [{ sources: ['pool:a'] }, { sources: ['pool:b', 'user:a/u', 'pool:a'] }];

/** Plays to the end or to the first difference. Returns what differed, and every step that was played. */
export async function play(open: Opens, { next, rowsEvery }: Play): Promise<{ steps: Step[]; failure: string | undefined }> {
  const model = openModel();
  const steps: Step[] = [];
  const clock = { wall: START, at: START };
  let subject = await open(() => clock.wall);
  let failure = clockDiffers(subject, clock.at);
  for (let step = next(model.books, clock.at); step !== undefined && failure === undefined; step = next(model.books, clock.at)) {
    steps.push(step);
    clock.wall += step.waitMs;
    clock.at = Math.max(clock.at, clock.wall);
    try {
      failure = await compareStep(subject, model.books, step, model.run, clock.at);
      failure ??= await subject.broken?.();
      if (failure === undefined && steps.length % rowsEvery === 0) failure = await compareRows(subject, model.books, clock.at);
      if (step.restart === true) {
        subject = await subject.restart();
        // What is written is what a ledger knows of the time before it was opened.
        clock.at = Math.max(clock.wall, lastAtOf(model.books));
        failure ??= clockDiffers(subject, clock.at);
        failure ??= await compareRows(subject, model.books, clock.at);
      }
    } catch (error) {
      failure = `threw: ${inspect(error)}`;
    }
  }
  try {
    failure ??= await compareRows(subject, model.books, clock.at);
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
  for (const look of step.look === undefined ? LOOKS : [step.look]) {
    const found = difference(plain(standingOf(books, look, at)), plain(await subject.ledger.standing(look)), 'standing');
    if (found !== undefined) return `${found}\n  of ${JSON.stringify(look)}`;
  }
  return clockDiffers(subject, at);
}

/** Its clock never runs back. */
function clockDiffers({ ledger }: Subject, at: number): string | undefined {
  const now = ledger.now();
  return now === at ? undefined : `clock: expected ${at}, got ${now}`;
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
