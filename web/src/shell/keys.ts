/** Whether a key press belongs to a field, so that single-letter shortcuts keep out of it. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target as HTMLElement | null;
  return Boolean(
    target?.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]'),
  );
}

export interface KeyEntry {
  keys: string[];
  does: string;
}

export const KEYS: { title: string; entries: KeyEntry[] }[] = [
  {
    title: 'Graph',
    entries: [
      { keys: ['Tab'], does: 'Enter the graph at the last node' },
      { keys: ['←', '↑', '→', '↓'], does: 'Go to the nearest node in that direction' },
      { keys: ['[', ']'], does: 'Walk the edges of the node, busiest first' },
      { keys: ['Enter'], does: 'Show the node or edge in the panel' },
      { keys: ['Shift', 'Enter'], does: 'Choose the node beside others, as Shift and a click do' },
      { keys: ['Space'], does: 'Open or close the namespace' },
      { keys: ['Esc'], does: 'Clear the selection' },
      { keys: ['F'], does: 'Fit everything' },
      { keys: ['0'], does: 'Show at 100 %' },
      { keys: ['+', '-'], does: 'Zoom in or out' },
      { keys: ['R'], does: 'Lay everything out again' },
    ],
  },
  {
    title: 'What is shown',
    entries: [
      { keys: ['D'], does: 'Denied only, or all' },
      { keys: ['N'], does: 'New only, or all' },
      { keys: ['C'], does: 'Compare with the range before, then changes only, or all' },
      { keys: ['T'], does: 'Graph or table' },
      { keys: ['P'], does: 'Play the time window forward, or pause' },
      { keys: ['V'], does: 'Open or save a view' },
      { keys: ['L'], does: 'Live or paused' },
      { keys: ['.', ','], does: 'Step the time window forward or back' },
      { keys: ['/'], does: 'Type a filter' },
    ],
  },
  {
    title: 'Flow visualizer',
    entries: [
      { keys: ['←', '→'], does: 'Walk along the ring' },
      { keys: ['[', ']'], does: 'Walk the flows of the name, denied first, then the busiest' },
      { keys: ['Enter'], does: 'Show the name in the panel' },
      { keys: ['Space'], does: 'Go into the namespace or name' },
      { keys: ['Esc'], does: 'Clear the selection, then go back out' },
      { keys: ['+', '-'], does: 'Nearer to true volume, or let small ones be seen' },
      { keys: ['D'], does: 'Denied only, or all' },
      { keys: ['T'], does: 'Ring or table' },
      { keys: ['V'], does: 'Open or save a view' },
    ],
  },
  {
    title: 'Policies',
    entries: [
      { keys: ['←', '↑', '→', '↓'], does: 'Go to the policy beside it' },
      { keys: ['Enter'], does: 'Show the policy in the panel' },
      { keys: ['Esc'], does: 'Close the panel' },
      { keys: ['/'], does: 'Find a policy' },
      { keys: ['T'], does: 'Board or table' },
    ],
  },
  {
    title: 'Anywhere',
    entries: [
      { keys: ['Ctrl', 'K'], does: 'Search or run a command' },
      { keys: ['?'], does: 'Show these keys' },
    ],
  },
  {
    title: 'Logs',
    entries: [
      { keys: ['J', 'K'], does: 'Next or previous record' },
      { keys: ['←', '→'], does: 'Next or previous cell of the record' },
      { keys: ['Enter'], does: 'Open the record' },
      { keys: ['Esc'], does: 'Close the record' },
      { keys: ['F', 'X'], does: "Filter for the cell's value, or filter it out" },
      { keys: ['C'], does: "Copy the cell's value" },
      { keys: ['Alt', '←', '→'], does: 'Move the column whose head has the focus' },
      { keys: ['Shift', '←', '→'], does: 'Resize that column' },
    ],
  },
  {
    title: 'Dashboards, while editing',
    entries: [
      { keys: ['←', '↑', '→', '↓'], does: 'Move the widget' },
      { keys: ['Shift', '←', '↓'], does: 'Make it smaller or larger' },
      { keys: ['Enter'], does: 'Edit it' },
      { keys: ['Del'], does: 'Remove it' },
      { keys: ['Ctrl', 'Z'], does: 'Undo' },
      { keys: ['Ctrl', 'S'], does: 'Save' },
    ],
  },
  {
    title: 'What-if',
    entries: [
      { keys: ['↑', '↓'], does: 'Previous or next flip' },
      { keys: ['Enter'], does: 'Show how it was decided before and after' },
      { keys: ['Ctrl', 'Space'], does: 'What can stand here, while editing' },
      { keys: ['Esc', 'Tab'], does: 'Leave the editor' },
    ],
  },
  {
    title: 'Recommended policies',
    entries: [
      { keys: ['↑', '↓'], does: 'Go to the policy above or below' },
      { keys: ['Enter'], does: 'Show its rules and its YAML' },
      { keys: ['/'], does: 'Type what is unwanted' },
    ],
  },
  {
    title: 'Alerts',
    entries: [
      { keys: ['J', 'K'], does: 'Next or previous alert' },
      { keys: ['G'], does: 'Open the graph at that moment' },
    ],
  },
];
