// Counts rows while they pass, of CSV and of JSON lines. A row counts from its first character, so that a cut can come before it.

export interface RowCount {
  /** The next piece, cut anywhere. */
  text(piece: string): void;
  /** Rows begun so far. */
  rows(): number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Records of RFC 4180 without the header: quotes hide commas and line ends, `""` is a quote, lines end with CRLF, LF or CR, the last
 * one may end with the text. A blank line is a record only where there is one column, because only there it can say something.
 */
export function countCsvRows(): RowCount {
  let records = 0;
  let begun = false;
  let columns = 1;
  let quoted = false;
  let fieldStart = true;
  let afterReturn = false;

  function endLine(): void {
    if (begun || (records > 0 && columns === 1)) records += 1;
    begun = false;
    fieldStart = true;
  }

  return {
    text(piece) {
      for (let i = 0; i < piece.length; i++) {
        const code = piece.charCodeAt(i);
        const secondOfPair = afterReturn && code === NEWLINE;
        afterReturn = !quoted && code === RETURN;
        if (secondOfPair || (code === BYTE_ORDER_MARK && records === 0 && !begun)) continue;
        if (quoted) {
          // A doubled quote closes and opens again, which counts the same as staying inside.
          if (code === QUOTE) quoted = false;
          fieldStart = code === QUOTE;
        } else if (code === NEWLINE || code === RETURN) endLine();
        else {
          begun = true;
          if (code === QUOTE && fieldStart) quoted = true;
          if (code === COMMA && records === 0) columns += 1;
          fieldStart = code === COMMA;
        }
      }
    },
    rows: () => Math.max(0, records + (begun ? 1 : 0) - 1),
  };
}

/** Lines that hold more than blanks; the last one may end with the text. */
export function countJsonLines(): RowCount {
  let lines = 0;
  let begun = false;
  return {
    text(piece) {
      let from = 0;
      while (from < piece.length) {
        const newline = piece.indexOf('\n', from);
        const to = newline === -1 ? piece.length : newline;
        if (!begun && piece.slice(from, to).trim() !== '') {
          begun = true;
          lines += 1;
        }
        if (newline !== -1) begun = false;
        from = to + 1;
      }
    },
    rows: () => lines,
  };
}
