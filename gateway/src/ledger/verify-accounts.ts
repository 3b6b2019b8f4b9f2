// Accounts and grants are folds of their entries and of the open holds. They are re-added one account at a time, over four streams in
// the order of accounts.
import { Cursor, byteOrder } from './cursor.ts';
import { entryHash, grantDigest } from './digest.ts';
import { ABSORBED } from './entry.ts';
import type { Account, Entry, Grant } from './rows.ts';
import type { Finding, VerifyStore } from './verify.ts';

export async function* verifyAccounts(store: VerifyStore): AsyncGenerator<Finding> {
  const accounts = await Cursor.open(store.accounts());
  const entries = await Cursor.open(store.entries());
  const grants = await Cursor.open(store.grants());
  const holdings = await Cursor.open(store.holdings());
  for (;;) {
    const heads = [accounts.head?.id, entries.head?.account, grants.head?.account, holdings.head?.account];
    const id = heads.filter((head) => head !== undefined).sort(byteOrder)[0];
    if (id === undefined) return;
    const fold = new AccountFold(id);
    if (accounts.head?.id === id) {
      fold.row = accounts.head;
      await accounts.step();
    }
    for (; grants.head?.account === id; await grants.step()) fold.addGrant(grants.head);
    for (; holdings.head?.account === id; await holdings.step()) fold.addHolding(holdings.head);
    for (; entries.head?.account === id; await entries.step()) {
      fold.addEntry(entries.head);
      yield* fold.take();
    }
    fold.finish();
    yield* fold.take();
  }
}

interface GrantFold {
  row: Grant;
  spent: number;
  ended: number;
  held: number;
  made: number;
  voidedAt: number | null;
}

/** What the entries of one account, as they come, make of it and of its grants. */
class AccountFold {
  readonly id: string;
  row: Account | undefined;
  #findings: Finding[] = [];
  readonly #grants = new Map<string, GrantFold>();
  #held = 0;
  #number = 0;
  #balance = 0;
  #chain = '';

  constructor(id: string) {
    this.id = id;
  }

  addGrant(row: Grant): void {
    this.#grants.set(row.id, { row, spent: 0, ended: 0, held: 0, made: 0, voidedAt: null });
  }

  addHolding({ grant, held }: { grant: string; held: number }): void {
    this.#held += held;
    const fold = this.#grants.get(grant);
    if (fold === undefined) this.#find('grants', grant, 'open calls hold of it, and it is not there');
    else fold.held += held;
  }

  addEntry(entry: Entry): void {
    const id = `${entry.account} ${entry.number}`;
    if (entry.number !== this.#number + 1) this.#find('entries', id, `it follows on number ${this.#number}`);
    if (entry.before !== this.#balance)
      this.#find('entries', id, `before is ${entry.before}, the entry before it left ${this.#balance}`);
    if (entry.after !== entry.before + entry.delta) this.#find('entries', id, 'after is not before + delta');
    if (entry.hash !== entryHash(this.#chain, entry))
      this.#find('entries', id, 'its hash does not fit its fields and the entry before it');
    this.#number = entry.number;
    this.#balance = entry.after;
    this.#chain = entry.hash;
    const problem = this.#apply(entry);
    if (problem !== undefined) this.#find('entries', id, problem);
  }

  /** Compares the rows with what was folded. */
  finish(): void {
    const { row } = this;
    if (row === undefined) this.#find('accounts', this.id, 'it is missing');
    else {
      this.#compare('accounts', this.id, row, {
        balance: this.#balance,
        held: this.#held,
        entries: this.#number,
        chain: this.#chain,
      });
    }
    let left = 0;
    for (const { row: grant, spent, ended, held, made, voidedAt } of this.#grants.values()) {
      left += grant.amount - spent - ended;
      if (made !== 1) this.#find('grants', grant.id, made === 0 ? 'no entry makes it' : `${made} entries make it`);
      this.#compare('grants', grant.id, grant, { spent, ended, held, voidedAt });
    }
    if (this.id !== ABSORBED && left !== this.#balance) {
      this.#find('accounts', this.id, `its grants have ${left} left, its entries ${this.#balance}`);
    }
  }

  /** The findings so far, once. */
  take(): Finding[] {
    const found = this.#findings;
    if (found.length > 0) this.#findings = [];
    return found;
  }

  /** Counts an entry for the grants that it names. */
  #apply(entry: Entry): string | undefined {
    switch (entry.kind) {
      case 'charge':
        return entry.delta < 0 ? this.#spend(entry) : 'a charge must take something';
      case 'correct':
        return entry.delta < 0 ? this.#spend(entry) : this.#make(entry);
      case 'grant':
        return this.#make(entry);
      case 'expire':
      case 'void':
        return this.#end(entry);
      case 'absorb':
        return this.id === ABSORBED && entry.delta > 0 ? undefined : 'only the account absorbed absorbs';
      case 'accept-loss':
        return entry.delta === 0 ? undefined : 'accepting a loss moves nothing';
      default:
        return `there is no kind ${String(entry.kind)}`;
    }
  }

  #spend(entry: Entry): string | undefined {
    let sum = 0;
    for (const { account, grant, amount } of entry.parts) {
      const fold = this.#grants.get(grant);
      if (account !== this.id || fold === undefined)
        return `it draws on ${account} ${grant}, which is not a grant of this account`;
      fold.spent += amount;
      sum += amount;
    }
    return sum + entry.delta === 0 ? undefined : `its parts add up to ${sum}`;
  }

  #make(entry: Entry): string | undefined {
    const fold = this.#grants.get(entry.grantId ?? '');
    if (fold === undefined) return `it makes grant ${entry.grantId}, which is not there`;
    fold.made += 1;
    if (fold.row.amount !== entry.delta) return `it makes a grant of ${fold.row.amount}`;
    return entry.callDigest === grantDigest(fold.row) ? undefined : `grant ${entry.grantId} is not as it was made`;
  }

  #end(entry: Entry): string | undefined {
    const fold = this.#grants.get(entry.grantId ?? '');
    if (fold === undefined) return `it ends grant ${entry.grantId}, which is not there`;
    fold.ended -= entry.delta;
    if (entry.kind === 'void') fold.voidedAt = entry.at;
    return undefined;
  }

  #compare<T extends object>(table: string, id: string, row: T, right: Partial<Record<keyof T, unknown>>): void {
    for (const name of Object.keys(right) as (keyof T)[]) {
      if (row[name] !== right[name])
        this.#find(table, id, `${String(name)} is ${String(row[name])}, re-added it is ${String(right[name])}`);
    }
  }

  #find(table: string, id: string, problem: string): void {
    this.#findings.push({ table, id, problem });
  }
}
