// What each of the imitated APIs implements, one per file.
import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';

export interface Api {
  /** True for the paths that are its own. */
  owns(path: string): boolean;
  /** An error as this API words it. */
  refuse(status: number, message: string): Answer;
  answer(exchange: Exchange): Promise<Answer>;
}
