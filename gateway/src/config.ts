// How a gateway is set up: one YAML file, parsed once. Values may name the environment as ${NAME} or ${NAME:-default}; a missing one
// stops the start, and no value is ever printed (secrets stay secret, promise of DESIGN section 2).
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isTimeZone } from '@tollgate/shared/cycle';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';

/** A setting that can not be used; the message names file, line and what would be right, and never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const durationMs = z
  .string()
  .regex(/^\d+(ms|s|m|h)$/, 'a duration such as 500ms, 30s or 2m')
  .transform((text) => Number.parseInt(text, 10) * ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[text.replace(/^\d+/, '')] ?? 0));
const bytes = z
  .string()
  .regex(/^\d+ ?(B|kB|KB|MB|GB)$/, 'a size such as 256 KB or 10 MB')
  .transform(
    (text) =>
      Number.parseInt(text, 10) *
      ({ B: 1, KB: 1_000, MB: 1_000_000, GB: 1_000_000_000 }[text.replace(/^[\d ]+/, '').toUpperCase()] ?? 0),
  );
const address = z
  .string()
  .regex(/^[\w.[\]:-]+:\d{1,5}$/, 'host:port, such as 127.0.0.1:8402')
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(':')).replace(/^\[|\]$/g, ''),
    port: Number(text.slice(text.lastIndexOf(':') + 1)),
  }));
const httpUrl = z.url({ protocol: /^https?$/, error: 'an address that starts with http:// or https://' });
const headerName = z.string().regex(/^[a-z0-9_-]+$/, 'a header name in lower case');

const schema = z.strictObject({
  listen: address.prefault('127.0.0.1:8402'),
  metrics: address.prefault('127.0.0.1:8403'),
  store: z.string().default('tollgate.db'),
  rate_card: z.string().default('rates.yaml'),
  /** What keys are hashed with. Changing it makes every key unknown. */
  secret: z.string().min(32, 'at least 32 characters').optional(),
  secret_file: z.string().optional(),
  /** Where the command line finds the operate key of this gateway. */
  key_file: z.string().default('tollgate.key'),
  organization: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes')
    .default('main'),
  time_zone: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin').default('UTC'),
  public_url: httpUrl.optional(),
  top_up_url: httpUrl.optional(),
  /** Who may read GET prices. */
  prices: z.enum(['public', 'keys']).default('public'),
  upstreams: z.record(z.string(), z.strictObject({ url: httpUrl, headers: z.record(headerName, z.string()).default({}) })),
  cors: z.strictObject({ origins: z.array(httpUrl).default([]) }).prefault({}),
  limits: z
    .strictObject({
      body: bytes.prefault('10 MB'),
      whole_answer: bytes.prefault('256 KB'),
      calls: z.int().min(1).max(100_000).default(20_000),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      head: durationMs.prefault('120s'),
      idle: durationMs.prefault('120s'),
      lease: durationMs.prefault('30s'),
      shutdown: durationMs.prefault('30s'),
    })
    .prefault({}),
  /** Webhooks go to public addresses over https alone, unless this gateway's own network is where they shall go. */
  /** Who takes money. By hand, an operator confirms each payment and nothing is really charged. */
  payments: z
    .strictObject({
      adapter: z.enum(['manual', 'stripe']).default('manual'),
      /** Where people come back to from paying; `top_up_url` or `public_url` where it is left out. */
      return_url: httpUrl.optional(),
      stripe: z
        .strictObject({
          secret_key: z.string().regex(/^\S{8,}$/, 'a secret key such as ${STRIPE_SECRET_KEY}'),
          webhook_secret: z.string().regex(/^\S{8,}$/, 'the signing secret of the webhook, such as ${STRIPE_WEBHOOK_SECRET}'),
          api_base: httpUrl.optional(),
        })
        .optional(),
    })
    .refine(({ adapter, stripe }) => adapter !== 'stripe' || stripe !== undefined, {
      error: 'with adapter: stripe it needs stripe: { secret_key, webhook_secret }',
    })
    .prefault({}),
  webhooks: z.strictObject({ allow_private: z.boolean().default(false) }).prefault({}),
  log: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** The settings, with files as absolute paths beside the configuration. */
export type Config = Omit<z.output<typeof schema>, 'secret' | 'secret_file'> & { file: string; secret: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks a configuration file.
 * @throws {ConfigError} naming the place, what was found and what would be right
 */
export function readConfig(file: string, environment: Environment): Config {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw new ConfigError(`${file}:${at(lines, broken.pos[0])}: ${broken.message.split('\n')[0]}`);
  interpolate(document, environment, (offset, problem) => {
    throw new ConfigError(`${file}:${at(lines, offset)}: ${problem}`);
  });
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${file}:${placeOf(document, lines, issue.path)}: ${say(issue)}`).join('\n'),
    );
  const { secret, secret_file, ...rest } = parsed.data;
  const beside = (path: string): string => resolve(dirname(file), path);
  return {
    ...rest,
    file,
    store: beside(rest.store),
    rate_card: beside(rest.rate_card),
    key_file: beside(rest.key_file),
    secret: secret ?? readSecret(file, secret_file === undefined ? undefined : beside(secret_file)),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file} can not be read. "tollgate init" writes one.`, { cause: error });
  }
}

function readSecret(file: string, secretFile: string | undefined): string {
  if (secretFile === undefined) throw new ConfigError(`${file}: neither secret nor secret_file is set; keys are hashed with it.`);
  const secret = readText(secretFile).trim();
  if (secret.length < 32) throw new ConfigError(`${secretFile}: the secret must have at least 32 characters.`);
  return secret;
}

/** Replaces ${NAME} and ${NAME:-default} in every value. A name that is not set and has no default is a problem, at its place. */
function interpolate(document: Document, environment: Environment, fail: (offset: number, problem: string) => void): void {
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      node.value = node.value.replaceAll(
        /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
        (_, name: string, fallback?: string) => {
          const value = environment[name] ?? fallback;
          if (value === undefined)
            fail(node.range?.[0] ?? 0, `the environment has no ${name}, and no default is given as \${${name}:-…}.`);
          return value ?? '';
        },
      );
    },
  });
}

function at(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}

function placeOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): string {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if ((isScalar(node) || isMap(node)) && node.range) return at(lines, node.range[0]);
  }
  return '1:1';
}

function say(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return `${name === '' ? '' : `${name}: `}there is no setting ${issue.keys.join(', ')}.`;
  return `${name}: ${issue.message}.`;
}
