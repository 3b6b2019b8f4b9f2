// Tags of a person's own as a piece of rate card, which an admin can put into theirs as it is.
import { stringify } from 'yaml';
import type { OwnTag } from '../messages.ts';

// A rate card takes one such list.
const WHERE = '# Where the rate card has "tags:" already, put what is below this line of the same name under that one.\n';

/** `tags:` as the rate card takes it, each under its name as a comment. */
export function ownTagsCard(tags: readonly OwnTag[]): string {
  if (tags.length === 0) return 'tags: []\n';
  return `${WHERE}tags:\n${tags.map(pieceOf).join('')}`;
}

function pieceOf({ name, on, via, selector, operation, inputs, schedule }: OwnTag): string {
  const given = Object.keys(inputs).length === 0 ? {} : { inputs };
  const tag = { selector, operation, ...given, ...(schedule === null ? {} : { schedule }) };
  const comment = name.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  const text = stringify([{ on, via, tag }], { lineWidth: 0 }).replaceAll(/^(?=.)/gm, '  ');
  return comment === '' ? text : `  # ${comment}\n${text}`;
}
