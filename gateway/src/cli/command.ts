// What the commands have in common: their options, how they print, and how they end.
import type { Command } from 'commander';
import type { Environment } from '../config.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';

/** What a command is run with. */
export interface Around {
  environment: Environment;
  /** Set by the command that ran. */
  exitCode: ExitCode;
}

export interface CommonOptions {
  json?: true;
  config: string;
  url?: string;
}

/** Adds `--config` and `--json`. */
export function withConfig(command: Command): Command {
  return command.option('--config <file>', 'the configuration', 'tollgate.yaml').option('--json', 'answer as JSON, for programs');
}

/** Adds `--config`, `--json` and `--url`, for commands that speak to a gateway. */
export function withGateway(command: Command): Command {
  return withConfig(command).option('--url <url>', "the gateway's address, where it is not the one that the configuration says");
}

export interface OrganizationOptions extends CommonOptions {
  organization?: string;
}

/** Adds `--organization`, beside the options of a command that speaks to a gateway. */
export function withOrganization(command: Command): Command {
  return withGateway(command).option(
    '--organization <id>',
    "the organization that is meant; the gateway's first one where it is left out",
  );
}

/** A path of the API with what was given as its query, and the organization that is meant. */
export function pathOf(
  path: string,
  { organization }: { organization?: string | undefined },
  given: Readonly<Record<string, string | undefined>> = {},
): string {
  const query = new URLSearchParams(present({ ...given, organization }));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** Only what was given. */
export function present<T>(given: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(given).filter((pair): pair is [string, T] => pair[1] !== undefined));
}

/** `name=value`, for options that may be given more than once. */
export function parted(pair: string, option: string, example: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  if (at >= 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new CommandError(EXIT.wrongUse, `${option} takes a name and a value, such as ${example}; found "${pair}".`);
}

/** Collects an option that may be given more than once. */
export function several(value: string, before: string[]): string[] {
  return [...before, value];
}

/** An amount or a count, as a number. */
export function numberOf(text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && !Number.isNaN(value)) return value;
  throw new CommandError(EXIT.wrongUse, `"${text}" is no number for ${what}; 500 or 0.25 would be right.`);
}

export function withExample(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExample:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);
}

/** Prints what a command answers: JSON for programs, or text for people. */
export function print(options: { json?: true }, value: unknown, text: string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(value, undefined, 2)}\n` : text === '' ? '' : `${text}\n`);
}

/** Columns, wide enough for what is in them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
