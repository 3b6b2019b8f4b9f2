// What pages ask about what is kept: settings, a copy of everything, and its end.
import type { Answer, AskName, Asks } from '../messages.ts';
import { tellKept } from '../pricing/surroundings.ts';
import { erase } from './erase.ts';
import { exportAll, importAll } from './export.ts';
import { inputInvalid } from './problems.ts';
import { changeSettings } from './settings.ts';

type Handler<Name extends AskName> = (given: Asks[Name]['with']) => Promise<Answer<Name>>;

export const answerSettings: Handler<'settings'> = async ({ change }) => ({ ok: true, answer: await changeSettings(change) });

export const answerExportAll: Handler<'exportAll'> = async () => ({ ok: true, answer: { json: await exportAll() } });

export const answerImportAll: Handler<'importAll'> = async ({ json }) => {
  const taken = await importAll(json);
  if ('wrong' in taken) return { ok: false, problem: inputInvalid('worker_import_unread', taken.wrong) };
  await tellKept('rules');
  return { ok: true, answer: taken };
};

export const answerErase: Handler<'erase'> = async () => ({ ok: true, answer: await erase() });
