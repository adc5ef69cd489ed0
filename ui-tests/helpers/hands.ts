/** What a user presses in the editor of a list. */
import type { Locator, Page } from '@playwright/test';

import { expect, type Lab } from './lab';
import type { Editor } from './savu';

/** The hands of a user: what is pressed and where. */
export class Hands {
  constructor(
    readonly lab: Lab,
    readonly editor: Editor
  ) {}

  get page(): Page {
    return this.lab.page;
  }

  get search(): Locator {
    return this.page.getByRole('combobox', { name: /^Find a plugin/ });
  }

  sheet(title: string | RegExp): Locator {
    return this.page.getByRole('region', { name: title });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** Presses a key again and again until something is the case. */
  async pressUntil(key: string, reached: () => Promise<void>): Promise<void> {
    await expect(async () => {
      await this.press(key);
      await reached();
    }).toPass({ intervals: [0] });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Puts the focus on a plugin. */
  async at(position: number): Promise<void> {
    await this.editor.plugins.focus();
    await this.press('Home');
    for (let step = 1; step < position; step++) {
      await this.press('ArrowDown');
    }
  }

  async click(button: string): Promise<void> {
    await this.editor.button(button).click();
  }

  /** Chooses from the menu with what concerns the whole list. */
  async more(item: string): Promise<void> {
    await this.click('More');
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** The same by keyboard: menus go to the item that begins with a letter. */
  async moreByKeys(item: string): Promise<void> {
    await this.editor.button('More').focus();
    await this.press('Enter');
    const wanted = this.page.getByRole('menuitem', { name: item });
    await expect(wanted).toBeVisible();
    await this.pressUntil('ArrowDown', () =>
      expect(wanted).toHaveClass(/lm-mod-active/, { timeout: 100 })
    );
    await this.press('Enter');
  }

  async contextMenu(plugin: string, item: string): Promise<void> {
    await this.editor.plugin(plugin).click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  dialog(): Locator {
    return this.page.getByRole('dialog');
  }
}
