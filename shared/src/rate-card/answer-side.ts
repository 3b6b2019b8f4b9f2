// What an operation reads of its answer beside quantities: a job's id, the report that a job is done, made things, links.
import { answerField, compileAnswerNumber, compileAnswerTruth, isAnswerField, type DeclaredQuantity } from './answer.ts';
import type { JobReport, Operation } from './card.ts';
import { compileExpression } from './expression.ts';
import { resolved } from './field.ts';
import type { OperationSource } from './schema.ts';
import { isRequestField, readsField, type Scope } from './scope.ts';
import { parseSeconds } from './unit.ts';

export type AnswerSide = Pick<Operation, 'job' | 'reports' | 'makes' | 'links' | 'responsePaths'>;

/** @returns `undefined` after a problem was reported. */
export function compileAnswerSide(
  scope: Scope,
  source: OperationSource,
  declared: readonly DeclaredQuantity[],
): AnswerSide | undefined {
  const paths = new Set<string>(pathsOf(source, declared));
  const job = jobOf(scope, source);
  const report = source.reports === undefined ? undefined : reportOf(scope, source.reports, paths);
  const makes = source.makes === undefined ? undefined : answerField(scope, source.makes, [...scope.place, 'makes']);
  const links = (source.links ?? []).flatMap((link, index) => answerField(scope, link, [...scope.place, 'links', index]) ?? []);
  for (const path of [job?.id, makes, ...links]) if (path !== undefined) paths.add(path);
  if (source.reports !== undefined && report === undefined) return undefined;
  return { job, reports: report, makes, links, responsePaths: [...paths] };
}

function pathsOf({ quantities = {} }: OperationSource, declared: readonly DeclaredQuantity[]): string[] {
  return declared.flatMap(({ name, from }) => {
    const written = quantities[name];
    if (from === 'count' || typeof written !== 'string') return [];
    const expression = compileExpression(written, 'double', () => 'double');
    return 'problem' in expression ? [] : expression.operands.map((operand) => operand.name).filter(isAnswerField);
  });
}

function jobOf(scope: Scope, { job }: OperationSource): Operation['job'] {
  if (job === undefined) return undefined;
  const id = answerField(scope, job.id, [...scope.place, 'job', 'id']);
  const seconds = parseSeconds(job.deadline);
  if (seconds === undefined)
    scope.report.problem([...scope.place, 'job', 'deadline'], `"${job.deadline}" is not a time; 40m would be right.`);
  return id === undefined || seconds === undefined ? undefined : { id, deadlineMs: Math.round(seconds * 1000) };
}

function reportOf(scope: Scope, source: NonNullable<OperationSource['reports']>, paths: Set<string>): JobReport | undefined {
  const place = [...scope.place, 'reports'];
  const { job, done: doneText, ...numbers } = source;
  const ofRequest = isRequestField(job);
  if (ofRequest) readsField(scope, job, [...place, 'job']);
  else if (answerField(scope, job, [...place, 'job']) !== undefined) paths.add(job);
  const done = compileAnswerTruth(scope, doneText, [...place, 'done']);
  for (const path of done?.paths ?? []) paths.add(path);
  const quantities = Object.entries(numbers).flatMap(([name, text]): DeclaredQuantity[] => {
    const number = compileAnswerNumber(scope, text, [...place, name]);
    if (number === undefined) return [];
    for (const path of number.paths) paths.add(path);
    return [{ name, from: 'fields', read: number.read }];
  });
  if (done === undefined) return undefined;
  return {
    job: (inputs, answer) => {
      const value = ofRequest ? resolved(job, inputs, scope.rules) : answer(job);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    },
    done: done.holds,
    quantities,
  };
}
