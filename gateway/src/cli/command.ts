// What the commands have in common: their options, how they print, and how they end.
import type { Command } from 'commander';
import type { Environment } from '../config.ts';
import type { ExitCode } from './exit-code.ts';

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
