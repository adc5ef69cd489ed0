import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { type ISignal, Signal } from '@lumino/signaling';

import { LEVELS, type Level } from './values';

/** What the user prefers in all lists; kept in JupyterLab's settings. */
export class Preferences {
  constructor(settings: Promise<ISettingRegistry.ISettings> | null) {
    void settings?.then(
      loaded => {
        this._settings = loaded;
        loaded.changed.connect(this._read, this);
        this._read();
      },
      error => console.warn('The settings could not be loaded.', error)
    );
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** How many of a plugin's parameters are shown. */
  get level(): Level {
    return this._level;
  }

  setLevel(level: Level): void {
    this._level = level;
    this._changed.emit();
    void this._settings?.set('level', level);
  }

  private _read(): void {
    const level = this._settings?.composite.level as Level | undefined;
    if (level && LEVELS.includes(level) && level !== this._level) {
      this._level = level;
      this._changed.emit();
    }
  }

  private _settings: ISettingRegistry.ISettings | null = null;
  private _level: Level = 'basic';
  private readonly _changed = new Signal<this, void>(this);
}
