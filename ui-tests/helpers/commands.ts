/** How the commands of savu_config are done in the editor, by mouse and by keyboard. */
import type { Hands } from './hands';
import { expect } from './lab';

export const LIST = 'demo_fbp.nxs';
export const DEMO = [
  '1 NxtomoLoader',
  '2 DarkFlatFieldCorrection',
  '3 RingRemovalSorting',
  '4 VoCentering',
  '5 AstraReconCpu'
];

type Way = (hands: Hands) => Promise<void>;

interface ICommand {
  mouse: Way;
  keyboard: Way;
}

/** A command that edits, with the lines that do the same in the shell. */
interface IEdit extends ICommand {
  lines: string[];
}

/** A command that shows something, with what is to be seen. */
interface IView extends ICommand {
  seen: Way;
}

export const EDITS: Record<string, IEdit> = {
  add: {
    lines: ['add MedianFilter 4'],
    mouse: async hands => {
      await hands.editor.plugin('RingRemovalSorting').click();
      await hands.click('Add plugin');
      await hands.search.fill('medain');
      await hands.page
        .getByRole('option', { name: /^MedianFilter embedded/ })
        .click();
    },
    keyboard: async hands => {
      await hands.at(3);
      await hands.press('a');
      await expect(hands.search).toBeFocused();
      await hands.type('medain');
      await hands.press('Enter');
    }
  },
  mod: {
    lines: ['mod 5.centre_of_rotation 84.5'],
    mouse: async hands => {
      await hands.editor.plugin('AstraReconCpu').click();
      await hands.editor.parameter('centre_of_rotation').fill('84.5');
    },
    keyboard: async hands => {
      await hands.at(5);
      await hands.press('Enter');
      await expect(hands.editor.parameter('centre_of_rotation')).toBeFocused();
      await hands.press('ControlOrMeta+a');
      await hands.type('84.5');
    }
  },
  'mod -g': {
    lines: ['mod -g preview [:,5:15,:]'],
    mouse: async hands => {
      await hands.more('Set in All Plugins…');
      await hands
        .dialog()
        .getByRole('combobox')
        .selectOption('preview (3 plugins)');
      await hands.dialog().getByRole('button', { name: 'Next' }).click();
      await hands.dialog().getByRole('textbox').fill('[:,5:15,:]');
      await hands
        .dialog()
        .getByRole('button', { name: 'Set', exact: true })
        .click();
    },
    keyboard: async hands => {
      await hands.moreByKeys('Set in All Plugins…');
      await expect(hands.dialog().getByRole('combobox')).toBeFocused();
      await hands.type('preview');
      await hands.dialog().getByRole('button', { name: 'Next' }).focus();
      await hands.press('Enter');
      await expect(hands.dialog().getByRole('textbox')).toBeFocused();
      await hands.press('ControlOrMeta+a');
      await hands.type('[:,5:15,:]');
      await hands.press('Enter');
    }
  },
  set: {
    lines: ['set 4 off'],
    mouse: async hands => {
      await hands.page.getByRole('switch', { name: 'VoCentering on' }).click();
    },
    keyboard: async hands => {
      await hands.at(4);
      await hands.press('Space');
    }
  },
  move: {
    lines: ['move 4 2'],
    mouse: async ({ editor, page }) => {
      const from = (await editor.plugin('VoCentering').boundingBox())!;
      const to = (await editor.plugin('2 DarkFlat').boundingBox())!;
      await page.mouse.move(from.x + 80, from.y + from.height / 2);
      await page.mouse.down();
      await page.mouse.move(to.x + 80, to.y + 4, { steps: 4 });
      await expect(page.locator('.jp-SavuList-dropLine')).toBeVisible();
      await page.mouse.up();
    },
    keyboard: async hands => {
      await hands.at(4);
      await hands.press('Alt+ArrowUp', 'Alt+ArrowUp');
    }
  },
  rem: {
    lines: ['rem 2 3'],
    mouse: async hands => {
      await hands.editor.plugin('DarkFlatFieldCorrection').click();
      await hands.editor
        .plugin('RingRemovalSorting')
        .click({ modifiers: ['Shift'] });
      await hands.click('Remove 2 plugins');
    },
    keyboard: async hands => {
      await hands.at(2);
      await hands.press('Shift+ArrowDown', 'Delete');
    }
  },
  dupl: {
    lines: ['dupl 3 4'],
    mouse: async hands => {
      await hands.editor.plugin('RingRemovalSorting').click();
      await hands.click('Duplicate RingRemovalSorting');
    },
    keyboard: async hands => {
      await hands.at(3);
      await hands.press('d');
    }
  },
  replace: {
    lines: ['replace 3 RingRemovalFitting'],
    mouse: async hands => {
      await hands.editor.plugin('RingRemovalSorting').click();
      await hands.click('Replace RingRemovalSorting');
      await hands.search.fill('ringremfit');
      await hands.page.getByRole('option', { name: /Fitting/ }).click();
    },
    keyboard: async hands => {
      await hands.at(3);
      await hands.press('Shift+R');
      await expect(hands.search).toBeFocused();
      await hands.type('ringremfit');
      await hands.press('Enter');
    }
  },
  ref: {
    lines: ['mod 5.centre_of_rotation 9', 'set 5 off', 'ref 5 -d'],
    mouse: async hands => {
      await hands.editor.plugin('AstraReconCpu').click();
      await hands.editor.parameter('centre_of_rotation').fill('9');
      await hands.page
        .getByRole('switch', { name: 'AstraReconCpu on' })
        .click();
      await hands.contextMenu('AstraReconCpu', 'Reset to Defaults');
    },
    keyboard: async hands => {
      await hands.at(5);
      await hands.press('Enter');
      await expect(hands.editor.parameter('centre_of_rotation')).toBeFocused();
      await hands.press('ControlOrMeta+a');
      await hands.type('9');
      await hands.press('Escape', 'Space', 'Shift+F10');
      const item = hands.page.getByRole('menuitem', {
        name: 'Reset to Defaults'
      });
      await hands.pressUntil('ArrowDown', () =>
        expect(item).toHaveClass(/lm-mod-active/, { timeout: 100 })
      );
      await hands.press('Enter');
    }
  },
  expand: {
    lines: ['mod 1.preview [:,4:8,:]'],
    mouse: async hands => {
      await hands.editor.plugin('NxtomoLoader').click();
      const part = (name: string) =>
        hands.page
          .getByRole('group', { name: 'preview' })
          .getByRole('textbox', { name: `detector_y ${name}` });
      await part('start').fill('4');
      await part('stop').fill('8');
    },
    keyboard: async hands => {
      await hands.at(1);
      const first = hands.page.getByRole('textbox', {
        name: 'preview rotation_angle start'
      });
      await expect(first).toBeVisible();
      await hands.press('Enter');
      await expect(first).toBeFocused();
      // the four parts of the first dimension
      await hands.press('Tab', 'Tab', 'Tab', 'Tab');
      await hands.type('4');
      await hands.press('Tab');
      await hands.type('8');
    }
  },
  iterate: {
    lines: ['iterate --set 2 3 4'],
    mouse: async hands => {
      await hands.editor.plugin('DarkFlatFieldCorrection').click();
      await hands.editor
        .plugin('RingRemovalSorting')
        .click({ modifiers: ['Shift'] });
      await hands.contextMenu('RingRemovalSorting', 'Repeat 2 Plugins…');
      await hands.dialog().getByRole('spinbutton').fill('4');
      await hands.dialog().getByRole('button', { name: 'Repeat' }).click();
    },
    keyboard: async hands => {
      await hands.at(2);
      await hands.press('Shift+ArrowDown', 'r');
      await expect(hands.dialog().getByRole('spinbutton')).toBeFocused();
      await hands.press('ControlOrMeta+a');
      await hands.type('4');
      await hands.press('Enter');
    }
  },
  clear: {
    lines: ['clear'],
    mouse: async hands => {
      await hands.more('Clear…');
      await hands.dialog().getByRole('button', { name: 'Clear' }).click();
    },
    keyboard: async hands => {
      await hands.moreByKeys('Clear…');
      await expect(hands.dialog()).toBeVisible();
      await hands.press('Enter');
    }
  }
};
export const VIEWS: Record<string, IView> = {
  disp: {
    mouse: async hands => hands.editor.plugin('VoCentering').click(),
    keyboard: async hands => hands.at(4),
    seen: async hands => {
      expect(await hands.editor.names()).toEqual(DEMO);
      await expect(hands.sheet('Parameters of 4 VoCentering')).toBeVisible();
    }
  },
  list: {
    mouse: async hands => {
      await hands.click('Add plugin');
      await hands.search.fill('vocen');
    },
    keyboard: async hands => {
      await hands.at(1);
      await hands.press('a');
      await expect(hands.search).toBeFocused();
      await hands.type('vocen');
    },
    seen: async hands => {
      const about = hands.sheet('About VoCentering');
      await expect(about).toContainText('centre');
      await expect(about).toContainText('centering');
      await expect(about).toContainText('embedded');
    }
  },
  coll: {
    mouse: async hands => {
      await hands.click('Add plugin');
      await hands.page.getByLabel('Category').selectOption('centering');
    },
    keyboard: async hands => {
      await hands.at(1);
      await hands.press('a');
      await expect(hands.search).toBeFocused();
      await hands.press('Tab');
      await hands.type('centering');
    },
    seen: async hands => {
      const found = hands.page
        .getByRole('listbox', { name: 'Find a plugin' })
        .getByRole('option');
      await expect(found).toHaveCount(2);
      await expect(found.filter({ hasText: 'VoCentering' })).toHaveCount(1);
    }
  },
  cite: {
    mouse: async hands => hands.more('Citations'),
    keyboard: async hands => {
      await hands.at(1);
      await hands.press('c');
    },
    seen: async hands => {
      await expect(
        hands.sheet('Citations').getByRole('link', { name: /24\.025129/ })
      ).toHaveAttribute('href', 'https://doi.org/10.1364/OE.24.025129');
    }
  },
  level: {
    mouse: async hands => {
      await hands.editor.parameter('Level').selectOption('Intermediate');
    },
    keyboard: async hands => {
      await hands.editor.parameter('Level').focus();
      await hands.press('i');
    },
    seen: async hands => {
      await hands.at(5);
      await expect(hands.editor.parameter('FBP_filter')).toBeVisible();
      await hands.editor.parameter('Level').selectOption('Basic');
      await expect(hands.editor.parameter('FBP_filter')).toHaveCount(0);
    }
  },
  help: {
    mouse: async hands => hands.more('Keys and savu_config Commands'),
    keyboard: async hands => {
      await hands.at(1);
      await hands.press('?');
    },
    seen: async hands => {
      const help = hands.sheet('Keys, and the commands of savu_config');
      for (const command of COMMANDS) {
        await expect(help).toContainText(command);
      }
    }
  },
  history: {
    mouse: async hands => {
      await hands.page.getByRole('switch', { name: 'VoCentering on' }).click();
      await hands.more('History');
      await hands
        .sheet('History')
        .getByRole('button', { name: 'as opened' })
        .click();
    },
    keyboard: async hands => {
      await hands.at(4);
      await hands.press('Space', 'h');
      await expect(hands.sheet('History')).toContainText('set 4 off');
      const step = hands
        .sheet('History')
        .getByRole('button', { name: 'as opened' });
      await hands.pressUntil('Tab', () =>
        expect(step).toBeFocused({ timeout: 100 })
      );
      await hands.press('Enter');
    },
    seen: async hands => {
      await expect(hands.sheet('History')).toContainText('set 4 offundone');
      await expect(
        hands.page.getByRole('switch', { name: 'VoCentering on' })
      ).toBeChecked();
    }
  }
};

export const COMMANDS = [
  ...Object.keys(EDITS).filter(name => name !== 'mod -g'),
  ...Object.keys(VIEWS),
  'open',
  'save',
  'exit'
];
