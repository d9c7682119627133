import './layers.css';
import { Popover } from '@mantine/core';
import {
  IconChevronDown,
  IconEye,
  IconEyeDotted,
  IconEyeOff,
  IconPencil,
  IconPlus,
  IconStack2,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { SavedLayer } from '../api/layers';
import { visible } from '../domain/names';
import { plural } from '../domain/units';
import type { UrlState } from '../domain/url-state';
import type { Update } from '../shell/use-url-state';
import { EditLayer } from './EditLayer';
import { DNS, INFRA, isBuiltIn, type LayerMember } from './layer';
import { LAYER_STATES, type LayerState, type Placed, placedWords, placesOf, withPlace } from './standing';
import type { Layers } from './use-layers';

interface Props {
  state: UrlState;
  update: Update;
  layers: Layers;
  placed: readonly Placed[];
  /** Those that are selected on the graph, as members. */
  chosen: readonly LayerMember[];
  onOpen: () => void;
  onSaved: () => void;
}

const STATES: Record<LayerState, [typeof IconEye, string]> = {
  shown: [IconEye, 'Shown'],
  dimmed: [IconEyeDotted, 'Dimmed'],
  hidden: [IconEyeOff, 'Hidden'],
};
const glyph = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** Layers: each shown, dimmed or hidden, which the address keeps; made, changed and deleted. */
export function LayersMenu({ state, update, layers, placed, chosen, onOpen, onSaved }: Props) {
  const [opened, setOpened] = useState(false);
  const [edited, setEdited] = useState<{ layer: SavedLayer | null; members: readonly LayerMember[] } | null>(
    null,
  );
  const words = placedWords(placed, state.layers);
  const known = new Set(layers.all?.map(({ id }) => id));
  const unknown =
    layers.all === null
      ? []
      : [...placesOf(state.layers).keys()].filter((id) => !known.has(id) && !isBuiltIn(id));
  const place = (id: string, next: LayerState) =>
    update(id === INFRA.id ? { infra: next } : { layers: withPlace(state.layers, id, next) });
  const edit = (layer: SavedLayer | null, members: readonly LayerMember[]) => {
    setOpened(false);
    setEdited({ layer, members });
  };
  const drop = (ids: readonly string[]) =>
    update({ layers: ids.reduce((texts, id) => withPlace(texts, id, 'shown'), state.layers) });

  return (
    <>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-start"
        width={340}
        trapFocus
        transitionProps={{ duration: 120 }}
      >
        <Popover.Target>
          <button
            type="button"
            className="button small"
            data-testid="menu-layers"
            aria-label={`Layers: ${visible(words)}`}
            title={`Layers: ${visible(words)}`}
            onClick={() => {
              onOpen();
              setOpened((open) => !open);
            }}
          >
            <IconStack2 {...glyph} />
            <span className="choice-what">Layers: </span>
            <span className="layers-words cut">{visible(words)}</span>
            <IconChevronDown size={13} stroke={1.75} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Layers" className="layers-menu">
          {layers.problem && <p className="deny-ink">The layers did not answer: {visible(layers.problem)}</p>}
          <ul>
            {placed.map(({ layer, state: its }) => (
              <Row
                key={layer.id}
                title={layer.id === INFRA.id ? 'Infrastructure' : layer.title}
                note={noteOf(layers.all?.find(({ id }) => id === layer.id) ?? layer.id)}
                state={its}
                onPlace={(next) => place(layer.id, next)}
                onEdit={editing(
                  layers.all?.find(({ id }) => id === layer.id),
                  edit,
                )}
              />
            ))}
          </ul>
          {layers.all?.length === 0 && (
            <p className="t2">
              None is saved yet. A layer keeps nodes or flows under a name, to step back together.
            </p>
          )}
          {unknown.length > 0 && (
            <p className="t2">
              The address names {plural(unknown.length, 'layer')} that {unknown.length === 1 ? 'is' : 'are'}{' '}
              gone or not shared with you.{' '}
              <button type="button" className="link" onClick={() => drop(unknown)}>
                Forget {unknown.length === 1 ? 'it' : 'them'}
              </button>
            </p>
          )}
          <div className="layers-buttons">
            {chosen.length > 0 && (
              <button
                type="button"
                className="button small"
                data-testid="layer-chosen"
                onClick={() => edit(null, chosen)}
              >
                <IconPlus {...glyph} />
                {chosen.length === 1
                  ? 'Selected node as a layer'
                  : `${chosen.length} selected nodes as a layer`}
              </button>
            )}
            <button
              type="button"
              className="button small"
              data-testid="layer-new"
              onClick={() => edit(null, [])}
            >
              <IconPlus {...glyph} />
              New layer
            </button>
            {words !== 'all shown' && (
              <button
                type="button"
                className="button small"
                data-testid="layers-restore"
                onClick={() => update({ infra: 'shown', layers: [] })}
              >
                <IconEye {...glyph} />
                Show all
              </button>
            )}
          </div>
          <p className="t3 layers-hint">Shift and a click choose several nodes.</p>
        </Popover.Dropdown>
      </Popover>
      {edited && (
        <EditLayer
          {...edited}
          layers={layers}
          onClose={() => setEdited(null)}
          onSaved={onSaved}
          onDeleted={(id) => drop([id])}
        />
      )}
    </>
  );
}

const editing = (
  layer: SavedLayer | undefined,
  edit: (layer: SavedLayer, members: readonly LayerMember[]) => void,
) => (layer?.editable ? () => edit(layer, layer.members) : null);

interface RowProps {
  title: string;
  note: string;
  state: LayerState;
  onPlace: (state: LayerState) => void;
  onEdit: (() => void) | null;
}

function Row({ title, note, state, onPlace, onEdit }: RowProps) {
  return (
    <li data-testid="layer" data-title={title} data-state={state}>
      <span className="layer-words">
        <span className="cut">{visible(title)}</span>
        {note && <span className="t3 cut">{note}</span>}
      </span>
      {onEdit && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Change ${visible(title)}`}
          title="Change or delete it"
          data-testid="layer-edit"
          onClick={onEdit}
        >
          <IconPencil size={14} stroke={1.75} aria-hidden />
        </button>
      )}
      <fieldset className="segments" aria-label={visible(title)}>
        {LAYER_STATES.map((each) => {
          const [Icon, word] = STATES[each];
          return (
            <button
              key={each}
              type="button"
              aria-pressed={state === each}
              aria-label={word}
              title={word}
              data-testid={`layer-${each}`}
              onClick={() => onPlace(each)}
            >
              <Icon {...glyph} />
            </button>
          );
        })}
      </fieldset>
    </li>
  );
}

const BUILT_IN: Record<string, string> = {
  [INFRA.id]: 'kube-*, calico-*, hosts and their like',
  [DNS.id]: 'Lookups at port 53 in the cluster',
};

/** What it is for, and whose it is where it is somebody else's. */
function noteOf(layer: SavedLayer | string): string {
  if (typeof layer === 'string') return BUILT_IN[layer] ?? '';
  const whose = layer.editable ? (layer.shared ? 'Shared' : null) : `By ${visible(layer.owner ?? 'nobody')}`;
  const holds = [
    layer.members.length ? plural(layer.members.length, 'member') : null,
    layer.filter ? 'a filter' : null,
  ].filter(Boolean);
  return [visible(layer.description) || holds.join(' and '), whose].filter(Boolean).join(' · ');
}
