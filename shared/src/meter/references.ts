// Whether a request brings content that is not in its own bytes. Then its bytes are no bound of its input tokens (decision 1), and the
// card's bound for content by reference applies. Images count also where they are inline: an image of a hundred bytes can cost
// thousands of tokens.
import { fieldsOf } from './usage-figures.ts';

const REFERRING_TYPES = /image|file|document|video|reference|container|screenshot/;
const REFERRING_KEYS: ReadonlySet<string> = new Set(['file_id', 'image_url', 'file_url', 'video_url', 'screenshot']);
/** What a model put into a tool call is text to it, whatever its fields are called. */
const PLAIN_TYPES: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

/** True where the content holds an image, a file or a reference, however deep. */
export function contentRefersElsewhere(content: unknown): boolean {
  const waiting: unknown[] = [content];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) for (const inner of next) waiting.push(inner);
    else if (typeof next === 'object' && next !== null) {
      const fields = fieldsOf(next);
      const type = fields['type'];
      if (typeof type === 'string' && REFERRING_TYPES.test(type)) return true;
      for (const [key, inner] of Object.entries(fields)) {
        if (inner === null || (key === 'input' && PLAIN_TYPES.has(type))) continue;
        if (REFERRING_KEYS.has(key)) return true;
        if (typeof inner === 'object') waiting.push(inner);
      }
    }
  }
  return false;
}

/** True where one of the named fields is given: null is absent (rule 16). */
export function givesAny(body: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.some((name) => body[name] !== undefined && body[name] !== null);
}
