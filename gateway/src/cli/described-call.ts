// A call as a command line describes it: `METHOD PATH -d '{…}' -H name:value`.
import type { Command } from 'commander';
import { several } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';

export interface CallOptions {
  data?: string;
  header: string[];
}

/** Adds `--data` and `--header`. */
export function withCall(command: Command): Command {
  return command
    .option('-d, --data <json>', 'the JSON body')
    .option('-H, --header <name:value>', 'a request header; may be given more than once', several, []);
}

export function describedCall(method: string, path: string, { data, header }: CallOptions) {
  return {
    method: method.toUpperCase(),
    path,
    headers: Object.fromEntries(header.map(headerOf)),
    ...(data === undefined ? {} : { body: parseBody(data) }),
  };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandError(EXIT.wrongUse, `--data is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}

function headerOf(pair: string): [name: string, value: string] {
  const at = pair.indexOf(':');
  if (at >= 1) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  throw new CommandError(EXIT.wrongUse, `--header takes a name and a value with ":" between; found "${pair}".`);
}
