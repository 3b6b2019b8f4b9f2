/** The codes with which a gateway says that it does not know the key (any more). */
export const KEY_GONE: ReadonlySet<string> = new Set(['key_unknown', 'key_missing']);
