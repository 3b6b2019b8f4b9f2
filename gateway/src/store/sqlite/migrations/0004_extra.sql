-- Each call that draws extra credits makes a grant of its own: a bill adds up those of one cycle, without a look at all the others.
CREATE INDEX grants_extra ON grants (account, effective_at) WHERE account >= 'extra:' AND account < 'extra;';
