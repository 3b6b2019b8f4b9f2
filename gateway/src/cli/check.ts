// `tollgate check`: whether a rate card loads, and what is doubtful in it.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Command } from 'commander';
import { formatProblem, type CardProblem } from '@tollgate/shared/rate-card/parse';
import { readCard } from '../cards.ts';
import { readConfig, type Environment } from '../config.ts';
import { print, withConfig, withExample, type Around, type CommonOptions } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';

export function addCheck(program: Command, around: Around): void {
  const command = program
    .command('check')
    .description('Checks a rate card: one line file:line:col for all that is wrong, exit code 1. Warnings alone are exit code 0.')
    .argument('[card]', 'a card; without it, the one of the configuration, with its upstreams')
    .action((card: string | undefined, options: CommonOptions) => {
      if (!check(card, options, around.environment)) around.exitCode = EXIT.found;
    });
  withExample(withConfig(command), 'tollgate check rates.yaml');
}

function check(card: string | undefined, options: CommonOptions, environment: Environment): boolean {
  const { text, file, upstreams } = cardToCheck(card, options, environment);
  const read = readCard(text, { file, ...(upstreams === undefined ? {} : { upstreams }) });
  const problems = read.ok ? [] : read.problems;
  const warnings = read.ok ? read.warnings : [];
  const answer = { ok: read.ok, problems, warnings, ...(read.ok ? { version: read.card.version } : {}) };
  print(
    options,
    answer,
    linesOf(problems, warnings, read.ok ? `${file}: ${countOf(read.card.services)}, version ${read.card.version}` : ''),
  );
  return read.ok;
}

/** A card alone, or the configuration's with the names of its upstreams. */
export function cardToCheck(
  card: string | undefined,
  options: CommonOptions,
  environment: Environment,
): { text: string; file: string; upstreams: ReadonlySet<string> | undefined } {
  if (card !== undefined) return { text: readText(card), file: card, upstreams: undefined };
  const config = readConfig(options.config, environment);
  // As one would type it: an absolute path says more than anyone wants to read.
  return {
    text: readText(config.rate_card),
    file: relative('.', config.rate_card),
    upstreams: new Set(Object.keys(config.upstreams)),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(EXIT.found, `${file} can not be read.`, { cause: error });
  }
}

function countOf(services: readonly { operations: readonly unknown[] }[]): string {
  const operations = services.reduce((sum, service) => sum + service.operations.length, 0);
  return `${services.length} services, ${operations} operations`;
}

function linesOf(problems: readonly CardProblem[], warnings: readonly CardProblem[], good: string): string {
  const doubts = warnings.map((warning) => formatProblem({ ...warning, message: `warning: ${warning.message}` }));
  return [...problems.map(formatProblem), ...doubts, ...(good === '' ? [] : [good])].join('\n');
}
