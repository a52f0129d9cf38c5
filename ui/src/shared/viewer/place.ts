/** What to open in a document: a page from 1, the words to mark, and where they begin in its text. */
export type Place = {
  page?: number | null;
  quote?: string;
  /** In Unicode scalar values, as the API counts. */
  start?: number | null;
};
