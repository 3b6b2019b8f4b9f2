import { beforeEach, expect, test, vi } from 'vitest';
import type { OwnTag } from '../messages.ts';

vi.mock('../pricing/surroundings.ts', () => ({ tellKept: () => Promise.resolve() }));
vi.mock('wxt/browser', () => ({
  browser: {
    i18n: { getMessage: (name: string, given: string[]) => [name, ...given].join(' ') },
    storage: { local: { get: () => Promise.resolve({}), set: () => Promise.resolve() } },
  },
}));
const { answerOwnTags, answerPutOwnTag, answerRemoveOwnTag } = await import('./answer-own-tags.ts');
const { OWN_TAGS_MOST, ownTags } = await import('./storage.ts');

const frame = { id: 'a' } as OwnTag;
const tagOf = (id: string, name = ''): OwnTag => ({ ...frame, id, name });

beforeEach(async () => {
  await ownTags.change(() => []);
});

test('a tag is put, is put in place of the one with its id, and is removed once', async () => {
  await answerPutOwnTag({ tag: tagOf('a') });
  await answerPutOwnTag({ tag: tagOf('b') });
  await answerPutOwnTag({ tag: tagOf('a', 'again') });
  expect(await answerOwnTags({})).toEqual({ ok: true, answer: { tags: [tagOf('a', 'again'), tagOf('b')] } });
  expect(await answerRemoveOwnTag({ id: 'a' })).toEqual({ ok: true, answer: {} });
  expect(await answerRemoveOwnTag({ id: 'a' })).toMatchObject({ ok: false, problem: { message: 'worker_own_tag_gone' } });
  expect(await ownTags.get()).toEqual([tagOf('b')]);
});

test('where there are as many as there can be, one can be another and one more is refused', async () => {
  await ownTags.change(() => Array.from({ length: OWN_TAGS_MOST }, (_, number) => tagOf(`t${number}`)));
  expect(await answerPutOwnTag({ tag: tagOf('more') })).toMatchObject({
    ok: false,
    problem: { code: 'input_invalid', message: `worker_own_tags_many ${OWN_TAGS_MOST}` },
  });
  expect(await answerPutOwnTag({ tag: tagOf('t7', 'another') })).toMatchObject({ ok: true });
  const now = await ownTags.get();
  expect([now.length, now[7]?.name]).toEqual([OWN_TAGS_MOST, 'another']);
});
