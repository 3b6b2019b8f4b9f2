// The rate card in force. A changed file is taken up without dropping a call; a broken one leaves the last good one in force and says so.
// Every version that was ever in force is kept in the store: a receipt can be recomputed for as long as it exists (promise 4).
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { formatProblem, type CardProblem } from '@tollgate/shared/rate-card/parse';
import { LRUCache } from 'lru-cache';
import { leftOut, otherCycles, unseated, type CardUse, type FileProblem } from './left-out.ts';
import type { Log } from './log.ts';

export interface CardStore {
  putCard(card: { version: string; text: string; file: string; loadedAt: number }): Promise<void>;
  card(version: string): Promise<{ version: string; text: string; file: string } | undefined>;
}

export interface Cards {
  current(): { card: RateCard; since: number };
  of(version: string): Promise<RateCard | undefined>;
  /** What is wrong with the file as it is now; empty while the file is what is in force. */
  problems(): readonly FileProblem[];
  warnings(): readonly CardProblem[];
  /** Reads the file again. */
  reload(): Promise<void>;
  close(): void;
}

/** A card that does not load, with every place that is wrong. */
export class CardError extends Error {
  override name = 'CardError';
  readonly problems: readonly CardProblem[];

  constructor(problems: readonly CardProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

// A file is looked at this often, and taken up once it has read the same twice: an editor may be half-way through writing it.
const LOOK_MS = 250;
const VERSIONS_KEPT = 32;

export interface CardSource {
  file: string;
  /** Names of configured upstreams: a card that sends calls elsewhere does not load. */
  upstreams: ReadonlySet<string> | undefined;
  store: CardStore;
  /** What people have of the card's plans, seat types and packages now. */
  inUse(): Promise<readonly CardUse[]>;
  now: () => number;
  log: Log;
}

/**
 * Loads the card and starts to watch its file.
 * @throws {CardError} where the file does not load: a gateway does not start on guesses
 */
export async function openCards(source: CardSource): Promise<Cards> {
  const { file, store, log, now } = source;
  const versions = new LRUCache<string, RateCard>({ max: VERSIONS_KEPT });
  let text = await readFile(file, 'utf8');
  let lastSeen = text;
  const first = readCard(text, source);
  if (!first.ok) throw new CardError(first.problems);
  const inUse = await source.inUse();
  const lost = leftOut(inUse, first.card, { file, text });
  if (lost.length > 0) throw new CardError(lost);
  let current = await enforce(first.card);
  let problems: readonly FileProblem[] = [];
  let good = first;
  let warnings = doubts(good, inUse);
  let looking = false;
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();

  async function enforce(card: RateCard): Promise<{ card: RateCard; since: number }> {
    await store.putCard({ version: card.version, text, file, loadedAt: now() });
    versions.set(card.version, card);
    return { card, since: now() };
  }

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const seen = await readFile(file, 'utf8');
      if (seen !== text && seen === lastSeen) await take(seen);
      lastSeen = seen;
    } catch (error) {
      if (problems.length === 0) say([{ file, line: 1, column: 1, message: `the file can not be taken up (${String(error)})` }]);
    } finally {
      looking = false;
    }
  }

  async function take(seen: string): Promise<void> {
    const uses = await source.inUse();
    const read = readCard(seen, source);
    const found = read.ok ? leftOut(uses, read.card, { file, text: seen, before: current.card }) : read.problems;
    if (!read.ok || found.length > 0) {
      text = seen;
      say(found);
      return;
    }
    current = await enforce(read.card);
    // Not before: a card that could not be kept is tried again.
    text = seen;
    problems = [];
    good = read;
    warnings = doubts(good, uses);
    log.info({ version: read.card.version }, 'the rate card changed');
  }

  function doubts(read: Extract<ReadCard, { ok: true }>, uses: readonly CardUse[]): readonly CardProblem[] {
    const found = [unseated, otherCycles].flatMap((find) => find(uses, read.card, { file, text }));
    for (const one of found) log.warn({}, formatProblem(one));
    return [...read.warnings, ...found];
  }

  function say(found: readonly FileProblem[]): void {
    problems = found;
    const inForce = current.card.version;
    for (const problem of found) log.error({ inForce }, `the changed rate card is not taken up: ${formatProblem(problem)}`);
  }

  async function of(version: string): Promise<RateCard | undefined> {
    const kept = versions.get(version);
    if (kept !== undefined) return kept;
    const stored = await store.card(version);
    if (stored === undefined) return undefined;
    const read = readCard(stored.text, { file: stored.file });
    if (!read.ok) throw new Error(`rate card ${version} loaded once and does not load now`);
    versions.set(version, read.card);
    return read.card;
  }

  async function reload(): Promise<void> {
    const seen = await readFile(file, 'utf8');
    lastSeen = seen;
    if (seen !== text || problems.length > 0) await take(seen);
    // Who has what may have changed though the card has not.
    else if (warnings.length > 0) warnings = doubts(good, await source.inUse());
  }

  return {
    current: () => current,
    of,
    problems: () => problems,
    warnings: () => warnings,
    reload,
    close: () => clearInterval(timer),
  };
}

export type ReadCard =
  | { ok: true; card: RateCard; warnings: readonly CardProblem[] }
  | { ok: false; problems: readonly CardProblem[] };

/** Reads a card's text as this gateway would take it up. The version is the first part of the text's hash. */
export function readCard(
  text: string,
  { file, upstreams }: { file: string; upstreams?: ReadonlySet<string> | undefined },
): ReadCard {
  const read = loadRateCard(text, { file, version: hash('sha256', text).slice(0, 12) });
  if (!read.ok) return read;
  const problems: CardProblem[] = [];
  for (const service of read.card.services) {
    const place = { file, line: service.line, column: 1 };
    if (upstreams !== undefined && !upstreams.has(service.upstream)) {
      const known = [...upstreams].join(', ') || 'none';
      problems.push({ ...place, message: `${service.id}: no upstream "${service.upstream}" is configured; there is: ${known}` });
    }
    if (/^\/(tollgate|livez|readyz)(\/|$)/.test(service.path)) {
      problems.push({ ...place, message: `${service.id}: the path ${service.path} is the gateway's own; choose another` });
    }
  }
  return problems.length > 0 ? { ok: false, problems } : read;
}
