import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OwnTag, Pairing } from '../messages.ts';
import { say } from '../say.ts';
import { MOST_AT_ONCE, ShowMore } from './show-more.tsx';

const FIND_FROM = 10;

export function OwnTagTable(given: {
  tags: readonly OwnTag[];
  pairings: readonly Pairing[];
  onEdit: (tag: OwnTag) => void;
  onDelete: (tag: OwnTag) => void;
}): JSX.Element {
  const { tags, pairings, onEdit, onDelete } = given;
  const [find, setFind] = useState('');
  const [most, setMost] = useState(MOST_AT_ONCE);
  const words = find.trim().toLowerCase();
  const found = tags.filter(({ name, on, operation }) => `${name} ${on} ${operation}`.toLowerCase().includes(words));
  return (
    <>
      {tags.length < FIND_FROM ? null : (
        <input
          type="search"
          class="find"
          value={find}
          aria-label={say('options_tags_find')}
          placeholder={say('options_tags_find')}
          onInput={({ currentTarget }) => setFind(currentTarget.value)}
        />
      )}
      {found.length === 0 ? (
        <p class="muted">{say('options_tags_not_found', find)}</p>
      ) : (
        <table class="own-tags">
          <thead>
            <tr>
              <th scope="col">{say('options_tag_name')}</th>
              <th scope="col">{say('options_tag_page')}</th>
              <th scope="col">{say('options_tag_operation')}</th>
              <th scope="col">
                <span class="unseen">{say('options_tag_actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, most).map((tag) => (
              <tr key={tag.id}>
                <th scope="row">{tag.name}</th>
                <td dir="ltr" class="code">
                  {tag.on}
                </td>
                <td>
                  <span class="code">{tag.operation}</span>
                  {pairings.some(({ id }) => id === tag.pairing) ? null : (
                    <span class="low-text no-gateway">{say('options_tag_unpaired')}</span>
                  )}
                </td>
                <td>
                  <span class="actions">
                    <button type="button" onClick={() => onEdit(tag)}>
                      {say('options_edit')}
                      <span class="unseen"> {tag.name}</span>
                    </button>
                    <button type="button" onClick={() => onDelete(tag)}>
                      {say('options_delete')}
                      <span class="unseen"> {tag.name}</span>
                    </button>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ShowMore shown={Math.min(most, found.length)} all={found.length} onMore={() => setMost(most + MOST_AT_ONCE)} />
    </>
  );
}
