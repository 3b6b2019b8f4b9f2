import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { OwnTag } from '../messages.ts';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { saveFile } from './save-file.ts';
import { useDoing } from './use-doing.ts';

// The browser's room for everything is 10 MB.
const LARGEST_FILE = 10_000_000;

/** Own tags in and out: as a file for another browser of one's own, and as a piece of rate card for the admin. */
export function TakeTags({ tags, taken }: { tags: readonly OwnTag[]; taken: () => void }): JSX.Element {
  const doing = useDoing();
  const file = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState('');
  const [card, setCard] = useState<string | null>(null);

  async function importFile(chosen: File): Promise<void> {
    setTold('');
    if (chosen.size > LARGEST_FILE) return doing.say({ code: 'input_invalid', message: say('options_import_large') });
    const json = await chosen.text().catch(() => undefined);
    if (json === undefined) return doing.say({ code: 'input_invalid', message: say('options_import_unread') });
    const done = await doing.run('importAll', { json });
    if (done === undefined) return undefined;
    setTold(say('options_imported', done.tags));
    return taken();
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
            <button
              type="button"
              onClick={() => saveFile('tollgate-tags.json', 'application/json', JSON.stringify({ ownTags: tags }, null, 2))}
            >
              {say('options_tags_export')}
            </button>
            <button type="button" aria-expanded={card !== null} onClick={() => void (card === null ? showCard() : setCard(null))}>
              {say('options_tags_card')}
            </button>
          </>
        )}
        <button type="button" onClick={() => file.current?.click()}>
          {say('options_import')}
        </button>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          class="unseen"
          tabIndex={-1}
          aria-label={say('options_import')}
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? [];
            currentTarget.value = '';
            if (chosen !== undefined) void importFile(chosen);
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
