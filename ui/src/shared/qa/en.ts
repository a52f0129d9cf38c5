export const en = {
  cancel: "Cancel",
  save: "Save",
  saveAnyway: "Save all the same",
  same: "There is an answer to this already.",
  sameOpen: "Open it",
  questions: "Questions",
  questionsHelp: "One a line. Several ways to ask the same thing find it better.",
  answer: "Answer",
  answerHelp: "Customers get exactly these words.",
} as const;
