/**
 * Of a file of everything only the own tags, so that no setting goes along with them. What is no such file stays as it is: whoever takes it
 * says what is wrong with it.
 */
export function ownTagsOf(json: string): string {
  const file = read(json);
  if (typeof file !== 'object' || file === null || !('kept' in file)) return json;
  const { kept, session: _session, ...about } = file as { kept: unknown; session?: unknown };
  if (typeof kept !== 'object' || kept === null || !('own-tags' in kept)) return json;
  return JSON.stringify({ ...about, kept: { 'own-tags': kept['own-tags'] } });
}

function read(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
