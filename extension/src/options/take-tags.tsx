import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OwnTag } from '../messages.ts';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { ImportButton } from './import-button.tsx';
import { ownTagsOf } from './own-tags-of.ts';
import { saveFile } from './save-file.ts';
import { showCount } from './show-count.ts';
import { useDoing } from './use-doing.ts';

/** Own tags in and out: as a file for another browser of one's own, and as a piece of rate card for the admin. */
export function TakeTags({ tags, taken }: { tags: readonly OwnTag[]; taken: () => void }): JSX.Element {
  const doing = useDoing();
  const [told, setTold] = useState('');
  const [card, setCard] = useState<string | null>(null);

  async function exportTags(): Promise<void> {
    const done = await doing.run('exportAll', {});
    if (done !== undefined) saveFile('tollgate-tags.json', 'application/json', ownTagsOf(done.json));
  }

  async function showCard(): Promise<void> {
    const done = await doing.run('ownTagsAsCard', {});
    if (done !== undefined) setCard(done.yaml);
  }

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(card ?? '').then(
      () => setTold(say('options_copied')),
      () => setTold(say('options_not_copied')),
    );
  }

  return (
    <>
      <p class="actions">
        {tags.length === 0 ? null : (
          <>
            <button type="button" onClick={() => void exportTags()}>
              {say('options_tags_export')}
            </button>
            <button type="button" aria-expanded={card !== null} onClick={() => void (card === null ? showCard() : setCard(null))}>
              {say('options_tags_card')}
            </button>
          </>
        )}
        <ImportButton
          words={say('options_tags_import')}
          doing={doing}
          of={ownTagsOf}
          imported={(count) => {
            setTold(say('options_imported', showCount(count)));
            taken();
          }}
        />
        <span role="status" class="muted">
          {told}
        </span>
      </p>
      {doing.problem === null ? null : <ProblemNote problem={doing.problem} />}
      {card === null ? null : (
        <div class="card-piece">
          <p class="muted">{say('options_tags_card_what')}</p>
          <textarea readOnly dir="ltr" class="code" rows={12} aria-label={say('options_tags_card')} value={card} />
          <p class="actions">
            <button type="button" onClick={() => void copy()}>
              {say('options_copy')}
            </button>
          </p>
        </div>
      )}
    </>
  );
}
