// In a file of its own: a popup reads codes and need not load the shapes of all that a gateway answers.

// Without 0, 1, I, O, so that it can be read aloud. Ten of 32 are 50 bits; a wrong one costs its sender time.
export const PAIRING_CODE = /^[2-9A-HJ-NP-Z]{5}-?[2-9A-HJ-NP-Z]{5}$/;
