import { tag } from '@tollgate/shared/rate-card/tag';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { OwnTag } from '../messages.ts';
import { ownTagsCard } from './own-tags-card.ts';

const own = (more: Partial<OwnTag> = {}): OwnTag => ({
  id: 't',
  on: 'https://dune.com/queries/*',
  selector: 'button[data-testid=run]',
  pairing: 'g k',
  operation: 'query.execute',
  inputs: { 'body.performance': { from: 'select#engine', read: 'value', is: { Fast: 'large' } }, 'query.limit': '#limit' },
  schedule: null,
  via: 'none',
  name: 'Run',
  madeAt: 1,
  ...more,
});

test('a piece that the rate card takes as it is, with the names for people', () => {
  expect(ownTagsCard([own()]))
    .toBe(`# Where the rate card has "tags:" already, put what is below this line of the same name under that one.
tags:
  # Run
  - on: https://dune.com/queries/*
    via: none
    tag:
      selector: button[data-testid=run]
      operation: query.execute
      inputs:
        body.performance:
          from: select#engine
          read: value
          is:
            Fast: large
        query.limit: "#limit"
`);
});

test.each([
  ['a name of several lines', { name: 'Run\n- on: evil\u2028\u0000  # x' }],
  ['a selector that YAML would read otherwise', { selector: '#a: [b]', inputs: { x: '*' } }],
  ['a selector over lines', { selector: 'main >\n  button' }],
  ['a schedule', { schedule: { every: '#hours', unit: 'hours' as const } }],
  ['no inputs', { inputs: {} }],
])('%s', (_, more) => {
  const made = own(more);
  const read = z.object({ tags: z.array(tag) }).parse(parse(ownTagsCard([made, own()])));
  const { on, via, selector, operation, inputs, schedule } = made;
  const given = Object.keys(inputs).length === 0 ? {} : { inputs };
  expect(read.tags).toHaveLength(2);
  expect(read.tags[0]).toEqual({ on, via, tag: { selector, operation, ...given, ...(schedule === null ? {} : { schedule }) } });
});

test('nothing is an empty list', () => {
  expect(parse(ownTagsCard([]))).toEqual({ tags: [] });
});
