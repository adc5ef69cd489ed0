import type { TranslationBundle } from '@jupyterlab/translation';
import React, { memo, useCallback, useEffect, useId, useRef } from 'react';

import type { IPlugin, IPluginFacts, IProblem } from '../../api';
import { resultsOf } from '../checks';
import { copy, cut, paste } from '../clipboard';
import type { ListEditor, Overlay } from '../editor';
import type { IGroup } from '../groups';
import { repeat, repeatable, repeatNoMore } from '../repeating';
import type { SelectMode } from '../selection';
import { isTuned, sameValue, toText } from '../values';
import { hint } from './buttons';
import { openMenu } from '../../menu';
import { worst } from './problems';
import { Switch } from './switch';

/** As in the style sheet: the switches lie beside the cards, not in them. */
export const ROW_HEIGHT = 46;
const BRACKET_MARGIN = 8;

export interface ICardsProps {
  editor: ListEditor;
  /** Takes the keyboard to the parameters of the selected plugin. */
  onEnter: () => void;
}

/** The plugins as cards, in their order. */
export function Cards(props: ICardsProps): JSX.Element {
  const { editor } = props;
  const { trans, catalogue } = editor.services;
  const { plugins, groups } = editor.list;
  const { selected, selection, isReadOnly } = editor;
  const listbox = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    listbox.current
      ?.querySelector('.jp-mod-active')
      ?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const onSelect = useCallback(
    (index: number, mode: SelectMode) => {
      editor.select(index, mode);
      listbox.current?.focus();
    },
    [editor]
  );

  const onToggle = useCallback(
    (index: number) => editor.toggle(index),
    [editor]
  );

  return (
    <div
      className="jp-SavuList-cards jp-SavuList-plugins"
      data-lm-dragscroll="true"
    >
      <div
        className={`jp-SavuList-rows ${groups.length > 0 ? 'jp-mod-grouped' : ''}`}
        style={{ height: plugins.length * ROW_HEIGHT }}
      >
        <div
          ref={listbox}
          role="listbox"
          aria-label={trans.__('Plugins')}
          aria-multiselectable={true}
          aria-activedescendant={`${id}-${selected}`}
          tabIndex={0}
          className="jp-SavuList-listbox"
          onKeyDown={event => onKeyDown(event, props)}
        >
          {plugins.map((plugin, index) => (
            <Card
              key={index}
              id={`${id}-${index}`}
              index={index}
              plugin={plugin}
              facts={catalogue.facts(plugin.name)}
              problems={editor.problemsOf(index)}
              results={resultsOf(
                editor.checks.tunings.filter(one => one.plugin === index)
              )}
              isActive={index === selected}
              isSelected={selection.includes(index)}
              trans={trans}
              onSelect={onSelect}
            />
          ))}
        </div>
        {plugins.map(({ name, active }, index) => (
          <PluginSwitch
            key={index}
            index={index}
            name={name}
            isOn={active}
            isReadOnly={isReadOnly}
            trans={trans}
            onToggle={onToggle}
          />
        ))}
        {groups.map((group, index) => (
          <Bracket key={index} group={group} editor={editor} />
        ))}
        <div className="jp-SavuList-dropLine" />
      </div>
    </div>
  );
}

interface IPluginSwitchProps {
  index: number;
  name: string;
  isOn: boolean;
  isReadOnly: boolean;
  trans: TranslationBundle;
  onToggle: (index: number) => void;
}

const PluginSwitch = memo(function PluginSwitch(
  props: IPluginSwitchProps
): JSX.Element {
  const { index, name, isOn, isReadOnly, trans, onToggle } = props;
  const label = trans.__('%1 on', name);
  return (
    <div className="jp-SavuList-switch" style={{ top: index * ROW_HEIGHT }}>
      <Switch
        label={label}
        title={hint(label, trans.__('Space'), 'set')}
        checked={isOn}
        disabled={isReadOnly}
        tabIndex={-1}
        onChange={() => onToggle(index)}
      />
    </div>
  );
});

interface ICardProps {
  id: string;
  index: number;
  plugin: IPlugin;
  /** Null for an unknown plugin, undefined while it is looked up. */
  facts: IPluginFacts | null | undefined;
  problems: readonly IProblem[];
  /** How many results it makes of one, by tuned parameters. */
  results: number;
  /** Whether its parameters are shown. */
  isActive: boolean;
  isSelected: boolean;
  trans: TranslationBundle;
  onSelect: (index: number, mode: SelectMode) => void;
}

/** Drawn again only when something of it has changed. */
const Card = memo(function Card(props: ICardProps): JSX.Element {
  const { plugin, facts, problems, trans } = props;
  const severity = worst(problems);
  const classes = ['jp-SavuCard'];
  if (!plugin.active) {
    classes.push('jp-mod-off');
  }
  if (props.isActive) {
    classes.push('jp-mod-active');
  }
  const summary = facts ? changes(plugin, facts) : '';
  const tuned = props.results > 1 ? trans.__('%1 values', props.results) : '';
  const remarks = [
    plugin.active ? '' : trans.__('off'),
    facts === null ? trans.__('unknown plugin') : ''
  ].filter(Boolean);
  return (
    <div
      id={props.id}
      role="option"
      aria-label={`${plugin.position} ${plugin.name}`}
      aria-description={[...remarks, tuned, summary].filter(Boolean).join(', ')}
      aria-selected={props.isSelected}
      className={classes.join(' ')}
      title={problems.map(({ message }) => message).join('\n') || undefined}
      onClick={event => props.onSelect(props.index, modeOf(event))}
      onContextMenu={() => {
        if (!props.isSelected) {
          props.onSelect(props.index, 'only');
        }
      }}
    >
      <span className="jp-SavuCard-number">{plugin.position}</span>
      <span className="jp-SavuCard-body">
        <span className="jp-SavuCard-line">
          <span className="jp-SavuCard-name">{plugin.name}</span>
          {remarks.map(remark => (
            <span key={remark} className="jp-SavuCard-remark">
              {remark}
            </span>
          ))}
          {tuned && <span className="jp-SavuBadge">{tuned}</span>}
          {severity && (
            <span className={`jp-SavuCard-problems jp-mod-${severity}`}>
              ⚠ {problems.length}
            </span>
          )}
        </span>
        <span className="jp-SavuCard-changes">
          {summary ||
            (facts === null
              ? trans.__('kept as it is in the file')
              : trans.__('default values'))}
        </span>
      </span>
    </div>
  );
});

/** The parameters that differ from their defaults, tuned ones first. */
function changes(plugin: IPlugin, facts: IPluginFacts): string {
  const shown = facts.parameters
    .filter(({ name, default: normal, visibility }) => {
      const value = plugin.parameters[name];
      return (
        visibility !== 'hidden' &&
        value !== undefined &&
        !sameValue(value, normal)
      );
    })
    .map(({ name, dtype }) => {
      const value = plugin.parameters[name];
      return { name, text: toText(value, dtype), tuned: isTuned(value, dtype) };
    });
  return [...shown.filter(one => one.tuned), ...shown.filter(one => !one.tuned)]
    .map(({ name, text }) => `${name} ${text}`)
    .join(' · ');
}

/** Marks plugins that are repeated, and changes how often. */
function Bracket(props: { group: IGroup; editor: ListEditor }): JSX.Element {
  const { group, editor } = props;
  const { start, end, iterations } = group;
  const { trans } = editor.services;
  const label = trans.__(
    'Plugins %1 to %2 are repeated %3 times',
    start,
    end,
    iterations
  );
  return (
    <div
      className="jp-SavuList-bracket"
      style={{
        top: (start - 1) * ROW_HEIGHT,
        height: (end - start + 1) * ROW_HEIGHT - BRACKET_MARGIN
      }}
    >
      <button
        type="button"
        className="jp-SavuList-repeats"
        aria-label={label}
        aria-haspopup="menu"
        title={hint(label, 'R', 'iterate')}
        disabled={editor.isReadOnly}
        onClick={event =>
          openMenu(event.currentTarget, [
            {
              label: trans.__('Change the Number…'),
              run: () => void repeat(editor, group)
            },
            {
              label: trans.__('Repeat No More'),
              run: () => repeatNoMore(editor, group)
            }
          ])
        }
      >
        × {iterations}
      </button>
    </div>
  );
}

function modeOf(event: React.MouseEvent): SelectMode {
  if (event.shiftKey) {
    return 'range';
  }
  return event.ctrlKey || event.metaKey ? 'toggle' : 'only';
}

function onKeyDown(event: React.KeyboardEvent, props: ICardsProps): void {
  const { editor } = props;
  const actions =
    event.ctrlKey || event.metaKey
      ? clipboardKeys(editor)
      : listKeys(event, props);
  const action = actions[event.key];
  if (action) {
    event.preventDefault();
    event.stopPropagation();
    action();
  }
}

type Keys = Readonly<Record<string, () => void>>;

function clipboardKeys(editor: ListEditor): Keys {
  return {
    a: () => editor.selectAll(),
    c: () => copy(editor),
    x: () => !editor.isReadOnly && cut(editor),
    v: () => !editor.isReadOnly && paste(editor)
  };
}

function listKeys(event: React.KeyboardEvent, props: ICardsProps): Keys {
  const { editor, onEnter } = props;
  const { selected, isReadOnly } = editor;
  const last = editor.list.length - 1;
  const edit = (change: () => void) => () => {
    if (!isReadOnly && selected >= 0) {
      change();
    }
  };
  const go = (to: number, move: () => void) =>
    event.altKey
      ? edit(move)
      : () => editor.select(to, event.shiftKey ? 'range' : 'only');
  const show = (overlay: Overlay) => () => {
    const isEdit = overlay === 'add' || overlay === 'replace';
    if (!isEdit || !isReadOnly) {
      editor.overlay = overlay;
    }
  };
  const remove = edit(() => editor.remove());
  return {
    ArrowDown: go(selected + 1, () => editor.shift(1)),
    ArrowUp: go(selected - 1, () => editor.shift(-1)),
    Home: go(0, () => editor.move(0)),
    End: go(last, () => editor.move(last)),
    ' ': edit(() => editor.toggleSelection()),
    Delete: remove,
    Backspace: remove,
    d: edit(() => editor.duplicate()),
    r: edit(() => {
      const group = repeatable(editor);
      if (group) {
        void repeat(editor, group);
      }
    }),
    a: show('add'),
    R: show('replace'),
    c: show('citations'),
    h: show('history'),
    '?': show('help'),
    Enter: onEnter
  };
}
