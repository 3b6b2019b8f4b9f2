import { tagInputs } from '@tollgate/shared/rate-card/tag';
import type { OwnTag } from '../messages.ts';
import { say } from '../say.ts';

/** What keeps a tag from being kept, in words for who makes it; null where nothing does. */
export function tagWrong(tag: OwnTag): string | null {
  if (!/^https?:\/\/[^/]+\//.test(tag.on) || tag.on.length > 500) return say('point_wrong_page');
  if (!isSelector(tag.selector)) return say('point_wrong_selector');
  if (tag.operation === '') return say('point_wrong_operation');
  const empty = Object.entries(tag.inputs).find(
    ([, source]) => typeof source === 'object' && 'value' in source && source.value === '',
  );
  if (empty !== undefined) return say('point_wrong_input', empty[0]);
  if (!tagInputs.safeParse(tag.inputs).success) return say('point_wrong_inputs');
  return tag.name.trim() === '' ? say('point_wrong_name') : null;
}

function isSelector(text: string): boolean {
  if (text.trim() === '' || text.length > 500) return false;
  try {
    document.createDocumentFragment().querySelector(text);
    return true;
  } catch {
    return false;
  }
}
