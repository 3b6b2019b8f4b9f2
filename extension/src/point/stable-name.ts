// Ids, classes and attributes that a page's build or its framework makes are other ones tomorrow: a selector that leans on them finds
// nothing then. What reads like a word somebody chose is kept.

const TEST_ATTRIBUTES: ReadonlySet<string> = new Set([
  'data-testid',
  'data-test-id',
  'data-test',
  'data-qa',
  'data-cy',
  'data-action',
  'data-id',
  'data-name',
]);
const NAMING_ATTRIBUTES: ReadonlySet<string> = new Set([
  'name',
  'aria-label',
  'role',
  'type',
  'placeholder',
  'title',
  'part',
  'slot',
]);
// What a page changes while it is used.
const STATES =
  /^(?:is-|has-)?(?:active|hover(?:ed)?|focus(?:ed)?|focus-visible|selected|checked|current|open(?:ed)?|closed|expanded|collapsed|disabled|enabled|loading|loaded|pending|busy|hidden|visible|show|shown|error|invalid|valid|dirty|touched|dark|light)$/i;
const GENERATED = [
  /[0-9a-f]{8}-[0-9a-f]{4}-/i, // UUID
  /\d{3,}/, // counters, times
  /^[:_«]r_?[0-9a-z]{0,3}[:_»]?$/i, // React's useId
  /^(?:ember|ext-gen|yui|gwt|mui|radix|headlessui|react-select|react-aria|mat|cdk|p|q|v|el-id|uid|id)[-_:]?\d/i,
  /(?:^|[-_])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{5,}$/i, // a hash at the end: Button_run__x7dQ2
  /[^aeiouy\d\s_.:-]{6,}/i, // no word: sc-bczRLJ
  /^(?:css|sc|jss|svelte|astro|emotion|styled)-/,
];

/** True where an id or class reads as if a person chose it. */
export function isStableName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 80 &&
    /^[\p{L}_][\p{L}\d_:.-]*$/u.test(name) &&
    !STATES.test(name) &&
    !GENERATED.some((pattern) => pattern.test(name))
  );
}

/** True where a selector may lean on this attribute having this value. */
export function isStableAttribute(name: string, value: string): boolean {
  if (value === '' || value.length > 80 || /[\n"\\]/.test(value)) return false;
  if (TEST_ATTRIBUTES.has(name)) return !/[0-9a-f]{8}-[0-9a-f]{4}-|\d{5,}/i.test(value);
  // Words for people may have spaces; numbers in them change ("Inbox, 3 unread").
  return NAMING_ATTRIBUTES.has(name) && !/\d/.test(value);
}

/** Attributes that are made for finding an element again, before those that name it for people. */
export function isTestAttribute(name: string): boolean {
  return TEST_ATTRIBUTES.has(name);
}
