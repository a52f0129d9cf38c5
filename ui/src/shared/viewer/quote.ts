// Finds a quote in a text that was cut into pieces (text items of a PDF page, blocks of a document).
// The two never agree to the letter: lines break words with hyphens, fonts join letters into ligatures,
// white space comes and goes, tables are read row by row. So the search goes from strict to lenient and
// says which pieces, from which character to which, are the quote.

/** A part of one piece; `from` and `to` count UTF-16 units, `to` is exclusive. */
export type Mark = { piece: number; from: number; to: number };

/**
 * What was found: `share` is how much of the quote's words stand in the text, 0..=1. `isSure`: it is the
 * quote and not only words like it; the same words with another number are another quote.
 */
export type Found = { marks: Mark[]; share: number; isSure: boolean };

/** Below this share of words a likeness is taken for chance. */
const LEAST_SHARE = 0.55;
/** A row of a table with fewer letters than this could stand anywhere. */
const LEAST_ROW = 6;
/** From this share on, with every number in it, what is like the quote is the quote. */
const SURE_SHARE = 0.7;
/** The lenient search costs pieces times quote; a quote is read up to this many words. */
const MOST_WORDS = 200;
/** And a text up to this many. */
const MOST_TEXT = 30_000;

/**
 * The place of `quote` in `pieces`, or of what is most like it, or nothing. Of several equal places the one
 * nearest to the piece `near` is taken, else the first.
 */
export function findQuote(pieces: readonly string[], quote: string, near = 0): Found | undefined {
  return findExactly(pieces, quote, near) ?? findRows(pieces, quote, near) ?? findAlike(pieces, quote);
}

/** The place where the letters of `quote` stand one after the other, whatever lies between them. */
export function findExactly(pieces: readonly string[], quote: string, near = 0): Found | undefined {
  for (const keep of [withoutSpaces, lettersAndDigits]) {
    const wanted = fold([quote], keep).letters;
    if (wanted.length === 0) continue;
    const text = fold(pieces, keep);
    const at = nearestOccurrence(text, wanted, near);
    if (at !== undefined)
      return { marks: marksOf(text.places, pieces, at, at + wanted.length), share: 1, isSure: true };
  }
  return undefined;
}

/** The rows of a table, of which a quote says `column: value; column: value` while the page has the values alone. */
function findRows(pieces: readonly string[], quote: string, near: number): Found | undefined {
  const rows = quote.split("\n").map(valuesOf);
  const found = rows.map((row) =>
    row === undefined ? undefined : (findExactly(pieces, row, near) ?? findAlike(pieces, row)),
  );
  const share = found.reduce((sum, row) => sum + (row?.share ?? 0), 0) / rows.length;
  if (share < LEAST_SHARE) return undefined;
  return {
    marks: found.flatMap((row) => row?.marks ?? []),
    share,
    isSure: found.every((row) => row?.isSure),
  };
}

function valuesOf(row: string): string | undefined {
  const cells = row.split("; ");
  if (cells.length < 2 || !cells.every((cell) => cell.includes(": "))) return undefined;
  const values = cells.map((cell) => cell.slice(cell.indexOf(": ") + 2)).join(" ");
  return fold([values], lettersAndDigits).letters.length < LEAST_ROW ? undefined : values;
}

type Place = { piece: number; from: number; to: number };
type Folded = { letters: string; places: Place[] };

const SPACES_AND_HYPHENS = /[\s\p{Cf}\p{Pd}\u00ad\u2022\u2212\ufffd]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

function withoutSpaces(letter: string): boolean {
  return !SPACES_AND_HYPHENS.test(letter);
}

function lettersAndDigits(letter: string): boolean {
  return LETTER_OR_DIGIT.test(letter);
}

/** The letters that count, each with the place it came from. A ligature becomes several letters of one place. */
function fold(pieces: readonly string[], keep: (letter: string) => boolean): Folded {
  const letters: string[] = [];
  const places: Place[] = [];
  pieces.forEach((text, piece) => {
    let from = 0;
    for (const character of text) {
      const to = from + character.length;
      for (const letter of plain(character)) {
        if (!keep(letter)) continue;
        for (let unit = 0; unit < letter.length; unit += 1) places.push({ piece, from, to });
        letters.push(letter);
      }
      from = to;
    }
  });
  return { letters: letters.join(""), places };
}

const ALIKE: Record<string, string> = {
  "«": '"',
  "»": '"',
  "“": '"',
  "”": '"',
  "„": '"',
  "’": "'",
  "‘": "'",
};

function plain(character: string): string {
  if (character >= "a" && character <= "z") return character;
  const folded = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return ALIKE[folded] ?? folded;
}

function nearestOccurrence(text: Folded, wanted: string, near: number): number | undefined {
  let best: number | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let at = text.letters.indexOf(wanted); at !== -1; at = text.letters.indexOf(wanted, at + 1)) {
    const distance = Math.abs((text.places[at]?.piece ?? 0) - near);
    if (distance < bestDistance) {
      best = at;
      bestDistance = distance;
    }
  }
  return best;
}

/** One mark for each piece that the letters from `begin` to `end` touch; pieces wholly inside are marked whole. */
function marksOf(places: readonly Place[], pieces: readonly string[], begin: number, end: number): Mark[] {
  const first = places[begin];
  const last = places[end - 1];
  if (!first || !last) return [];
  const marks: Mark[] = [];
  for (let piece = first.piece; piece <= last.piece; piece += 1) {
    const from = piece === first.piece ? first.from : 0;
    const to = piece === last.piece ? last.to : (pieces[piece]?.length ?? 0);
    if (to > from) marks.push({ piece, from, to });
  }
  return marks;
}

type Word = { text: string } & Place;

function wordsOf(pieces: readonly string[]): Word[] {
  return pieces.flatMap((text, piece) =>
    [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((match) => ({
      text: [...match[0]].map(plain).join(""),
      piece,
      from: match.index,
      to: match.index + match[0].length,
    })),
  );
}

/**
 * The stretch of words that is most like the quote: Smith and Waterman's local alignment, with words for
 * letters (J. Mol. Biol. 147, 1981). Only the words that agree are marked.
 */
function findAlike(pieces: readonly string[], quote: string): Found | undefined {
  const text = wordsOf(pieces).slice(0, MOST_TEXT);
  const wanted = wordsOf([quote]).slice(0, MOST_WORDS);
  if (text.length === 0 || wanted.length < 2) return undefined;

  const width = wanted.length + 1;
  const scores = new Float32Array((text.length + 1) * width);
  let best = 0;
  for (let row = 1; row <= text.length; row += 1) {
    for (let column = 1; column < width; column += 1) {
      const agrees = text[row - 1]?.text === wanted[column - 1]?.text;
      const score = Math.max(
        0,
        (scores[(row - 1) * width + column - 1] ?? 0) + (agrees ? 2 : -1),
        (scores[(row - 1) * width + column] ?? 0) - 0.5,
        (scores[row * width + column - 1] ?? 0) - 0.5,
      );
      scores[row * width + column] = score;
      if (score > (scores[best] ?? 0)) best = row * width + column;
    }
  }

  const agreed = agreedWords(scores, width, best, text, wanted);
  const share = agreed.length / wanted.length;
  if (share < LEAST_SHARE) return undefined;
  const hasItsNumbers = numbers(agreed) >= numbers(wanted);
  return { marks: joined(agreed, pieces), share, isSure: hasItsNumbers && share >= SURE_SHARE };
}

function numbers(words: readonly Word[]): number {
  return words.filter((word) => /\p{N}/u.test(word.text)).length;
}

function agreedWords(
  scores: Float32Array,
  width: number,
  end: number,
  text: readonly Word[],
  wanted: readonly Word[],
): Word[] {
  const agreed: Word[] = [];
  let at = end;
  while ((scores[at] ?? 0) > 0) {
    const row = Math.floor(at / width);
    const column = at % width;
    const word = text[row - 1];
    const agrees = word !== undefined && word.text === wanted[column - 1]?.text;
    const score = scores[at] ?? 0;
    if (score === (scores[at - width - 1] ?? 0) + (agrees ? 2 : -1)) {
      if (agrees) agreed.push(word);
      at -= width + 1;
    } else if (score === (scores[at - width] ?? 0) - 0.5) {
      at -= width;
    } else {
      at -= 1;
    }
  }
  return agreed.reverse();
}

/** Neighbouring words of one piece become one mark, so that the eye sees a line and not confetti. */
function joined(words: readonly Word[], pieces: readonly string[]): Mark[] {
  const marks: Mark[] = [];
  for (const word of words) {
    const last = marks.at(-1);
    const between = last ? (pieces[word.piece] ?? "").slice(last.to, word.from) : "";
    if (last && last.piece === word.piece && between.length <= 3) last.to = word.to;
    else marks.push({ piece: word.piece, from: word.from, to: word.to });
  }
  return marks;
}
