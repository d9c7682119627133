import { Compare } from './Compare';
import { Grouped } from './Grouped';
import { Unanswered } from './Unanswered';
import type { Chosen } from './use-preset';
import type { Question } from './use-question';

/** The answer of a preset that is no list of records. */
export function PresetView({ question, preset }: { question: Question; preset: Chosen }) {
  const { view, grouping, openGroup } = preset;
  if (view === 'unanswered') return <Unanswered question={question} onPick={openGroup} />;
  if (!grouping) return null;
  const Shown = view === 'compare' ? Compare : Grouped;
  return <Shown question={question} query={grouping} onPick={openGroup} />;
}
