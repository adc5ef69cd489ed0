/** Hands a file to the browser, which keeps it where downloads go. */
export function download(blob: Blob, name: string): void {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  // The browser has taken the address by then.
  window.setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}
