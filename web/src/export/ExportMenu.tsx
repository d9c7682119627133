import './export.css';
import { Menu } from '@mantine/core';
import { IconTableExport } from '@tabler/icons-react';
import { useState } from 'react';
import { download, fileName } from '../dashboards/csv';
import type { Graph } from '../domain/graph';

interface Props {
  /** What it shows, and of when: the name of the file and the title within. */
  title: string;
  /** Null where nothing is drawn, as in the table. */
  picture: () => Element | null;
  drawn: boolean;
  graph: Graph | null;
  /** The API's answer to what is shown. */
  ask: () => Promise<unknown>;
}

const FORMS = [
  { form: 'png', label: 'PNG', note: 'The picture as it is drawn now', picture: true },
  { form: 'svg', label: 'SVG', note: 'The same, to be enlarged or edited', picture: true },
  { form: 'dot', label: 'DOT', note: 'Names, edges and counts for Graphviz', picture: false },
  { form: 'json', label: 'JSON', note: "The API's answer, unchanged", picture: false },
] as const;
type Form = (typeof FORMS)[number]['form'];

/** What is shown as a file. The parts that make one are loaded when one is asked for. */
export function ExportMenu({ title, picture, drawn, graph, ask }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (form: Form) => {
    setProblem(null);
    try {
      const file = await made(form, { title, picture, graph, ask });
      if (file) download(fileName(title, form), file.type, file.content);
    } catch (reason) {
      setProblem(reason instanceof Error ? reason.message : String(reason));
    }
  };
  return (
    <Menu position="bottom-end" width={260} transitionProps={{ duration: 120 }}>
      <Menu.Target>
        <button
          type="button"
          className="button small"
          disabled={!graph}
          aria-label="Export what is shown"
          title="Export what is shown"
          data-testid="export-view"
        >
          <IconTableExport size={15} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMS.map(({ form, label, note, picture: needs }) => (
          <Menu.Item
            key={form}
            data-testid={`export-${form}`}
            disabled={needs && !drawn}
            closeMenuOnClick={form !== 'json'}
            onClick={() => make(form)}
          >
            {label}
            <span className="t3 export-note">
              {needs && !drawn ? 'Only of the picture, not of the table' : note}
            </span>
          </Menu.Item>
        ))}
        {problem && (
          <p className="view-export-problem deny-ink" role="alert">
            {problem}
          </p>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface File {
  type: string;
  content: BlobPart;
}

async function made(form: Form, { title, picture, graph, ask }: Omit<Props, 'drawn'>): Promise<File | null> {
  if (form === 'json') {
    return { type: 'application/json', content: `${JSON.stringify(await ask(), null, 2)}\n` };
  }
  if (form === 'dot') {
    const { toDot } = await import('./dot');
    return graph && { type: 'text/vnd.graphviz', content: toDot(graph, title) };
  }
  const root = picture();
  if (!root) return null;
  const { drawnPicture } = await import('./take');
  const taken = drawnPicture(root, title);
  if (form === 'svg') {
    const { toSvg } = await import('./picture');
    return { type: 'image/svg+xml', content: toSvg(taken) };
  }
  const { toPng } = await import('./paint');
  return { type: 'image/png', content: await toPng(taken) };
}
