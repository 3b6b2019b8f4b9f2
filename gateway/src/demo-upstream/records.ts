// A record API in Explorium's shape: match people, enrich businesses in batches; some are not found.
import { json, type Answer } from './answer.ts';
import type { Api } from './api.ts';
import type { Exchange } from './exchange.ts';
import { random } from './random.ts';
import { company, person, trade } from './words.ts';

const BATCH_MAX = 50;
const NOT_FOUND_SHARE = 0.2;
/** What a search found is there. */
const FOUND = 'b-';
/** Where nobody says how large a page is. */
const PAGE_ROWS = 25;
const PAGE_MAX_ROWS = 100;
const PAGES_MAX = 1_000;

export function records(): Api {
  return {
    owns: (path) => /^\/v1\/(prospects|businesses)(\/|$)/.test(path),
    refuse,
    answer: async (exchange) => {
      const key = exchange.header('api_key') ?? '';
      // A gateway's own key has no business here.
      if (key === '' || key.startsWith('tg_')) return refuse(401, 'Invalid or missing api_key');
      switch (`${exchange.method} ${exchange.path}`) {
        case 'POST /v1/prospects/match':
          return match(exchange);
        case 'POST /v1/businesses/enrich':
          return enrich(exchange);
        case 'POST /v1/businesses':
          return search(exchange);
        default:
          return business(exchange);
      }
    },
  };
}

function refuse(status: number, message: string): Answer {
  return json({ detail: message }, status);
}

/** As FastAPI words it. */
function unprocessable(field: string, message: string): Answer {
  return json({ detail: [{ type: 'value_error', loc: ['body', field], msg: message }] }, 422);
}

async function match(exchange: Exchange): Promise<Answer> {
  const asked = await batch(exchange, 'prospects_to_match');
  if (!Array.isArray(asked)) return asked;
  const matched = asked.map((input) => {
    const chance = random(exchange.around.seed, JSON.stringify(input));
    return {
      input,
      prospect_id: chance.chance(NOT_FOUND_SHARE) ? null : chance.letters(40).toLowerCase(),
      full_name: person(chance),
    };
  });
  const found = matched.filter((one) => one.prospect_id !== null).length;
  const body = {
    response_context: context(exchange),
    total_results: asked.length,
    total_matches: found,
    matched_prospects: matched,
  };
  return { ...json(body), tells: { total_results: asked.length, total_matches: found } };
}

async function enrich(exchange: Exchange): Promise<Answer> {
  const ids = await batch(exchange, 'business_ids');
  if (!Array.isArray(ids)) return ids;
  const data = ids.map((id) => ({ business_id: id, data: profile(exchange, String(id)) ?? null }));
  const notFound = data.filter((one) => one.data === null).map((one) => one.business_id);
  const found = data.length - notFound.length;
  const body = { response_context: context(exchange), total_results: data.length, total_found: found, not_found: notFound, data };
  return { ...json(body), tells: { total_results: data.length, total_found: found } };
}

/** One page of businesses; who asks says how large a page is. */
async function search(exchange: Exchange): Promise<Answer> {
  const { page_size: size = PAGE_ROWS, page = 1, filters } = (await exchange.object()) ?? {};
  if (!isCount(size, PAGE_MAX_ROWS)) return unprocessable('page_size', `Input should be 1 to ${PAGE_MAX_ROWS}`);
  if (!isCount(page, PAGES_MAX)) return unprocessable('page', `Input should be 1 to ${PAGES_MAX}`);
  const asked = JSON.stringify(filters ?? {});
  const total = random(exchange.around.seed, 'search', asked).whole(3, 400);
  const count = Math.max(0, Math.min(size, total - (page - 1) * size));
  const data = Array.from({ length: count }, (_, at) => {
    const chance = random(exchange.around.seed, 'found', asked, (page - 1) * size + at);
    return profile(exchange, `${FOUND}${chance.letters(12).toLowerCase()}`);
  });
  const body = {
    response_context: context(exchange),
    data,
    page,
    total_results: total,
    total_pages: Math.ceil(total / size),
  };
  return { ...json(body), tells: { total_results: total, found: data.length } };
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
}

function business(exchange: Exchange): Answer {
  const id = /^\/v1\/businesses\/([^/]+)$/.exec(exchange.path)?.[1];
  if (exchange.method !== 'GET' || id === undefined) return refuse(404, 'Not Found');
  const found = profile(exchange, id);
  return found === undefined
    ? refuse(404, `Business ${id} not found`)
    : json({ response_context: context(exchange), data: found });
}

/** The items of a batch, or the refusal. */
async function batch(exchange: Exchange, field: string): Promise<unknown[] | Answer> {
  const ask = await exchange.object();
  const items = ask?.[field];
  if (!Array.isArray(items)) return unprocessable(field, 'Field required');
  if (items.length === 0 || items.length > BATCH_MAX) return unprocessable(field, `List should have 1 to ${BATCH_MAX} items`);
  return items as unknown[];
}

/** What is known of a business: the same for the same id and seed. Ids that begin with `missing` are never found, those of a search always. */
function profile(exchange: Exchange, id: string): object | undefined {
  const chance = random(exchange.around.seed, 'business', id);
  if (id.startsWith('missing') || (!id.startsWith(FOUND) && chance.chance(NOT_FOUND_SHARE))) return undefined;
  const name = company(chance);
  return {
    business_id: id,
    name,
    website: `https://${name.toLowerCase().replaceAll(' ', '-')}.example`,
    industry: trade(chance),
    number_of_employees: chance.whole(4, 12_000),
    yearly_revenue_usd: chance.whole(1, 900) * 1_000_000,
    country: chance.pick(['pt', 'de', 'br', 'us', 'in', 'ke']),
  };
}

function context(exchange: Exchange): object {
  return { correlation_id: exchange.id('', 32).toLowerCase(), request_status: 'success', time_took_in_seconds: 0.12 };
}
