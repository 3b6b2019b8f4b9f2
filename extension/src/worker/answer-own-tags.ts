// Tags of a person's own: kept on this device, and handed to the admin as a piece of rate card.
import type { Answer, AskName, Asks } from '../messages.ts';
import { tellKept } from '../pricing/surroundings.ts';
import { inputInvalid } from './problems.ts';
import { ownTagsCard } from './own-tags-card.ts';
import { OWN_TAGS_MOST, ownTags } from './storage.ts';

type Handler<Name extends AskName> = (given: Asks[Name]['with']) => Promise<Answer<Name>>;

export const answerOwnTags: Handler<'ownTags'> = async () => ({ ok: true, answer: { tags: await ownTags.get() } });

export const answerPutOwnTag: Handler<'putOwnTag'> = async ({ tag }) => {
  const before = await ownTags.get();
  if (before.length >= OWN_TAGS_MOST && !before.some(({ id }) => id === tag.id))
    return { ok: false, problem: inputInvalid('worker_own_tags_many', String(OWN_TAGS_MOST)) };
  await ownTags.change((all) =>
    all.some(({ id }) => id === tag.id) ? all.map((one) => (one.id === tag.id ? tag : one)) : [...all, tag],
  );
  await tellKept('rules');
  return { ok: true, answer: {} };
};

export const answerRemoveOwnTag: Handler<'removeOwnTag'> = async ({ id }) => {
  const before = await ownTags.get();
  if (!before.some((tag) => tag.id === id)) return { ok: false, problem: inputInvalid('worker_own_tag_gone') };
  await ownTags.change((all) => all.filter((tag) => tag.id !== id));
  await tellKept('rules');
  return { ok: true, answer: {} };
};

export const answerOwnTagsAsCard: Handler<'ownTagsAsCard'> = async () => ({
  ok: true,
  answer: { yaml: ownTagsCard(await ownTags.get()) },
});
