// The one table of refusals: code → status and title (decision 6). Every code has a heading in docs/failure-modes.md.

export const ERRORS = {
  // Who is asking
  key_missing: { status: 401, title: 'No key' },
  key_unknown: { status: 401, title: 'This key is not valid' },
  scope_insufficient: { status: 403, title: 'This key may not do that' },
  // What is asked
  path_ambiguous: { status: 400, title: 'Ambiguous path' },
  request_malformed: { status: 400, title: 'Malformed request' },
  method_refused: { status: 405, title: 'Method not allowed' },
  unpriced_operation: { status: 404, title: 'No price for this route' },
  not_found: { status: 404, title: 'Not found' },
  body_unreadable: { status: 400, title: 'The body can not be read' },
  body_too_large: { status: 413, title: 'The body is too large' },
  field_invalid: { status: 400, title: 'A priced field is not valid' },
  input_invalid: { status: 422, title: 'Not understood, and nothing was changed' },
  value_unknown: { status: 400, title: 'No price for this value' },
  // What it costs
  insufficient_credits: { status: 402, title: 'Not enough credits' },
  call_maximum: { status: 402, title: 'Could cost more than Credits-Max' },
  // How fast
  rate_limited: { status: 429, title: 'Too many calls a minute' },
  concurrency_limited: { status: 429, title: 'Too many calls at once' },
  // Once
  idempotency_running: { status: 409, title: 'The first call with this key is still running' },
  idempotency_spent: { status: 409, title: 'This call was made and its answer is not kept' },
  idempotency_mismatch: { status: 422, title: 'This key was used for another call' },
  conflict: { status: 409, title: 'Changed or ended meanwhile' },
  // Who takes the money
  signature_invalid: { status: 400, title: 'Not from the payment account' },
  payments_unavailable: { status: 503, title: 'The payment account does not answer' },
  // Where it went
  operation_suspended: { status: 503, title: 'This operation is suspended' },
  gateway_busy: { status: 503, title: 'Too many calls at once' },
  gateway_draining: { status: 503, title: 'Shutting down' },
  ledger_unavailable: { status: 503, title: 'The ledger does not answer' },
  upstream_unreachable: { status: 502, title: 'The upstream can not be reached' },
  upstream_broke: { status: 502, title: 'The upstream broke off' },
  upstream_timeout: { status: 504, title: 'The upstream did not answer in time' },
  internal: { status: 500, title: 'A fault of the gateway' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;
