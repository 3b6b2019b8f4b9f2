/**
 * Parses what an upstream sent, also with the bare `NaN` and `Infinity` that some writers of JSON put where a number should be: they
 * become texts, so that one of them spoils its own figure and not the figures beside it.
 * @returns undefined where it is no JSON even so.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseStrict(text.replaceAll(STRING_OR_BARE, (found) => (found.startsWith('"') ? found : `"${found}"`)));
  }
}

const STRING_OR_BARE = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

function parseStrict(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
