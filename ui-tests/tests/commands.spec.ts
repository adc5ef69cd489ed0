/**
 * Each of the 21 commands of savu_config, once by mouse and once by keyboard.
 *
 * What edits a list is saved, and the file compared with what the same command
 * makes of it in the shell.
 */
import { COMMANDS, DEMO, EDITS, LIST, VIEWS } from '../helpers/commands';
import { afterCommands, meaning } from '../helpers/configurator';
import { Hands } from '../helpers/hands';
import { expect, test } from '../helpers/lab';
import { Editor, storedList } from '../helpers/savu';

for (const way of ['mouse', 'keyboard'] as const) {
  test(`the commands of savu_config by ${way}`, async ({ lab }) => {
    test.slow();
    const { page } = lab;
    await lab.open('');
    const editor = new Editor(page);
    const hands = new Hands(lab, editor);
    const tab = lab.tab(LIST);
    const lines = Object.entries(EDITS).map(([name, one]) => [name, one.lines]);
    const expected = afterCommands(lab.file(LIST), Object.fromEntries(lines));

    await test.step('open', async () => {
      if (way === 'mouse') {
        await page
          .getByRole('region', { name: 'File Browser Section' })
          .getByText(LIST, { exact: true })
          .dblclick();
      } else {
        await lab.command('Open from Path');
        await expect(hands.dialog().getByRole('textbox')).toBeFocused();
        await hands.type(lab.path(LIST));
        await hands.press('Enter');
      }
      await expect(editor.plugin('1 NxtomoLoader')).toBeVisible();
    });

    for (const [name, command] of Object.entries(VIEWS)) {
      await test.step(name, async () => {
        await command[way](hands);
        await command.seen(hands);
        await hands.press('Escape');
        await expect(
          hands.sheet(/^About|^Citations|^History|^Keys/)
        ).toHaveCount(0);
      });
    }

    for (const [name, command] of Object.entries(EDITS)) {
      await test.step(`${name}, and save`, async () => {
        await command[way](hands);
        await expect(tab).toHaveClass(/jp-mod-dirty/);
        if (way === 'mouse') {
          await page.getByRole('menuitem', { name: 'File' }).click();
          await page
            .getByRole('menuitem', { name: /^Save NeXus File\b(?! As)/ })
            .click();
        } else {
          // JupyterLab passes over a save while it ends the one before.
          await hands.pressUntil('ControlOrMeta+s', () =>
            expect(tab).not.toHaveClass(/jp-mod-dirty/, { timeout: 1000 })
          );
        }
        await expect(tab).not.toHaveClass(/jp-mod-dirty/);
        expect(meaning(await storedList(lab, lab.path(LIST)))).toEqual(
          meaning(expected[name])
        );
        const undo = editor.button('Undo');
        while (await undo.isEnabled()) {
          await undo.click();
        }
        expect(await editor.names()).toEqual(DEMO);
      });
    }

    await test.step('exit', async () => {
      if (way === 'mouse') {
        await tab.locator('.lm-TabBar-tabCloseIcon').click();
      } else {
        await editor.plugins.focus();
        await hands.press('Alt+w');
      }
      await expect(hands.dialog()).toContainText('Save your work');
      await hands.dialog().getByRole('button', { name: 'Discard' }).click();
      await expect(tab).toHaveCount(0);
    });
  });
}

test('all 21 commands are here', () => {
  expect(new Set(COMMANDS)).toHaveProperty('size', 21);
});
