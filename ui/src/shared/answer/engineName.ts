/** What an engine is called in front of people, for pages beside the trace. */
import { engineName } from "./trace";
import { useAnswerWords } from "./words";

export function useEngineName(): (engine: string) => string {
  const say = useAnswerWords();
  return (engine) => engineName(engine, say);
}
