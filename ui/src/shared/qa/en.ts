export const en = {
  cancel: "Cancel",
  save: "Save",
  questions: "Questions",
  questionsHelp: "One a line. Several ways to ask the same thing find it better.",
  answer: "Answer",
  answerHelp: "Customers get exactly these words.",
} as const;
