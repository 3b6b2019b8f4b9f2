// How every command ends, for scripts.

/** `ok` · refused, or something was found · wrong use · no gateway or no ledger that answers. */
export const EXIT = { ok: 0, found: 1, wrongUse: 2, noGateway: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with one clear message and no stack. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: ExitCode;
  /** What a program gets with `--json`. */
  readonly body: unknown;

  constructor(exitCode: ExitCode, message: string, { body, cause }: { body?: unknown; cause?: unknown } = {}) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.body = body ?? { error: message };
  }
}
