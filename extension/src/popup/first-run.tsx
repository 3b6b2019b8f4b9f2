import type { JSX } from 'preact';
import { browser } from 'wxt/browser';
import { say } from '../say.ts';
import { PairForm } from '../show/pair-form.tsx';

/** Nothing is paired: one field, and how to get what goes into it. */
export function FirstRun(): JSX.Element {
  return (
    <section class="first lines">
      <header>
        <h1>{say('popup_first_title')}</h1>
        <p>{say('popup_first_what')}</p>
      </header>
      <PairForm first />
      <PairHow />
      <p class="row">
        <span />
        <button type="button" class="plain" onClick={() => void browser.runtime.openOptionsPage()}>
          {say('popup_options')}
        </button>
      </p>
    </section>
  );
}

export function PairHow(): JSX.Element {
  return (
    <section>
      <h2>{say('popup_pair_how')}</h2>
      <p>{say('popup_pair_how_page')}</p>
      <p>{say('popup_pair_how_command')}</p>
      <pre class="code">tollgate pair</pre>
    </section>
  );
}
