import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { say } from '../say.ts';
import type { Doing } from './use-doing.ts';

// As much as the browser has room for.
const LARGEST_FILE = 10_000_000;

/** Takes a file in. Nothing of it is taken where something in it is wrong; `imported` gets the number of own tags. */
export function ImportButton(given: {
  words: string;
  doing: Doing;
  /** What is taken of the file's text. */
  of: (json: string) => string;
  imported: (tags: number) => void;
}): JSX.Element {
  const { words, doing, of, imported } = given;
  const file = useRef<HTMLInputElement>(null);

  async function take(chosen: File): Promise<void> {
    if (chosen.size > LARGEST_FILE) return doing.say({ code: 'input_invalid', message: say('options_import_large') });
    const json = await chosen.text().catch(() => undefined);
    if (json === undefined) return doing.say({ code: 'input_invalid', message: say('options_import_unread') });
    const done = await doing.run('importAll', { json: of(json) });
    return done === undefined ? undefined : imported(done.tags);
  }

  return (
    <>
      <button type="button" onClick={() => file.current?.click()}>
        {words}
      </button>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        hidden
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen !== undefined) void take(chosen);
          // The same file can be chosen again once it is mended.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
