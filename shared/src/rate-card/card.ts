// The compiled rate card: what the gateway reads of it, and what quote and charge compute with.
import type { Microcredits } from '../credits.ts';
import type { Meter } from '../meter/meter.ts';
import type { AnswerField, DeclaredQuantity } from './answer.ts';
import type { Bound } from './bound.ts';
import type { Field, FieldRules, Inputs } from './field.ts';
import type { FreePart } from './free.ts';
import type { Pattern } from './pattern.ts';
import type { Pricer, Rate } from './rate.ts';
import type { Package, Plan } from './plan.ts';
import type { OperationSource, RateCardSource } from './schema.ts';
import type { TagSource } from './tag.ts';
import type { NumberReader, QuantityKind } from './scope.ts';

export interface RateCard {
  readonly name: string;
  /** Given by who loaded it; every receipt names it (decision 5). */
  readonly version: string;
  /** What a route without a price gets: refused, or let through and flagged. */
  readonly unpriced: 'refuse' | 'flag';
  /** What totals are rounded up to. */
  readonly step: Microcredits;
  readonly services: readonly Service[];
  readonly plans: ReadonlyMap<string, Plan>;
  readonly packages: ReadonlyMap<string, Package>;
  readonly tags: readonly TagSource[];
  /** The card as it was written, for price pages and editors. */
  readonly source: RateCardSource;
}

export interface Service {
  readonly id: string;
  /** `/openai`; clients call `/openai/v1/…`. */
  readonly path: string;
  /** The name of where it goes; the address and the secret are deployment config. */
  readonly upstream: string;
  /** One more header, in lower case, that carries the client's key. */
  readonly credential: string | undefined;
  readonly sseComment: boolean;
  /** Whether calls make things here that are somebody's own: what then reads without naming one could show everybody's. */
  readonly keepsThings: boolean;
  readonly operations: readonly Operation[];
  /** Where it stands in the card, for what its surroundings find wrong with it. */
  readonly line: number;
}

export interface Operation {
  readonly id: string;
  /** The service's id. */
  readonly service: string;
  /** The chart's word; the id where the card gives none. */
  readonly reason: string;
  readonly method: string;
  readonly pattern: Pattern;
  readonly meter: Meter | undefined;
  /** Whether the body must be read before the call is forwarded, because the price, a bound or a label reads it. */
  readonly needsBody: boolean;
  /** Whether the price needs members of the body, so that it must be a JSON object. */
  readonly needsJson: boolean;
  /** May answer as a stream: its cost does not go out in a header. */
  readonly streams: boolean;
  /** Fields of the answer, `response.…` or `response_header.…`, that quantities, job, report, made things and links need. */
  readonly responsePaths: readonly string[];
  /** Declared quantities that are read from the answer. */
  readonly quantities: readonly DeclaredQuantity[];
  readonly onUnknown: 'bound' | 'floor';
  /** The field of the answer that carries the id of the job whose cost a later call tells (rule 17). */
  readonly job: { readonly id: string; readonly deadlineMs: number } | undefined;
  readonly reports: JobReport | undefined;
  /** The request field that names something only its own workspace may touch; its value is in the quote's inputs. */
  readonly owns: string | undefined;
  /** The operator's word that its answer shows nothing that other organizations made. */
  readonly shares: boolean;
  /** The field of the answer whose value becomes the workspace's own; a job's id is one without being named. */
  readonly makes: string | undefined;
  /** Fields of the answer with links to rewrite. */
  readonly links: readonly string[];
  /** Label → the request field that it is taken from; its value is in the quote's inputs. */
  readonly labels: Readonly<Record<string, string>>;
  /** How far the gateway reads on after the client left (rule 9). */
  readonly drain: { readonly seconds: number; readonly bytes: number };
  readonly pricing: Pricing;
  readonly source: OperationSource;
}

/** How a call tells that a job is done, and what it used (rule 17). */
export interface JobReport {
  readonly job: (inputs: Inputs, answer: AnswerField) => string | undefined;
  readonly done: (inputs: Inputs, answer: AnswerField) => boolean;
  readonly quantities: readonly DeclaredQuantity[];
}

/** What quote and charge compute with. */
export interface Pricing {
  readonly fields: readonly { field: Field; strict: boolean }[];
  readonly sizes: readonly Field[];
  readonly readsBytes: boolean;
  readonly readsPlan: boolean;
  readonly rules: FieldRules;
  /** Declared quantities that are known from the request. */
  readonly known: readonly { name: string; read: NumberReader }[];
  /** The quantities that the rates read. */
  readonly kinds: readonly QuantityKind[];
  readonly bounds: ReadonlyMap<string, Bound>;
  readonly rates: readonly (Rate & { readonly price: Pricer })[];
  readonly free: readonly FreePart[];
  /** Amounts are whole parts of a credit, so that every line of this operation is exact. */
  readonly partsPerCredit: bigint;
  /** The total is rounded up to a multiple of this many parts: the card's `step`. */
  readonly partsPerStep: bigint;
  readonly step: Microcredits;
  /** The price is never more than this, where the card says so (rule 15). */
  readonly ceiling: Microcredits | undefined;
  readonly chargesOn: (status: number) => boolean;
}
