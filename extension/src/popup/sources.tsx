import type { JSX } from 'preact';
import { showCredits } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import type { Balance } from '../messages.ts';
import { Amount } from '../show/amount.tsx';

/** Who pays, in draw order, with what each has; extra credits last, apart from what is available. */
export function Sources({ balance }: { balance: Balance }): JSX.Element {
  const { sources, extra, organization } = balance;
  return (
    <section>
      <h2>{say('popup_sources')}</h2>
      {sources.length === 0 && extra === null ? <p class="muted">{say('popup_source_none', organization)}</p> : null}
      <ol class="lines">
        {sources.map(({ account, kind, available, granted }) => (
          <li key={account} class="row">
            <span class="cut" title={account}>
              {kind === 'pool' ? say('popup_source_pool', organization) : say('popup_source_individual')}
            </span>
            <Left has={available} of={granted} />
          </li>
        ))}
        {extra === null ? null : (
          <li class="row">
            <span class="cut">{say('popup_source_extra', extra.fee, extra.currency)}</span>
            <Left has={extra.left} of={extra.limit} />
          </li>
        )}
      </ol>
    </section>
  );
}

function Left({ has, of }: { has: number; of: number }): JSX.Element {
  return (
    <span class="figure">
      <Amount credits={has} bare /> <span class="muted">{say('popup_source_of', showCredits(of))}</span>
    </span>
  );
}
