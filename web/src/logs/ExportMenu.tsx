import { Menu } from '@mantine/core';
import { IconChevronDown, IconTableExport } from '@tabler/icons-react';
import { useState } from 'react';
import { session } from '../api/session';
import { KINDS } from '../domain/log-kinds';
import { exact } from '../domain/units';
import type { Column } from './columns';
import { download, exportAddress, type Form } from './exporting';
import type { Question } from './use-question';

const FORMS: readonly { form: Form; label: string; note: string }[] = [
  { form: 'csv', label: 'CSV', note: 'For spreadsheets: text that looks like a formula is written as text' },
  { form: 'ndjson', label: 'NDJSON', note: 'One JSON object a line, values unchanged' },
];

interface Props {
  question: Question;
  columns: readonly Column[];
  total: string | null;
}

/** All that matches as a file, of any size; what it will hold is said before it starts. */
export function ExportMenu({ question, columns, total }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const info = KINDS[question.kind];
  const fields = new Set(columns.flatMap((column) => column.fields)).size;
  return (
    <Menu position="bottom-end" width={300} transitionProps={{ duration: 120 }}>
      <Menu.Target>
        <button
          type="button"
          className="button"
          disabled={total === null}
          data-testid="export"
          onClick={() => setProblem(null)}
        >
          <IconTableExport size={15} stroke={1.75} aria-hidden />
          <span className="wide-only">Export</span>
          <span className="visually-hidden"> as a file</span>
          <IconChevronDown size={14} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {total !== null &&
            `${exact(total)} ${Number(total) === 1 ? info.one : info.many}, ${fields} fields each`}
        </Menu.Label>
        {FORMS.map(({ form, label, note }) => {
          const address = exportAddress(question, columns, form);
          const words = (
            <>
              {label}
              <span className="preset-question t3">{note}</span>
            </>
          );
          const name = `${info.slug}.${form}`;
          return session.token() ? (
            <Menu.Item
              key={form}
              data-testid={`export-${form}`}
              closeMenuOnClick={false}
              onClick={async () => setProblem(await download(address, name))}
            >
              {words}
            </Menu.Item>
          ) : (
            <Menu.Item key={form} component="a" href={address} download={name} data-testid={`export-${form}`}>
              {words}
            </Menu.Item>
          );
        })}
        {problem && (
          <p className="export-problem deny-ink" role="alert">
            {problem}
          </p>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
