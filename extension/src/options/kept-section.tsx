import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ToView } from '../messages.ts';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { useAnswer } from '../show/use-answer.ts';
import { Confirm } from './confirm.tsx';
import { ImportButton } from './import-button.tsx';
import { saveFile } from './save-file.ts';
import { Section } from './section.tsx';
import { showCount } from './show-count.ts';
import { useDoing } from './use-doing.ts';

/** Everything that this browser keeps: to take along, or to have it gone. */
export function KeptSection({ told }: { told: ToView }): JSX.Element {
  const doing = useDoing();
  const [asking, setAsking] = useState(false);
  const [imported, setImported] = useState<number | null>(null);
  const [erased, setErased] = useState<{ revoked: number; kept: number } | null>(null);
  const sites = useAnswer('sites', asking ? {} : null).answer?.sites.length;
  const tags = useAnswer('ownTags', asking ? {} : null).answer?.tags.length;

  async function exportAll(): Promise<void> {
    const done = await doing.run('exportAll', {});
    if (done !== undefined) saveFile('tollgate.json', 'application/json', done.json);
  }

  async function erase(): Promise<void> {
    const done = await doing.run('erase', {});
    setAsking(false);
    if (done !== undefined) setErased(done);
  }

  return (
    <Section name="kept" title={say('options_kept')} about={say('options_kept_about')}>
      <p class="actions">
        <button type="button" onClick={() => void exportAll()}>
          {say('options_export_all')}
        </button>
        <ImportButton words={say('options_import')} doing={doing} of={(json) => json} imported={(count) => setImported(count)} />
        <button type="button" aria-expanded={asking} onClick={() => setAsking(true)}>
          {say('options_erase')}
        </button>
      </p>
      {asking ? (
        <Confirm doing={say('options_erase_do')} busy={doing.busy} onDo={() => void erase()} onKeep={() => setAsking(false)}>
          <p>{say('options_erase_what')}</p>
          <ul class="plain-list">
            <li>{say('options_erase_gateways', showCount(told.standings.length))}</li>
            <li>{say('options_erase_sites', showCount(sites))}</li>
            <li>{say('options_erase_tags', showCount(tags))}</li>
            <li>{say('options_erase_settings')}</li>
          </ul>
        </Confirm>
      ) : null}
      <p role="status">{imported === null ? '' : say('options_imported_all', showCount(imported))}</p>
      <p role="status">
        {erased === null
          ? ''
          : `${say('options_erased', showCount(erased.revoked))} ${erased.kept === 0 ? '' : say('options_erased_kept', showCount(erased.kept))}`}
      </p>
      {doing.problem === null ? null : <ProblemNote problem={doing.problem} />}
    </Section>
  );
}
