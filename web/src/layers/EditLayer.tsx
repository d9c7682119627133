import { Modal } from '@mantine/core';
import { IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { SavedLayer } from '../api/layers';
import { kindWord, visible } from '../domain/names';
import { type LayerMember, layerDocument, memberFrom, memberWords, sameMember } from './layer';
import type { Layers } from './use-layers';

interface Props {
  /** What is changed; null makes a new one. */
  layer: SavedLayer | null;
  /** What it holds to begin with. */
  members: readonly LayerMember[];
  layers: Layers;
  onSaved: () => void;
  onDeleted: (id: string) => void;
  onClose: () => void;
}

/** A layer's name, members and filter. */
export function EditLayer({ layer, members: first, layers, onSaved, onDeleted, onClose }: Props) {
  const [title, setTitle] = useState(layer?.title ?? '');
  const [description, setDescription] = useState(layer?.description ?? '');
  const [filter, setFilter] = useState(layer?.filter ?? '');
  const [shared, setShared] = useState(layer?.shared ?? false);
  const [members, setMembers] = useState(first);
  const [adding, setAdding] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [sure, setSure] = useState(false);
  const added = memberFrom(adding);
  const withAdded =
    added && !members.some((member) => sameMember(member, added)) ? [...members, added] : members;
  const holds = withAdded.length > 0 || filter.trim() !== '';

  const add = () => {
    setMembers(withAdded);
    setAdding('');
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!title.trim() || !holds) return;
    const words = { title: title.trim(), description: description.trim(), filter: filter.trim() };
    const why = await layers.save(layerDocument(words, withAdded), shared, layer ?? undefined);
    setProblem(why);
    if (why !== null) return;
    onSaved();
    onClose();
  };
  const remove = async () => {
    if (!layer) return;
    if (!sure) return setSure(true);
    const why = await layers.remove(layer);
    setProblem(why);
    if (why !== null) return;
    onDeleted(layer.id);
    onClose();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={460}
      centered
      attributes={{ content: { 'aria-label': layer ? 'Change this layer' : 'New layer' } }}
      transitionProps={{ duration: 120 }}
    >
      <form className="edit-layer" onSubmit={submit}>
        <h2>{layer ? 'Change this layer' : 'New layer'}</h2>
        <p className="t2">Nodes and flows that are dimmed or hidden together. It holds names, no data.</p>
        <label>
          Title
          <input
            className="text-field"
            data-testid="layer-title"
            data-autofocus
            maxLength={120}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </label>
        <label>
          What it is for
          <input
            className="text-field"
            maxLength={300}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        <div className="layer-members">
          <span className="edit-label">Members</span>
          {members.length > 0 && (
            <ul>
              {members.map((member) => (
                <li key={JSON.stringify(member)} className="chip" data-testid="layer-member">
                  <span className="t3">{kindWord(member.kind)}</span>
                  <span className="cut">{memberWords(member)}</span>
                  <button
                    type="button"
                    aria-label={`Take out ${memberWords(member)}`}
                    title="Take it out"
                    onClick={() => setMembers(members.filter((each) => each !== member))}
                  >
                    <IconX size={12} stroke={2} aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <span className="layer-adding">
            <input
              className="text-field"
              aria-label="Add a namespace, or namespace/workload"
              placeholder="namespace, or namespace/workload; * is any part"
              data-testid="layer-add"
              value={adding}
              onChange={(event) => setAdding(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || !added) return;
                event.preventDefault();
                add();
              }}
            />
            <button type="button" className="button small" disabled={!added} onClick={add}>
              <IconPlus size={14} stroke={1.75} aria-hidden />
              Add
            </button>
          </span>
        </div>
        <label>
          Flows that belong to it (KQL)
          <input
            className="text-field mono"
            data-testid="layer-filter"
            placeholder="dest_port : 53"
            maxLength={8192}
            spellCheck={false}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </label>
        <label className="edit-shared">
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
          Everybody sees it, its names and its filter included
        </label>
        {problem && (
          <p className="deny-ink" role="alert">
            {visible(problem)}
          </p>
        )}
        <div className="edit-buttons">
          {layer && (
            <button
              type="button"
              className="button"
              data-testid="layer-delete"
              onClick={remove}
              onBlur={() => setSure(false)}
            >
              <IconTrash size={14} stroke={1.75} aria-hidden />
              {sure ? 'Press again to delete it' : 'Delete'}
            </button>
          )}
          <span className="top-space" />
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={!title.trim() || !holds}
            data-testid="layer-save"
          >
            Save
          </button>
        </div>
      </form>
    </Modal>
  );
}
