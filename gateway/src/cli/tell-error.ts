// What went wrong, as one message. Only a fault of ours keeps its stack: there it is what helps.
import { CardError } from '../cards.ts';
import { ConfigError } from '../config.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';

/** Prints it, as JSON on standard output where a program asked, and gives the exit code. */
export function tellError(error: unknown, json: boolean): ExitCode {
  if (error instanceof CommandError) {
    if (json) process.stdout.write(`${JSON.stringify(error.body, undefined, 2)}\n`);
    else process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof CardError && json) {
    process.stdout.write(`${JSON.stringify({ problems: error.problems }, undefined, 2)}\n`);
    return EXIT.found;
  }
  if (error instanceof ConfigError || error instanceof CardError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.found;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.found;
}
