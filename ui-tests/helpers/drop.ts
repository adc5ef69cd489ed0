/** Drops files from the disk on an element, as a file manager does. */
import { expect, type Locator } from '@playwright/test';

export async function dropFiles(
  target: Locator,
  files: readonly string[]
): Promise<void> {
  const input = await target.page().evaluateHandle(() => {
    const made = document.createElement('input');
    made.type = 'file';
    made.multiple = true;
    document.body.append(made);
    return made;
  });
  await input.setInputFiles([...files]);
  const dataTransfer = await input.evaluateHandle(made => {
    const data = new DataTransfer();
    for (const file of made.files ?? []) {
      data.items.add(file);
    }
    made.remove();
    return data;
  });
  await target.dispatchEvent('dragenter', { dataTransfer });
  await target.dispatchEvent('dragover', { dataTransfer });
  await expect(
    target.page().getByText('Drop to look at it in this browser.')
  ).toBeVisible();
  await target.dispatchEvent('drop', { dataTransfer });
}
