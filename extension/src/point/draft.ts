// The tag that is being made: what was pointed at, and what the person said of it so far.
import type { TagInputs } from '@tollgate/shared/rate-card/tag';
import type { Taggable } from '@tollgate/shared/tags-contract';
import type { OwnTag } from '../messages.ts';
import { inputRows, readOf, sourceOf } from './input-rows.ts';
import { suggestedPattern } from './page-patterns.ts';
import type { PickedElement } from './point-messages.ts';

export interface Draft {
  tag: OwnTag;
  /** The frame that the element is in; inputs are read there too. */
  frame: number;
  element: PickedElement;
  /** What was pointed at for an input, by its name: the words that it offers. */
  offered: Readonly<Record<string, PickedElement['options']>>;
}

/** @param id of the new tag, unique on this device · @param now epoch milliseconds */
export function newDraft(element: PickedElement, frame: number, pairing: string, id: string, now: number): Draft {
  const tag: OwnTag = {
    id,
    on: suggestedPattern(element.address),
    selector: element.selector,
    pairing,
    operation: '',
    inputs: {},
    schedule: null,
    // Whether the page's calls pass the gateway is for the person to say; without that it is an estimate.
    via: 'none',
    name: element.label,
    madeAt: now,
  };
  return { tag, frame, element, offered: {} };
}

/** Another operation reads other fields: what was mapped stays where it has one of the same name. */
export function withOperation(draft: Draft, operation: Taggable): Draft {
  const known = new Set(inputRows(operation, {}).map(({ name }) => name));
  const inputs = Object.fromEntries(Object.entries(draft.tag.inputs).filter(([name]) => known.has(name)));
  const name = draft.tag.name === '' ? operation.id : draft.tag.name;
  return { ...draft, tag: { ...draft.tag, operation: operation.id, inputs, name } };
}

/** An input is read from the element that was pointed at. Options whose words the API knows are understood by their words. */
export function withInput(draft: Draft, input: string, element: PickedElement, values: readonly string[] | null): Draft {
  const source = sourceOf(element);
  const read = readOf(source);
  const isByWords =
    values !== null &&
    element.options.length > 0 &&
    !element.options.some(({ value }) => values.includes(value)) &&
    element.options.some(({ words }) => values.includes(words));
  const inputs: TagInputs = {
    ...draft.tag.inputs,
    [input]: isByWords && read !== undefined ? { ...read, read: 'text' } : source,
  };
  return { ...draft, tag: { ...draft.tag, inputs }, offered: { ...draft.offered, [input]: element.options } };
}
