import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

export interface IMenuItem {
  label: string;
  isEnabled?: boolean;
  run: () => void;
}

/** Opens a menu below a button, which has the focus again when the menu closes. */
export function openMenu(
  button: HTMLElement,
  items: readonly IMenuItem[]
): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  items.forEach(({ label, isEnabled = true, run }, index) => {
    const command = String(index);
    commands.addCommand(command, {
      label,
      isEnabled: () => isEnabled,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: run
    });
    menu.addItem({ command });
  });
  menu.aboutToClose.connect(() => button.focus());
  const { left, bottom } = button.getBoundingClientRect();
  menu.open(left, bottom);
}
