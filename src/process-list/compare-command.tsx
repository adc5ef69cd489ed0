import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, type WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import React from 'react';

import { type IPlace, JUPYTER_ROOT, type SavuClient } from '../api';
import { CommandIDs } from '../tokens';
import type { Catalogue } from './catalogue';
import { ComparisonModel, type ISide } from './comparing';
import { Comparison } from './components/comparison';
import { swapIcon } from './components/icons';
import type { NexusDocument } from './document';

export interface ICompareServices {
  client: SavuClient;
  catalogue: Catalogue;
  tracker: WidgetTracker<NexusDocument>;
  trans: TranslationBundle;
}

/** Adds the command that shows two lists side by side. */
export function addCompareCommand(
  { commands, shell }: JupyterFrontEnd,
  services: ICompareServices
): void {
  const { client, catalogue, trans } = services;
  let count = 0;
  const place = {
    type: 'object' as const,
    properties: {
      root: { type: 'string' as const },
      path: { type: 'string' as const },
      title: { type: 'string' as const },
      saved: { type: 'boolean' as const }
    }
  };
  commands.addCommand(CommandIDs.compareLists, {
    label: trans.__('Compare Process Lists'),
    caption: trans.__('Show two process lists side by side'),
    describedBy: {
      args: {
        type: 'object',
        properties: { left: place, right: place },
        required: ['left', 'right']
      }
    },
    execute: args => {
      const left = sideOf(args.left as unknown as IComparedList, services);
      const right = sideOf(args.right as unknown as IComparedList, services);
      const model = new ComparisonModel(client, left, right);
      const content = new ComparisonWidget(model, catalogue, trans);
      const widget = new MainAreaWidget({ content });
      widget.toolbar.hide();
      widget.id = `jp-savu-comparison-${count++}`;
      widget.title.label = trans.__('%1 ↔ %2', left.title, right.title);
      widget.title.caption = `${left.detail} ↔ ${right.detail}`;
      widget.title.icon = swapIcon;
      shell.add(widget, 'main');
      shell.activateById(widget.id);
      return widget;
    }
  });
}

/** What the command takes for each side. */
interface IComparedList extends IPlace {
  /** The name of the file without it. */
  title?: string;
  /** Whether to take what the file holds, even while it is being edited. */
  saved?: boolean;
}

/** A list that is open is compared as its editor shows it. */
function sideOf(
  { root = JUPYTER_ROOT, path, title, saved }: IComparedList,
  { client, tracker, trans }: ICompareServices
): ISide {
  const openEditor = () =>
    saved || root !== JUPYTER_ROOT
      ? null
      : (tracker.find(({ content }) => content.editor?.path === path)?.content
          .editor ?? null);
  const editor = openEditor();
  const name = title ?? PathExt.basename(path);
  return {
    title: saved ? trans.__('%1 as saved', name) : name,
    detail: root === JUPYTER_ROOT ? path : `${root}: ${path}`,
    changed: editor?.changed ?? null,
    read: async () =>
      openEditor()?.content ?? (await client.processList({ root, path })).list
  };
}

class ComparisonWidget extends ReactWidget {
  constructor(
    private readonly _model: ComparisonModel,
    private readonly _catalogue: Catalogue,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SavuCompare-widget');
    this.node.tabIndex = -1;
  }

  render(): JSX.Element {
    const props = {
      model: this._model,
      catalogue: this._catalogue,
      trans: this._trans
    };
    return (
      <UseSignal signal={this._catalogue.changed}>
        {() => (
          <UseSignal signal={this._model.changed}>
            {() => <Comparison {...props} />}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  dispose(): void {
    this._model.dispose();
    super.dispose();
  }
}
