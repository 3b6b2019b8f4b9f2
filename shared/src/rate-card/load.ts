// The way from text to a rate card in force: read, compile, lint, golden calls. A card with a problem is never used.
import type { Meter } from '../meter/meter.ts';
import { METERS } from '../meter/meters.ts';
import type { RateCard } from './card.ts';
import { compileRateCard } from './compile.ts';
import { checkGolden } from './golden.ts';
import { lintRateCard } from './lint.ts';
import { parseRateCard, type CardProblem } from './parse.ts';

export interface LoadOptions {
  /** Stands before each problem: `rates.yaml:12:7: …`. */
  file: string;
  /** What receipts name; a hash of the text, made by who reads the file. */
  version: string;
  /** The built-in ones where left out. */
  meters?: Readonly<Record<string, Meter>>;
}

export type LoadOutcome =
  | { ok: true; card: RateCard; warnings: readonly CardProblem[] }
  /** In the order of the text. */
  | { ok: false; problems: readonly CardProblem[] };

export function loadRateCard(text: string, options: LoadOptions): LoadOutcome {
  const parsed = parseRateCard(text, options.file);
  if (!parsed.ok) return { ok: false, problems: inOrder(parsed.problems) };
  const { source, report, problems, warnings } = parsed;
  const card = compileRateCard(source, report, { version: options.version, meters: options.meters ?? METERS });
  if (problems.length === 0) lintRateCard(card, report);
  if (problems.length === 0) checkGolden(card, report);
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, card, warnings: inOrder(warnings) };
}

function inOrder(problems: readonly CardProblem[]): CardProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
