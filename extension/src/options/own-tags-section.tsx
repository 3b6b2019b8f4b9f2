import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OwnTag, ToView } from '../messages.ts';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { useAnswer } from '../show/use-answer.ts';
import { OwnTagForm } from './own-tag-form.tsx';
import { OwnTagTable } from './own-tag-table.tsx';
import { Section } from './section.tsx';
import { TakeTags } from './take-tags.tsx';
import { useDoing } from './use-doing.ts';
import { useReturns } from './use-returns.ts';

/** Tags made by pointing. They are on this device alone, until somebody hands them to an admin as a piece of rate card. */
export function OwnTagsSection({ told, saved }: { told: ToView; saved: () => void }): JSX.Element {
  const { answer, problem, again } = useAnswer('ownTags', {}, useReturns());
  const doing = useDoing();
  const [edited, setEdited] = useState<OwnTag | null>(null);
  const [deleted, setDeleted] = useState<OwnTag | null>(null);
  const tags = answer?.tags ?? [];

  function kept(): void {
    again();
    saved();
  }

  async function remove(tag: OwnTag): Promise<void> {
    if ((await doing.run('removeOwnTag', { id: tag.id })) === undefined) return;
    setDeleted(tag);
    kept();
  }

  async function putBack(tag: OwnTag): Promise<void> {
    if ((await doing.run('putOwnTag', { tag })) === undefined) return;
    setDeleted(null);
    kept();
  }

  return (
    <Section name="tags" title={say('options_tags')} about={say('options_tags_about')}>
      {answer !== null && tags.length === 0 ? <p>{say('options_tags_none')}</p> : null}
      {tags.length === 0 ? null : (
        <OwnTagTable
          tags={tags}
          pairings={told.standings.map(({ pairing }) => pairing)}
          onEdit={setEdited}
          onDelete={(tag) => void remove(tag)}
        />
      )}
      <p role="status" class="actions">
        {deleted === null ? null : (
          <>
            <span>{say('options_tag_deleted', deleted.name)}</span>
            <button type="button" onClick={() => void putBack(deleted)}>
              {say('options_undo')}
            </button>
          </>
        )}
      </p>
      {[doing.problem, problem].map((one) => (one === null ? null : <ProblemNote key={one.code} problem={one} />))}
      <TakeTags tags={tags} taken={kept} />
      {edited === null ? null : (
        <OwnTagForm
          tag={edited}
          pairings={told.standings.map(({ pairing }) => pairing)}
          kept={() => {
            setEdited(null);
            kept();
          }}
          closed={() => setEdited(null)}
        />
      )}
    </Section>
  );
}
