import { say } from '../say.ts';

/** `acme/main` as it is; one's own place says that it is that. */
export function contextName({ id, kind }: { id: string; kind: 'team' | 'personal' }): string {
  return kind === 'personal' ? say('popup_context_personal', id) : id;
}
