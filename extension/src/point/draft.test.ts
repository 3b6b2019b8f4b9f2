import { expect, test } from 'vitest';
import { newDraft, withInput, withOperation } from './draft.ts';
import type { PickedElement } from './point-messages.ts';

const button: PickedElement = {
  address: 'https://dune.com/queries/41?x=1',
  selector: '#run',
  matches: 1,
  tag: 'button',
  label: 'Run',
  read: 'text',
  options: [],
  closed: false,
};
const operation = {
  id: 'query.execute',
  service: 'dune',
  reason: 'Queries',
  method: 'POST',
  path: '/dune/api/v1/query/{id}/execute',
  fields: [{ name: 'body.performance', values: ['medium', 'large'], absent: 'medium' }],
  quantities: [],
};

test('a draft says where, what and how, and is an estimate until somebody says otherwise', () => {
  const { tag } = newDraft(button, 0, 'http://g tg1', 'id', 7);
  expect(tag).toMatchObject({ on: 'https://dune.com/queries/*', selector: '#run', name: 'Run', via: 'none', madeAt: 7 });
});

test('another operation keeps the inputs that it has too, and gives its name to what has none', () => {
  const draft = newDraft({ ...button, label: '' }, 0, 'p', 'id', 7);
  const mapped = { ...draft, tag: { ...draft.tag, inputs: { 'body.performance': '#engine', 'body.other': '#x' } } };
  const { tag } = withOperation(mapped, operation);
  expect(tag).toMatchObject({ operation: 'query.execute', name: 'query.execute', inputs: { 'body.performance': '#engine' } });
});

test('a select is read by its values, or by its words where only those are known to the API', () => {
  const draft = newDraft(button, 0, 'p', 'id', 7);
  const engine: PickedElement = { ...button, selector: '#engine', read: 'value', options: [{ value: 'large', words: 'Fast' }] };
  expect(withInput(draft, 'body.performance', engine, ['medium', 'large']).tag.inputs).toEqual({ 'body.performance': '#engine' });
  const byWords = { ...engine, options: [{ value: '2', words: 'large' }] };
  expect(withInput(draft, 'body.performance', byWords, ['medium', 'large']).tag.inputs).toEqual({
    'body.performance': { from: '#engine', read: 'text' },
  });
});
