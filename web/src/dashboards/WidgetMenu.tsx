import { Menu } from '@mantine/core';
import { IconDots, IconListSearch, IconTableExport } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { exact } from '../domain/units';
import type { Answer } from './answer';
import { targetOf, useBoard } from './context';
import { download, fileName, toCsv } from './csv';
import { groupsOf, type Widget } from './document';
import { tabular } from './tabular';
import { useEvery } from './use-every';

const MOST = 1000;

/** What can be done with what a widget shows. */
export function WidgetMenu({ widget, answer }: { widget: Widget; answer: Answer | null }) {
  const board = useBoard();
  const navigate = useNavigate();
  const askEvery = useEvery(widget);
  const [problem, setProblem] = useState<string | null>(null);
  const save = (from: Answer) =>
    download(fileName(widget.title, 'csv'), 'text/csv;charset=utf-8', toCsv(tabular(widget, from)));
  const saveEvery = async () => {
    const told = await askEvery(MOST);
    if (told.problem) setProblem(told.problem);
    else if (told.answer) save(told.answer);
  };
  const openLogs = () => {
    if (!answer) return;
    navigate(targetOf(board, widget, { keys: [], from: answer.from, to: answer.to }));
  };
  const more = answer?.truncated && groupsOf(widget.query).length > 0;
  return (
    <Menu
      position="bottom-end"
      width={250}
      transitionProps={{ duration: 120 }}
      onClose={() => setProblem(null)}
    >
      <Menu.Target>
        <button
          type="button"
          className="icon-button small widget-tool"
          aria-label={`More for ${widget.title}`}
          data-testid="widget-menu"
        >
          <IconDots size={15} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconListSearch size={15} stroke={1.75} />}
          disabled={!answer}
          onClick={openLogs}
          data-testid="widget-logs"
        >
          Open in the logs
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTableExport size={15} stroke={1.75} />}
          disabled={!answer}
          onClick={() => answer && save(answer)}
          data-testid="widget-csv"
        >
          Download as CSV
        </Menu.Item>
        {more && (
          <Menu.Item
            leftSection={<IconTableExport size={15} stroke={1.75} />}
            onClick={saveEvery}
            closeMenuOnClick={false}
            data-testid="widget-csv-all"
          >
            {answer.groups > MOST
              ? `CSV of the first ${exact(MOST)} of ${exact(answer.groups)}`
              : `CSV of all ${exact(answer.groups)}`}
          </Menu.Item>
        )}
        {problem && <p className="menu-problem warn-ink">{problem}</p>}
      </Menu.Dropdown>
    </Menu>
  );
}
